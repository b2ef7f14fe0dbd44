import { isCancellation, log, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { EnvironmentRecord, RunKind, RunRecord } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import type { GroupTags } from '../domain/groupTags.ts';
import { decide, stateAfter } from '../domain/lifecycle.ts';
import type { LifecycleEvent, LifecycleRequest, LifecycleStatus, LifecycleWork } from '../domain/lifecycle.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { runCounts } from '../domain/runCounts.ts';
import { activityOptions, armWrite } from './armActivities.ts';
import type { EnvironmentInput, KnownIsolation, PendingRequests, SignalDecision } from './messages.ts';
import { decisionsMemoKey, recordMemoKey, refMemoKey, runsMemoKey } from './messages.ts';
import { environmentAttributes } from './searchAttributes.ts';
import { createMemoBatch } from './memoBatch.ts';
import { createMutex } from './mutex.ts';
import { report } from './observations.ts';

/** Steps that cannot start before the workspace exists. */
const afterWorkspace: readonly (string | null)[] = ['image', 'endpoint', 'verify', 'score'] satisfies StepId[];

const keptRuns = 20;
/** Characters of JSON of all runs in the memo, which each change writes to the history: the oldest receipts are dropped. */
const keptCharacters = 200_000;
const keptDecisions = 20;

const nothingPending: PendingRequests = {
  provision: false,
  provisionBy: null,
  verify: false,
  verifyBy: null,
  verifyReplies: [],
  startTeardown: false,
  teardown: null,
  teardownBy: null,
  repeated: false,
  notifySweep: undefined,
  retryMinutes: 10,
};

/** The state of an environment's workflow, shown in its memo. A tag is written before the state that it records is shown. */
export class EnvironmentStore {
  readonly record: EnvironmentRecord;
  readonly ref: EnvironmentRef;
  readonly pending: PendingRequests;
  readonly knownIsolation: KnownIsolation;
  /** false while the lease of a lost environment is being read from its group */
  isKnown: boolean;
  /** the next execution is about to start: no update may begin */
  isContinuing = false;
  readonly #runs: RunRecord[];
  readonly #counts: Record<RunKind, number>;
  readonly #decisions: SignalDecision[] = [];
  readonly #oneAtATime = createMutex();
  readonly #memo = createMemoBatch(() => updateSearchAttributes(this.record));
  /** protections that are accepted and not yet written to the tags */
  #protecting = 0;

  constructor({ carried, record, runs, ref, recover = false }: EnvironmentInput) {
    this.record = deepCopy(carried?.record ?? record);
    this.ref = { ...ref };
    this.pending = { ...nothingPending, ...carried?.pending };
    this.knownIsolation = { broken: false, ...carried?.knownIsolation };
    this.isKnown = !recover || carried !== undefined;
    this.#runs = [...(carried?.runs ?? runs ?? [])];
    this.#counts = { ...(carried?.counts ?? runCounts(this.#runs)) };
  }

  /** What decisions about requests depend on. */
  get status(): LifecycleStatus {
    const { state, run, lease, spec } = this.record;
    return {
      state,
      run: run?.kind ?? null,
      protected: lease.protected || this.#protecting > 0,
      hasSpec: spec !== null,
      teardown: this.pending.teardown,
    };
  }

  show(): void {
    const { record } = this;
    this.#memo.set(recordMemoKey, record);
    this.#memo.set(runsMemoKey, this.#runs);
    setCurrentDetails(detailsOf(record));
  }

  /** Writes the last changes of the memo: to be called before the workflow ends or continues as new. */
  flush(): void {
    this.#memo.flush();
  }

  /** Location or suffix are known better than before. */
  updateRef(change: Partial<EnvironmentRef>): void {
    Object.assign(this.ref, change);
    this.#memo.set(refMemoKey, this.ref);
  }

  /** Writes tags to the group, one write at a time, so that the last one counts. `gone`: there is no group to write to. */
  tag(tags: GroupTags): Promise<{ gone: boolean }> {
    const options = activityOptions('resourceGroup', 'tag', 'group');
    return this.#oneAtATime(() => armWrite.tagGroup.executeWithOptions(options, [{ ref: this.ref, tags }]));
  }

  /** Enters the state that follows the event. */
  async enter(event: LifecycleEvent, change: Partial<EnvironmentRecord> = {}): Promise<void> {
    const state = stateAfter[event];
    // the first provisioning run writes its state with the other tags, once its group exists
    const hasGroup = state !== 'deleted' && (state !== 'provisioning' || this.#counts.provision > 0);
    if (hasGroup) await this.tag({ state }).catch(ignoreTagFailure);
    Object.assign(this.record, change, { state });
    this.show();
  }

  /** Counts as protected while the tag is being written; a teardown that is requested meanwhile is refused. */
  async whileProtecting<T>(work: () => Promise<T>): Promise<T> {
    this.#protecting += 1;
    try {
      return await work();
    } finally {
      this.#protecting -= 1;
    }
  }

  /** Decides about a signal and shows the decision, because a signal has no answer. Returns the work to start; undefined: refused. */
  decideSignal(request: LifecycleRequest, requestId: string): LifecycleWork | undefined {
    const decision = decide(request, this.status);
    this.#decisions.push({ requestId, refusal: decision.accepted ? null : decision.code });
    if (this.#decisions.length > keptDecisions) this.#decisions.shift();
    this.#memo.set(decisionsMemoKey, this.#decisions);
    return decision.accepted ? decision.work : undefined;
  }

  /** The teardown starts as soon as no run is in progress. `by`: who requested it; null: Moat itself. */
  setTeardown(reason: 'requested' | 'expiry', by: string | null): void {
    const repeated = this.pending.repeated || this.record.state === 'blocked';
    Object.assign(this.pending, { startTeardown: true, teardown: reason, teardownBy: by, repeated });
  }

  /** Whether a run got so far that the workspace must have existed. */
  get workspaceExisted(): boolean {
    return this.record.outputs.workspaceId !== undefined || this.#runs.some(hadWorkspace);
  }

  /** Whether it was to be adopted, and each of its runs was refused by the checks or cancelled: the group's tags show whether it was sealed. */
  get neverSealed(): boolean {
    const runs = this.#runs.filter(({ kind }) => kind === 'provision');
    const ended = runs.every(({ failure, outcome }) => failure?.step === 'preflight' || outcome === 'cancelled');
    return this.record.spec?.adopt === true && ended && runs.length === this.#counts.provision;
  }

  beginRun(kind: RunKind, requestedBy: string | null): RunRecord {
    const id = `${kind}-${++this.#counts[kind]}`;
    const run = { id, kind, startedAt: new Date().toISOString(), finishedAt: null, requestedBy };
    const entry: RunRecord = { ...run, outcome: 'running', failure: null, receipt: null };
    this.record.run = run;
    this.#runs.push(entry);
    if (this.#runs.length > keptRuns) this.#runs.shift();
    this.show();
    return entry;
  }

  endRun(entry: RunRecord, end: Pick<RunRecord, 'outcome' | 'failure' | 'receipt'>): void {
    Object.assign(entry, end, { finishedAt: new Date().toISOString() });
    this.record.run = null;
    reportRun(entry);
    for (const run of this.#runs) {
      if (JSON.stringify(this.#runs).length <= keptCharacters) break;
      if (run !== entry) run.receipt = null;
    }
  }

  /** For the next execution. */
  carried() {
    const { record, pending, knownIsolation } = this;
    return { record, runs: this.#runs, counts: this.#counts, pending, knownIsolation };
  }
}

/** For metrics and log. */
function reportRun({ id, kind, startedAt, outcome, failure }: RunRecord): void {
  const seconds = (Date.now() - Date.parse(startedAt)) / 1000;
  report.runEnded({ kind, outcome, seconds });
  const fields = { run: id, outcome, seconds: Math.round(seconds), ...(failure && logFields(failure)) };
  if (outcome === 'failed') log.warn(`run ${outcome}`, fields);
  else log.info(`run ${outcome}`, fields);
}

const logFields = ({ step, type, code, message, correlationId }: Failure): object => ({
  ...(step !== null && { step }),
  ...(correlationId !== null && { correlationId }),
  type,
  code,
  failure: message,
});

/** Writes the time, and the search attributes that differ from those that the workflow has. */
function updateSearchAttributes(record: EnvironmentRecord): void {
  const shown = new Map(
    workflowInfo()
      .typedSearchAttributes.getAll()
      .map(({ key, value }) => [key.name, value]),
  );
  const changed = environmentAttributes(record, new Date()).filter(
    ({ key, value }) => JSON.stringify(shown.get(key.name) ?? null) !== JSON.stringify(value),
  );
  // two writes of one workflow task have one time, and Temporal refuses an empty list
  if (changed.length > 0) upsertSearchAttributes(changed);
}

const hadWorkspace = ({ kind, outcome, failure }: RunRecord): boolean =>
  kind === 'provision' && (outcome === 'succeeded' || afterWorkspace.includes(failure?.step ?? null));

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
