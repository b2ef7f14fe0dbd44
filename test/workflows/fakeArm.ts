import { outwardTargets } from '../../src/domain/insideProbe.ts';
import { rowsFrom } from '../../src/domain/proof.ts';
import type { InsideProbe } from '../../src/domain/insideProbe.ts';
import { isolatedServices } from '../../src/domain/isolatedServices.ts';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import type { Lock } from '../../src/domain/blockers.ts';
import type { PolicyChange } from '../../src/domain/environment.ts';
import type { FailureDetail, FailureType } from '../../src/domain/failures.ts';
import type { GroupTags } from '../../src/domain/groupTags.ts';
import type { Finding } from '../../src/domain/preflightReport.ts';
import { sampleOf } from '../../src/domain/samples.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';

/** An activity, or a half of one that starts an operation and polls it: `ensureResource` starts, `observeResource` polls. */
export type ActivityName = keyof Activities | HalfName;

type HalfName =
  | 'observeResource'
  | 'observeGroupDeletion'
  | 'observeVaultPurge'
  | 'beginJumpboxCommand'
  | 'observeJumpboxCommand';

/** An activity and the resource, role or command of the call, like `ensureResource registry`. */
export type CallLabel = ActivityName | `${ActivityName} ${string}`;

interface Call {
  label: string;
  activity: ActivityName;
  input: unknown;
}

/** Runs before a fake activity's own effect: throws to fail the call, or waits to delay it. */
export type Behaviour = () => void | Promise<void>;

export interface FakeResource {
  id: string;
  type: string;
  state: string;
}

/** When the proof's rows were observed. */
export const rowsAt = '2026-01-01T00:00:00.000Z';

const seenFrom = (name: string, seen: Partial<InsideProbe>): InsideProbe => ({
  name,
  addresses: ['20.1.2.3'],
  status: null,
  refusal: null,
  error: null,
  ...seen,
});

/** The results of jumpbox commands in a run that succeeds. */
const defaultCommandResults = (): CommandResults => ({
  setUp: { docker: '28.5.1' },
  buildImage: {
    image: 'crk3x9a0q7.azurecr.io/scoring@sha256:0',
    tag: 'crk3x9a0q7.azurecr.io/scoring:1',
    commit: '5fa318d36dfba6383ef2d5b03c3600193b289e73',
    baseImages: [{ name: 'python:3.12', digest: 'sha256:1', movedTo: null }],
    codePath: 'code/1',
    modelPath: 'model/1',
  },
  verify: {
    rows: [
      ...isolatedServices.map((name) => seenFrom(name, { addresses: ['192.168.0.9'], status: 401 })),
      ...outwardTargets.internet.map((name) => seenFrom(name, { error: 'curl: (28) Connection timed out' })),
      ...Object.keys(outwardTargets.tags).map((name) => seenFrom(name, { status: 200 })),
    ],
  },
  score: { status: 200, body: sampleOf('custom').expected ?? null, latencyMs: 12 },
  scoreSample: {
    status: 200,
    body: sampleOf('custom').expected ?? null,
    latencyMs: 12,
    bytes: 38,
    sha256: '0'.repeat(64),
    excerpt: JSON.stringify(sampleOf('custom').expected),
    comparison: { verdict: 'alike' },
  },
});

/** An in-memory ARM for one environment: its resources, a log of the activity calls, and injected failures. */
export function createFakeArm() {
  const calls: Call[] = [];
  const nextCalls = new Map<string, Behaviour[]>();
  const everyCall = new Map<string, Behaviour>();
  const called = (label: CallLabel): boolean => calls.some((call) => call.label === label);

  return {
    calls,
    called,
    /** by id in lower case */
    resources: new Map<string, FakeResource>(),
    group: { exists: false, sealed: true, tags: {} as GroupTags },
    locks: [] as Lock[],
    /** a vault was deleted and is not purged yet */
    softDeletedVault: false,
    containerLog: null as string | null,
    commandResults: defaultCommandResults(),
    /** what the proof sees from outside */
    outsideRows: rowsFrom('outside', rowsAt, [
      { check: 'scoring endpoint from outside', expected: 'refused', observed: 'refused with 403', verdict: 'passed' },
    ]),
    preflightFindings: [] as Finding[],
    /** what policies made stricter, reported when the resource is observed */
    policyChanges: [] as PolicyChange[],
    inputs: (label: CallLabel): unknown[] => calls.filter((call) => call.label === label).map(({ input }) => input),
    /** Index of the first such call in the log; throws when there is none. */
    firstIndexOf(label: CallLabel): number {
      const index = calls.findIndex((call) => call.label === label);
      if (index < 0) throw new Error(`never called: ${label}`);
      return index;
    },
    /** The next calls run these behaviours, one each; later calls succeed. */
    onNextCalls(label: CallLabel, ...behaviours: Behaviour[]): void {
      nextCalls.set(label, [...(nextCalls.get(label) ?? []), ...behaviours]);
    },
    /** Every call runs this behaviour until another one is set; `undefined` removes it. */
    onEveryCall(label: CallLabel, behaviour: Behaviour | undefined): void {
      if (behaviour) everyCall.set(label, behaviour);
      else everyCall.delete(label);
    },
    async recordCall(activity: ActivityName, subject: string, input: unknown): Promise<void> {
      const label = subject === '' ? activity : `${activity} ${subject}`;
      calls.push({ label, activity, input });
      await (nextCalls.get(label)?.shift() ?? everyCall.get(label))?.();
    },
  };
}

export type FakeArm = ReturnType<typeof createFakeArm>;

interface FailureOptions {
  code?: string;
  remedy?: string;
  /** the failure has a retry hint with a delay of 1 ms */
  retry?: boolean;
  /** the retry hint does not count as an attempt: another operation was in progress */
  blockedByOperation?: boolean;
  /** Temporal may retry the activity */
  retryable?: boolean;
}

/** Fails as the activities do: an ApplicationFailure of the type, with the failure detail as its first detail. */
export function failWith(type: FailureType, message: string, options: FailureOptions = {}): Behaviour {
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

/** The operation is still running. */
export const inProgress: Behaviour = failWith('InProgress', 'Updating', { retryable: true });

/** The operation is running until the condition is true. */
export const inProgressUntil =
  (condition: () => boolean): Behaviour =>
  () =>
    condition() ? undefined : inProgress();

/** A call that stays in flight until `release` is called. `reached` resolves when the call arrives. */
export function holdCall(): { behaviour: Behaviour; reached: Promise<void>; release: () => void } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    behaviour: () => {
      reached.resolve();
      return released.promise;
    },
    reached: reached.promise,
    release: released.resolve,
  };
}
