import { defineSearchAttributeKey } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { EnvironmentRecord, Json, Lease, RunKind, RunRecord, Score, Spec, Target } from '../domain/environment.ts';
import type { ProvisionReceipt, TeardownReceipt, Outputs, ProofRow } from '../domain/environment.ts';
import type { EnvironmentRef } from '../domain/naming.ts';

/** Every name that crosses between client, workflows and worker. */
export const taskQueues = { workflows: 'moat', armRead: 'moat-arm-read', armWrite: 'moat-arm-write' } as const;

export const environmentWorkflowType = 'environment';
export const environmentWorkflowId = (name: string): string => `environment-${name}`;
/** The child workflow of a run: `runWorkflowId('churn1', 'provision-1')` is `environment-churn1:provision:1`. */
export const runWorkflowId = (name: string, runId: string): string => {
  const [kind, number] = runId.split('-');
  return `${environmentWorkflowId(name)}:${kind}:${number}`;
};

export const searchAttributes = {
  environment: defineSearchAttributeKey('MoatEnvironment', 'KEYWORD'),
  owner: defineSearchAttributeKey('MoatOwner', 'KEYWORD'),
  state: defineSearchAttributeKey('MoatState', 'KEYWORD'),
  expiresAt: defineSearchAttributeKey('MoatExpiresAt', 'DATETIME'),
} as const;

/** Memo keys of the environment's workflow. A run's steps are under `stepMemoKey` in its own. */
export const recordMemoKey = 'environment';
export const runsMemoKey = 'runs';
export const specHashMemoKey = 'specHash';
export const subscriptionMemoKey = 'subscriptionId';

export const sweepWorkflowType = 'sweepEnvironments';
export const scheduleId = 'sweep-stale-environments';
/** Sweeps are called after when they began: the schedule adds the time to this. */
export const sweepIdPrefix = 'sweep';
/** A stopped sweep is approved once. */
export const approvalIdOf = (sweepId: string): string => `${sweepId}-approved`;
export const sweepMemoKey = 'sweep';
export const sweepTimingMemoKey = 'trace';

export interface SweepInput {
  /** it only tells; so do all sweeps where the settings say `dry` */
  dryRun: boolean;
  /** limits the sweep to what a stopped one would have begun to tear down: keys of its entries */
  approved?: { sweepId: string; keys: string[] };
}

/** What an earlier execution of an environment hands on when it continues as new. */
interface Carried {
  record: EnvironmentRecord;
  runs: RunRecord[];
  counts: Record<RunKind, number>;
  /** what was asked for and is not done yet, as when a teardown is blocked */
  asked?: PendingRequests;
}

/** What an environment is to do next. */
export interface PendingRequests {
  provision: boolean;
  teardown: boolean;
  /** only as long as the lease is over */
  forAge: boolean;
  /** the sweep of which the webhook is told */
  tellOf: string | undefined;
  /** minutes until a blocked teardown looks again */
  lookMinutes: number;
}

export type EnvironmentInput = {
  /** of what counts when specs are compared */
  specHash: string;
  target: Target;
  subscriptionId: string;
} & (
  | { spec: Spec; carried?: Carried }
  /** adopted from its group's tags, which do not tell the spec */
  | { spec: null; site: EnvironmentRef; carried: Carried }
);

export interface ProvisionInput {
  site: EnvironmentRef;
  spec: Spec;
  specHash: string;
  lease: Lease;
  runId: string;
}
export interface ProvisionResult {
  receipt: ProvisionReceipt;
  outputs: Outputs;
}

export interface ScoreInput {
  site: EnvironmentRef;
  request: Json;
  runId: string;
}

export interface VerifyInput {
  site: EnvironmentRef;
  runId: string;
}
export interface VerifyResult {
  proof: ProofRow[];
}

export interface TeardownInput {
  site: EnvironmentRef;
  runId: string;
  /** what earlier teardowns of this environment, which were blocked, have removed already */
  removed?: TeardownReceipt['removed'];
  /** taken down for its age: goes on only as long as the group's tags say that its lease is over */
  forAge?: boolean;
}

/** Provision again after a failed or cancelled run: it goes on where the last one stopped. */
export const provisionSignal = defineSignal<[{ spec: Spec }]>('provision');
/** Stop the run at work; with `teardown`, take everything down too. */
export const cancelSignal = defineSignal<[{ teardown: boolean }]>('cancel');
/** Take the environment down; a run at work is cancelled first. */
export const teardownSignal = defineSignal('teardown');
/** Score a request from inside the virtual network. Fails with type `NotReady` unless the environment is ready and idle. */
export const scoreUpdate = defineUpdate<Score, [{ request: Json }]>('score');
/** Renew the lease from now. Fails with type `BeingDeleted` unless only its age takes the environment down. */
export const renewUpdate = defineUpdate<Lease, [{ ttl: string }]>('renew');
/** Protect the environment, or release it. Fails as `renew` does. */
export const protectUpdate = defineUpdate<Lease, [{ protected: boolean; reason: string | null }]>('protect');

/** A lease that a sweep has seen to be over; fails with type `NotExpired` where it is another by now, or not over. */
export interface ExpectedLease {
  subscriptionId: string;
  expiresAt: string;
}
/** The sweep of which the webhook is told, where there is one. */
export interface NotifySweep {
  notifySweep?: string;
}
/** Mark a lease that is over: the grace begins `at`. */
export const markUpdate = defineUpdate<Lease, [ExpectedLease & { at: string }]>('mark');
/** Take the environment down for its age. A renewal or protection before the last deletion stops that. */
export const tearDownExpiredUpdate = defineUpdate<void, [ExpectedLease & NotifySweep]>('tearDownExpired');
