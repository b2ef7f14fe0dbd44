import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import type { Lock } from '../../src/domain/blockers.ts';
import type { FailureDetail, FailureType } from '../../src/domain/failures.ts';
import type { Finding } from '../../src/domain/preflightReport.ts';
import { sampleOf } from '../../src/domain/samples.ts';
import type { GroupTags } from '../../src/domain/groupTags.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';

export type ActivityName = keyof Activities;

/** What an activity is asked for: its name and what it is about, like `ensureResource registry`. */
export type Label = ActivityName | `${ActivityName} ${string}`;

interface Call {
  label: string;
  activity: ActivityName;
  input: unknown;
}

/** What a scripted call does before its ordinary work: throws, or waits. */
export type Behaviour = () => void | Promise<void>;

export interface WorldResource {
  id: string;
  type: string;
  state: string;
}

/** What the jumpbox answers, unless a test says otherwise. */
const usualAnswers = (): CommandResults => ({
  setUp: { docker: '28.5.1' },
  buildImage: { image: 'crk3x9a0q7.azurecr.io/scoring@sha256:0', codePath: 'code/1', modelPath: 'model/1' },
  verify: {
    rows: [
      {
        name: 'scoring endpoint',
        url: 'https://inference.example/score',
        addresses: ['192.168.0.9'],
        status: 401,
        error: null,
      },
    ],
  },
  score: { status: 200, body: sampleOf('custom').expected, latencyMs: 12 },
});

/** One environment's Azure, in memory: what exists, what was called, and what is to go wrong. */
export function createWorld() {
  const calls: Call[] = [];
  const next = new Map<string, Behaviour[]>();
  const standing = new Map<string, Behaviour>();
  const called = (label: Label): boolean => calls.some((call) => call.label === label);

  return {
    calls,
    called,
    /** by id in lower case */
    resources: new Map<string, WorldResource>(),
    group: { exists: false, sealed: true, tags: {} as GroupTags },
    locks: [] as Lock[],
    /** a vault that was deleted and not yet purged */
    softDeletedVault: false,
    answers: usualAnswers(),
    /** what the preflight finds */
    findings: [] as Finding[],
    inputs: (label: Label): unknown[] => calls.filter((call) => call.label === label).map(({ input }) => input),
    /** Where a call is first in the log; throws when there is none. */
    position(label: Label): number {
      const index = calls.findIndex((call) => call.label === label);
      if (index < 0) throw new Error(`never called: ${label}`);
      return index;
    },
    /** The next calls do this, one each; the calls after them are ordinary. */
    script(label: Label, ...behaviours: Behaviour[]): void {
      next.set(label, [...(next.get(label) ?? []), ...behaviours]);
    },
    /** Every call does this, until another is set; `undefined`: ordinary again. */
    always(label: Label, behaviour: Behaviour | undefined): void {
      if (behaviour) standing.set(label, behaviour);
      else standing.delete(label);
    },
    async enter(activity: ActivityName, subject: string, input: unknown): Promise<void> {
      const label = subject === '' ? activity : `${activity} ${subject}`;
      calls.push({ label, activity, input });
      await (next.get(label)?.shift() ?? standing.get(label))?.();
    },
  };
}

export type World = ReturnType<typeof createWorld>;

interface FailingOptions {
  code?: string;
  remedy?: string;
  /** the operation is worth another try, at once */
  retry?: boolean;
  /** another operation was in the way */
  blockedByOperation?: boolean;
  /** the same request may be sent again */
  retryable?: boolean;
}

/** Fails as the activities do: with a failure type, and all that is told of it as first detail. */
export function failing(type: FailureType, message: string, options: FailingOptions = {}): Behaviour {
  const { code = type, remedy = '', retry = false, blockedByOperation = false, retryable = false } = options;
  const detail: FailureDetail = { type, code, message, remedy, correlationId: null };
  return () => {
    throw ApplicationFailure.create({
      message,
      type,
      nonRetryable: !retryable,
      details: retry ? [detail, { retry: true, afterMs: 1, blockedByOperation }] : [detail],
      nextRetryDelay: 20,
    });
  };
}

/** Azure is still at it. */
export const inProgress: Behaviour = failing('InProgress', 'Updating', { retryable: true });

/** Azure is at it until something else has happened. */
export const inProgressUntil =
  (happened: () => boolean): Behaviour =>
  () =>
    happened() ? undefined : inProgress();

/** A call that stays in flight until it is let go. */
export function gate(): { behaviour: Behaviour; reached: Promise<void>; open: () => void } {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    behaviour: () => {
      reached.resolve();
      return opened.promise;
    },
    reached: reached.promise,
    open: opened.resolve,
  };
}
