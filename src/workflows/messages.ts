import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { EnvironmentRecord, Json, Lease, RunKind, RunRecord, Score, Spec, Target } from '../domain/environment.ts';
import type { ProvisionReceipt, TeardownReceipt, Outputs } from '../domain/environment.ts';
import type { LogRange } from '../domain/containerLog.ts';
import type { LifecycleRefusal } from '../domain/lifecycle.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { RowVerdict } from '../domain/proof.ts';
import type { ProofQueue } from '../domain/proofRepetition.ts';

export * from './moveMessages.ts';

/** Names that client, workflows and worker share. */
export const taskQueues = { workflows: 'moat', armRead: 'moat-arm-read', armWrite: 'moat-arm-write' } as const;

export const environmentWorkflowType = 'environment';
export const environmentWorkflowId = (name: string): string => `environment-${name}`;
/** The child workflow of a run: `runWorkflowId('churn1', 'provision-1')` is `environment-churn1:provision:1`. */
export const runWorkflowId = (name: string, runId: string): string => {
  const [kind, number] = runId.split('-');
  return `${environmentWorkflowId(name)}:${kind}:${number}`;
};

/** Memo keys of the environment's workflow. A run's steps are under `stepMemoKey` in its own. */
export const recordMemoKey = 'environment';
export const runsMemoKey = 'runs';
export const specHashMemoKey = 'specHash';
/** The decisions about signals, newest last: a signal itself returns nothing. */
export const decisionsMemoKey = 'decisions';
export interface SignalDecision {
  requestId: string;
  /** null: accepted */
  refusal: LifecycleRefusal | null;
}
/** The environment's EnvironmentRef, for a workflow that replaces this one. */
export const refMemoKey = 'ref';

export const suffixClaimWorkflowType = 'suffixClaim';
/** One open workflow per suffix in use: names that contain the suffix must be unique in all of Azure. */
export const suffixClaimId = (subscriptionId: string, suffix: string): string =>
  `suffix-${subscriptionId.toLowerCase()}-${suffix}`;
/** Memo keys of a claim: the environment that holds it, and when the suffix's last environment was deleted (ISO time). */
export const environmentMemoKey = 'environmentName';
export const namesFreedMemoKey = 'namesFreedAt';

export const planWorkflowType = 'plan';
/** Each request has a workflow of its own: plans of one name may be made at the same time. */
export const planWorkflowId = (name: string, requestId: string): string => `plan-${name}-${requestId}`;
export interface PlanInput {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** when an environment with the same globally unique names was deleted (ISO time): Azure may still hold them */
  namesFreedAt?: string | undefined;
}
export const tailLogWorkflowType = 'tailLog';
/** The workflow that reads a container's log for one request. */
export const tailLogWorkflowId = (name: string, requestId: string): string =>
  `${environmentWorkflowId(name)}:log:${requestId}`;
export interface TailLogInput extends LogRange {
  ref: EnvironmentRef;
}
/** null: there is no deployment */
export interface TailLogResult {
  log: string | null;
}

export const sweepWorkflowType = 'sweepEnvironments';
export const scheduleId = 'sweep-stale-environments';
/** Prefix of a sweep's workflow id; the schedule appends its start time. */
export const sweepIdPrefix = 'sweep';
/** The workflow id of the sweep that executes a stopped sweep's list: it makes an approval unique. */
export const approvalIdOf = (sweepId: string): string => `${sweepId}-approved`;
export const sweepMemoKey = 'sweep';
export const sweepTimingMemoKey = 'timing';

export interface SweepInput {
  /** the sweep only reports; so do all sweeps where MOAT_SWEEP is `dry` */
  dryRun: boolean;
  /** limits the sweep to the list `due` of a stopped sweep: the keys of its entries */
  approved?: { sweepId: string; keys: string[] };
  /** the caller's name; absent: the schedule */
  requestedBy?: string;
}

export const verifyEnvironmentsType = 'verifyEnvironments';
/** The schedule that repeats proofs, and the prefix of its workflows' ids. */
export const verifyScheduleId = 'verify-environments';

/** Numbers of proofs: whose run ended, requested and refused, not answered in time, left to the next repetition. */
export type RepetitionCounts = Record<VerifyOutcome | 'unanswered' | 'notStarted', number>;

/** What a repetition passes to its next execution. */
export interface RepetitionState {
  /** ms since the epoch */
  endsAt: number;
  queues: ProofQueue[];
  counts: RepetitionCounts;
}

export interface VerifyEnvironmentsInput {
  /** of the schedule, ms */
  intervalMs: number;
  /** ms since the epoch; default: before the schedule's next time */
  endsAt?: number;
  /** proofs that one execution starts before it continues as new */
  proofsPerExecution?: number;
  /** absent in the first execution */
  state?: RepetitionState;
}

/** What a request led to. `notKept`: it was executed, and its answer is too long, or too old. */
export type RequestOutcome =
  | { answer: unknown }
  | { failure: { message: string; type: string; details: unknown[] } }
  | 'notKept';

/** A client's request that was executed, with the outcome of each of its updates. */
export interface CarriedRequest extends Required<Idempotency> {
  outcomes: Record<string, RequestOutcome>;
}

/** The state that an environment workflow passes to its next execution when it continues as new. */
interface Carried {
  record: EnvironmentRecord;
  runs: RunRecord[];
  counts: Record<RunKind, number>;
  pending: PendingRequests;
  knownIsolation: KnownIsolation;
  requests: CarriedRequest[];
}

/** What the webhook was last sent about a ready environment's isolation: whether it is broken. */
export interface KnownIsolation {
  broken: boolean;
}

/** Accepted requests whose work has not started yet. */
export interface PendingRequests {
  provision: boolean;
  /** who sent each; null: Moat itself */
  provisionBy: string | null;
  verify: boolean;
  verifyBy: string | null;
  /** the requests behind `verify`, for which a workflow waits */
  verifyReplies: VerifyReply[];
  /** a teardown is to start as soon as no run is in progress */
  startTeardown: boolean;
  /** why a teardown is pending, in progress or blocked; `expiry`: only as long as the lease is expired */
  teardown: 'requested' | 'expiry' | null;
  teardownBy: string | null;
  /** a person requested the teardown again while it was blocked */
  repeated: boolean;
  /** id of the sweep for the webhook event at the end of the teardown */
  notifySweep: string | undefined;
  /** minutes until a blocked teardown is retried */
  retryMinutes: number;
}

export interface EnvironmentInput {
  ref: EnvironmentRef;
  /** null: recovered from its group's tags, which do not hold the spec */
  spec: Spec | null;
  /** hash of the members that are compared between specs */
  specHash: string;
  target: Target;
  /** the record at the start, as in the memo */
  record: EnvironmentRecord;
  /** an earlier workflow of this environment was lost: lease, owner and suffix are read from the group first */
  recover?: boolean;
  /** starts with this request; default: `provision` */
  request?: 'provision' | 'teardown' | 'none';
  /** who sent it; absent: Moat itself */
  requestedBy?: string;
  /** of a `teardown` that it starts with */
  requestId?: string;
  /** earlier runs, whose numbers are continued */
  runs?: RunRecord[];
  carried?: Carried;
}

export interface ProvisionInput {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** as in EnvironmentInput */
  namesFreedAt?: string | undefined;
  lease: Lease;
  runId: string;
  /** of the environment's previous proof; absent: there is none */
  previousVerdicts?: RowVerdict[];
}
export interface ProvisionResult {
  receipt: ProvisionReceipt;
  outputs: Outputs;
}

export interface ScoreInput {
  ref: EnvironmentRef;
  request: Json;
  runId: string;
}

export interface TeardownInput {
  ref: EnvironmentRef;
  runId: string;
  /** what earlier, blocked teardowns of this environment removed */
  removed?: TeardownReceipt['removed'];
  /** of the last one */
  blockers?: TeardownReceipt['blockers'];
  /** requested by a sweep: continues only as long as the group's tags hold an expired lease */
  dueToExpiry?: boolean;
  /** a person requested it again after its blockers were reported, and has presumably cleared them */
  repeated?: boolean;
  /** the environment's workspace certainly existed: where its group is gone, it may be soft-deleted */
  workspaceExisted?: boolean;
  /** for the tags of a group that has to be created again */
  lease?: Lease;
  /** it was to be adopted, and no run is known to have sealed its group: without tags of Moat's, that is not its own */
  neverSealed?: boolean;
}

/** Each signal that the workflow may refuse carries an id, under which the memo has the decision (`decisionsMemoKey`). */
export interface Identified {
  requestId: string;
}
/** Who sent the request; absent: Moat itself. */
interface ByCaller {
  by?: string;
}
/** Provision again after a failed or cancelled run: the new run continues where the last one stopped. */
export const provisionSignal = defineSignal<[{ spec: Spec } & ByCaller]>('provision');
/** Stop the run in progress; with `teardown`, tear everything down too. */
export const cancelSignal = defineSignal<[{ teardown: boolean } & Identified & ByCaller]>('cancel');
/** Tear the environment down; a run in progress is cancelled first. */
export const teardownSignal = defineSignal<[Identified & ByCaller]>('teardown');
/** A workflow that requested a proof, and waits for the end of its run. */
export interface VerifyReply extends Identified {
  /** workflow id */
  replyTo: string;
}
/** `ended`: the run, however it ended; `refused`: not ready, or busy. */
export type VerifyOutcome = 'ended' | 'refused';
/** Prove the isolation of a ready environment now. With `replyTo`, that workflow receives `verifyEndedSignal`. */
export const verifySignal = defineSignal<[Identified & Partial<VerifyReply> & ByCaller]>('verify');
export const verifyEndedSignal = defineSignal<[Identified & { outcome: VerifyOutcome }]>('verifyEnded');

/** Identifies a client's request, so that it is executed once. Both are hashes, so that no user input is part of a message. */
export interface Idempotency {
  /** of operation and key; without a key, of a random id that the API assigns to each HTTP request */
  key: string;
  /** of the request's body */
  body: string;
  /** the client sent no key */
  unkeyed?: boolean;
}
interface Repeatable {
  idempotency: Idempotency;
}
/** Type of the failure of a repeated update whose answer is not kept. */
export const answerNotKept = 'AnswerNotKept';
/** Score a request from inside the virtual network. Fails with type `NotReady` unless the environment is ready and idle. */
export const scoreUpdate = defineUpdate<Score, [{ request: Json } & ByCaller & Repeatable]>('score');
/** Renew the lease from now; without `by`: by a repeated POST. Fails with type `BeingDeleted` unless the teardown in progress is due to expiry only. */
export const renewUpdate = defineUpdate<Lease, [{ ttl: string } & ByCaller & Repeatable]>('renew');
/** Protect the environment, or release it. Fails as `renew` does. */
export const protectUpdate = defineUpdate<
  Lease,
  [{ protected: boolean; reason: string | null } & ByCaller & Repeatable]
>('protect');

/** The expired lease that a sweep acts on; the workflow refuses with type `NotExpired` where its own lease differs. */
export interface ExpectedLease {
  subscriptionId: string;
  expiresAt: string;
}
/** The sweep that webhook events name. */
export interface NotifySweep {
  notifySweep?: string;
}
/** Mark an expired lease: its grace period begins `at`. */
export const markUpdate = defineUpdate<Lease, [ExpectedLease & { at: string }]>('mark');
/** Type of the refusal of an update while the workflow continues as new: send it again, to the next execution. */
export const continuing = 'ContinuingAsNew';
/** Type of the refusal of a score while others wait for the run in progress: send it again later. */
export const busy = 'Busy';
/** Write all of the environment's tags again: some were removed or cannot be read. */
export const repairTagsUpdate = defineUpdate<Lease, [object]>('repairTags');
/** Type of the failure of an update that a sweep sent: the group is deleted, or being deleted. */
export const groupGone = 'GroupGone';
/** Tear the environment down because its lease expired. A renewal or protection before the last deletion aborts that. */
export const teardownExpiredUpdate = defineUpdate<void, [ExpectedLease & NotifySweep]>('teardownExpired');
