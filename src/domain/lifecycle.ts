import { clientActions } from './environment.ts';
import type { ClientAction, EnvironmentState, RunKind } from './environment.ts';

/** Every request to an environment. `teardown` is DELETE; `teardownExpired` comes from a sweep. */
export const lifecycleRequests = [
  'provision',
  'cancel',
  'cancelAndTeardown',
  'teardown',
  'renew',
  'protect',
  'mark',
  'teardownExpired',
  'score',
  'verify',
] as const;
export type LifecycleRequest = (typeof lifecycleRequests)[number];

/** Why a request is refused. `NotExpired` and `RunInProgress` are only ever answered to a sweep. */
export type LifecycleRefusal =
  | 'BeingDeleted'
  | 'NothingRuns'
  | 'NotReady'
  | 'NotExpired'
  | 'Protected'
  | 'RunInProgress';

/** Work that an accepted request starts. `none`: the requested state is reached, or a run towards it is in progress. */
export type LifecycleWork =
  | 'none'
  | 'provision'
  | 'cancelRun'
  | 'teardown'
  | 'changeLease'
  | 'abortTeardown'
  | 'score'
  | 'verify';

/**
 * The rows of the table. `busy`: ready, with a score or verify run in progress. `recovered`: known from its group's tags only, without
 * its spec. `expiring`: a sweep requested its teardown, which a renewal still aborts. `blocked`: a teardown waits for a blocker to clear.
 */
export const lifecyclePhases = [
  'provisioning',
  'ready',
  'busy',
  'failed',
  'cancelled',
  'expired',
  'recovered',
  'expiring',
  'deleting',
  'blocked',
  'deleted',
] as const;
export type LifecyclePhase = (typeof lifecyclePhases)[number];

/** What a decision depends on. */
export interface LifecycleStatus {
  state: EnvironmentState;
  /** the run in progress */
  run: RunKind | null;
  /** the lease is protected, or its protection is being written */
  protected: boolean;
  /** false: the environment was recovered from its tags, which do not hold the spec */
  hasSpec: boolean;
  /** why a teardown is pending or in progress; null: none is */
  teardown: 'requested' | 'expiry' | null;
}

export type LifecycleDecision = { accepted: true; work: LifecycleWork } | { accepted: false; code: LifecycleRefusal };

type Cell = LifecycleWork | LifecycleRefusal;
type Row = Record<LifecycleRequest, Cell>;

const whileIdle = { cancel: 'NothingRuns', cancelAndTeardown: 'teardown', teardown: 'teardown' } as const;
const whileRunning = { cancel: 'cancelRun', cancelAndTeardown: 'teardown', teardown: 'teardown' } as const;
const leaseChanges = { renew: 'changeLease', protect: 'changeLease' } as const;
const sweepable = { mark: 'changeLease', teardownExpired: 'teardown' } as const;
/** a run is never torn down for its environment's age */
const notWhileRunning = { mark: 'RunInProgress', teardownExpired: 'RunInProgress' } as const;
const notReady = { score: 'NotReady', verify: 'NotReady' } as const;
const beingDeleted = {
  provision: 'BeingDeleted',
  cancel: 'NothingRuns',
  cancelAndTeardown: 'none',
  teardown: 'none',
  renew: 'BeingDeleted',
  protect: 'BeingDeleted',
  mark: 'BeingDeleted',
  teardownExpired: 'BeingDeleted',
  ...notReady,
} as const satisfies Row;
const retriable = { provision: 'provision', ...whileIdle, ...leaseChanges, ...sweepable, ...notReady } as const;

/** Which request is accepted in which phase, and the work that it starts. A refusal is its problem code. */
export const lifecycleTable: Readonly<Record<LifecyclePhase, Row>> = {
  provisioning: { provision: 'none', ...whileRunning, ...leaseChanges, ...notWhileRunning, ...notReady },
  ready: { provision: 'none', ...whileIdle, ...leaseChanges, ...sweepable, score: 'score', verify: 'verify' },
  // a score waits for the run in progress
  busy: {
    provision: 'none',
    ...whileRunning,
    ...leaseChanges,
    ...notWhileRunning,
    mark: 'changeLease',
    ...notReady,
    score: 'score',
  },
  failed: retriable,
  cancelled: retriable,
  // a POST renews the lease first
  expired: { ...retriable, provision: 'none' },
  recovered: retriable,
  expiring: { ...beingDeleted, teardown: 'teardown', renew: 'abortTeardown', protect: 'abortTeardown' },
  deleting: beingDeleted,
  // a repeated request retries the teardown at once
  blocked: { ...beingDeleted, cancelAndTeardown: 'teardown', teardown: 'teardown' },
  deleted: beingDeleted,
};

/** The row that applies. */
export function lifecyclePhase({ state, run, hasSpec, teardown }: LifecycleStatus): LifecyclePhase {
  if (state === 'deleted') return 'deleted';
  if (teardown === 'expiry') return 'expiring';
  if (state === 'blocked' && run === null) return 'blocked';
  if (teardown === 'requested' || state === 'deleting' || state === 'blocked') return 'deleting';
  if (run === 'score' || run === 'verify') return 'busy';
  if (state === 'provisioning' || run !== null) return 'provisioning';
  return hasSpec ? state : 'recovered';
}

const refusals: readonly string[] = [
  'BeingDeleted',
  'NothingRuns',
  'NotReady',
  'NotExpired',
  'Protected',
  'RunInProgress',
] satisfies LifecycleRefusal[];
const isRefusal = (cell: Cell): cell is LifecycleRefusal => refusals.includes(cell);

/** Whether a request is accepted, and what it starts. A protected environment is never torn down: not by DELETE, cancel, failure or expiry. */
export function decide(request: LifecycleRequest, status: LifecycleStatus): LifecycleDecision {
  const cell = lifecycleTable[lifecyclePhase(status)][request];
  if (isRefusal(cell)) return { accepted: false, code: cell };
  if (cell === 'teardown' && status.protected)
    return { accepted: false, code: request === 'teardownExpired' ? 'NotExpired' : 'Protected' };
  return { accepted: true, work: cell };
}

/** What a client can request now: neither refused nor without effect. */
export const availableActions = (status: LifecycleStatus): ClientAction[] =>
  clientActions.filter((request) => {
    const decision = decide(request, status);
    return decision.accepted && decision.work !== 'none';
  });

/** How work ended, and the state that follows. */
export const stateAfter = {
  provisionStarted: 'provisioning',
  provisionSucceeded: 'ready',
  provisionFailed: 'failed',
  provisionCancelled: 'cancelled',
  leaseExpired: 'expired',
  leaseRenewed: 'ready',
  teardownStarted: 'deleting',
  teardownSucceeded: 'deleted',
  teardownBlocked: 'blocked',
  teardownAborted: 'cancelled',
} as const satisfies Record<string, EnvironmentState>;
export type LifecycleEvent = keyof typeof stateAfter;
