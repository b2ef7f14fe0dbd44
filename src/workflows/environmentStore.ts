import { isCancellation, log, setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { EnvironmentRecord, RunKind, RunRecord } from '../domain/environment.ts';
import type { GroupTags } from '../domain/groupTags.ts';
import { decide, stateAfter } from '../domain/lifecycle.ts';
import type { LifecycleEvent, LifecycleRequest, LifecycleStatus, LifecycleWork } from '../domain/lifecycle.ts';
import { runCounts } from '../domain/runCounts.ts';
import { activityOptions, armWrite } from './armActivities.ts';
import type { EnvironmentInput, PendingRequests, SignalDecision } from './messages.ts';
import { recordMemoKey, decisionsMemoKey, runsMemoKey, searchAttributes } from './messages.ts';
import { createMutex } from './mutex.ts';

const keptRuns = 20;
const keptDecisions = 20;

const notStarted: PendingRequests = {
  provision: false,
  verify: false,
  startTeardown: false,
  teardown: null,
  notifySweep: undefined,
  retryMinutes: 10,
};

/** The state of an environment's workflow, shown in its memo. A tag is written before the state that it records is shown. */
export function createStore(input: EnvironmentInput) {
  const { carried } = input;
  const record = deepCopy(carried?.record ?? input.record);
  const runs: RunRecord[] = [...(carried?.runs ?? input.runs ?? [])];
  const counts: Record<RunKind, number> = { ...(carried?.counts ?? runCounts(runs)) };
  const pending: PendingRequests = { ...notStarted, ...carried?.pending };
  const decisions: SignalDecision[] = [];
  const ref = { ...input.ref };
  /** protections that are accepted and not yet written to the tags */
  let protecting = 0;
  let known = input.recover !== true || carried !== undefined;

  function show(): void {
    upsertMemo({ [recordMemoKey]: record, [runsMemoKey]: runs });
    upsertSearchAttributes([
      { key: searchAttributes.state, value: record.state },
      { key: searchAttributes.expiresAt, value: new Date(record.lease.expiresAt) },
    ]);
    setCurrentDetails(detailsOf(record));
  }

  const status = (): LifecycleStatus => ({
    state: record.state,
    run: record.run?.kind ?? null,
    protected: record.lease.protected || protecting > 0,
    hasSpec: record.spec !== null,
    teardown: pending.teardown,
  });

  const oneAtATime = createMutex();
  /** One write at a time, so that the last one counts. */
  const tag = (tags: GroupTags): Promise<void> =>
    oneAtATime(() =>
      armWrite.tagGroup.executeWithOptions(activityOptions('resourceGroup', 'tag', 'group'), [{ ref, tags }]),
    );

  return {
    record,
    ref,
    pending,
    show,
    tag,
    status,
    /** false while the lease of a lost environment is being read from its group */
    isKnown: (): boolean => known,
    setKnown: (): void => void (known = true),
    /** Counts as protected while the tag is being written; a teardown that is requested meanwhile is refused. */
    async whileProtecting<T>(work: () => Promise<T>): Promise<T> {
      protecting += 1;
      try {
        return await work();
      } finally {
        protecting -= 1;
      }
    },
    /** Enters the state that follows the event. */
    async enter(event: LifecycleEvent, change: Partial<EnvironmentRecord> = {}): Promise<void> {
      const state = stateAfter[event];
      if (state !== 'deleted') await tag({ state }).catch(ignoreTagFailure);
      Object.assign(record, change, { state });
      show();
    },
    /** Decides about a signal and shows the decision. Returns the work to start; undefined where it is refused. */
    decideSignal(request: LifecycleRequest, requestId: string): LifecycleWork | undefined {
      const decision = decide(request, status());
      decisions.push({ requestId, refusal: decision.accepted ? null : decision.code });
      if (decisions.length > keptDecisions) decisions.shift();
      upsertMemo({ [decisionsMemoKey]: decisions });
      return decision.accepted ? decision.work : undefined;
    },
    beginRun(kind: RunKind): RunRecord {
      const run = { id: `${kind}-${++counts[kind]}`, kind, startedAt: new Date().toISOString(), finishedAt: null };
      const entry: RunRecord = { ...run, outcome: 'running', failure: null, receipt: null };
      record.run = run;
      runs.push(entry);
      if (runs.length > keptRuns) runs.shift();
      show();
      return entry;
    },
    endRun(entry: RunRecord, end: Pick<RunRecord, 'outcome' | 'failure' | 'receipt'>): void {
      Object.assign(entry, end, { finishedAt: new Date().toISOString() });
      record.run = null;
    },
    carried: () => ({ record, runs, counts, pending }),
  };
}

function detailsOf({ name, state, target, lease, run, failure }: EnvironmentRecord): string {
  return [
    `### ${name}: ${state}`,
    `Target **${target}**, lease until ${lease.expiresAt}.`,
    run ? `Run in progress: **${run.id}** since ${run.startedAt}.` : 'No run in progress.',
    ...(failure ? [`**${failure.type}** in ${failure.step ?? 'the run'}: ${failure.message}`, failure.remedy] : []),
  ].join('\n\n');
}

const deepCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A group that cannot be tagged, because it is foreign or locked, does not end its environment. */
export function ignoreTagFailure(error: unknown): void {
  if (isCancellation(error)) throw error;
  log.warn('tagging the resource group failed', { error });
}

export type EnvironmentStore = ReturnType<typeof createStore>;
