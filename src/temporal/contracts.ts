import type { Environment, EnvironmentState, EnvironmentSummary, Json } from '../domain/environment.ts';
import type { RunRecord, Score, Spec } from '../domain/environment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { Plan } from '../domain/plan.ts';
import type { Move } from '../domain/move.ts';
import type { Caller } from '../domain/roles.ts';
import type { ExpiredLeases } from '../domain/lease.ts';
import type { LogRange } from '../domain/containerLog.ts';
import type { EnvironmentProof } from '../domain/proofDocument.ts';
import type { Sweep, SweepSummary } from '../domain/sweep/record.ts';
import type { LeaseChange } from './changeLease.ts';

export interface Page<T> {
  items: T[];
  /** null: there is no further page. The last page can be empty. */
  nextCursor: string | null;
}

export interface EnvironmentFilter {
  /** default: live ones, which are all but `deleted` */
  state?: EnvironmentState;
  owner?: string;
  /** prefix of the name: lower-case letters, digits and hyphens */
  q?: string;
  /** whether its lease has expired */
  expired?: boolean;
  /** whether the environment is in its grace period */
  marked?: boolean;
  protected?: boolean;
  /** at most 200 */
  limit: number;
  cursor?: string;
}

/** One state of an environment on an event stream. */
export interface EnvironmentEvent<E = Environment> {
  /** usable as `Last-Event-ID` */
  id: string;
  environment: E;
}

/** One state of one of all environments. */
export type ListEvent = EnvironmentEvent<ListedEnvironment>;

/** What is read of environments. Reads need no worker, except `log`, which fails with `Unavailable` without one. All throw `Problem` (domain/problem.ts). */
export interface EnvironmentReads {
  /** Throws NotFound. */
  get(name: string): Promise<Environment>;
  /** A page, newest first. Throws InvalidParameters for a cursor of other filters. */
  list(filter: EnvironmentFilter): Promise<Page<ListedEnvironment>>;
  summary(): Promise<EnvironmentSummary>;
  /** How many live environments an owner has. */
  countOf(owner: string): Promise<number>;
  /** How many live environments, without protected ones, have a lease that expired at least so many hours ago. */
  expiredLeases(): Promise<ExpiredLeases[]>;
  /** The current state first, then each change; ends when no run is in progress. With a `lastEventId` and no run in progress: undefined. Throws NotFound before the first event. */
  watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined>;
  /**
   * Environments with a run in progress and those that have changed in the last seconds, then each change of an environment, without the resources
   * of its steps. With a `lastEventId` also what has changed since, an hour at most. An event may come twice. Never ends by itself.
   */
  watchAll(lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<ListEvent>>;
  /** The end of a container's log, as text. Throws NotFound, NoDeployment, LogFailed, Unavailable. */
  log(name: string, range: LogRange): Promise<string>;
  /** The newest proof of isolation. Throws NotFound, NoProof. */
  proof(name: string): Promise<EnvironmentProof>;
  runs(name: string): Promise<RunRecord[]>;
  run(name: string, runId: string): Promise<RunRecord>;
  /** Whether Temporal responds, and whether a worker polls. */
  readiness(): Promise<{ temporal: boolean; worker: boolean }>;
}

/**
 * What a caller requests of environments. `score` and `change` need a worker, and fail with `Unavailable` without one. All throw `Problem`
 * (domain/problem.ts): Forbidden where the caller may not change the environment.
 */
export interface EnvironmentRequests {
  /**
   * Starts a provision run, or continues the environment of that name. `ready`: the environment is already ready. Throws TooManyEnvironments,
   * SpecConflict, BeingDeleted; SuffixInUse only with `isSuffixChosen`: the caller has chosen the suffix. Where another environment holds a default suffix, the run fails.
   */
  create(spec: Spec, options?: { isSuffixChosen: boolean }): Promise<{ environment: Environment; ready: boolean }>;
  /** Throws NotFound, NothingRuns, Protected. */
  cancel(name: string, options: { teardown: boolean }): Promise<Environment>;
  /** Starts a proof of isolation. Throws NotFound, NotReady, BeingDeleted. */
  verify(name: string): Promise<Environment>;
  /** Throws NotFound, Protected. */
  remove(name: string): Promise<Environment>;
  /** Renews the lease from now, protects or releases. Throws NotFound, ForbiddenByPolicy, NotReady, BeingDeleted, IdempotencyKeyReused, Unavailable. */
  change(name: string, change: LeaseChange, idempotencyKey: string | undefined): Promise<Environment>;
  /** Throws NotFound, NotReady, Cancelled, AnswerTooLarge, ScoreFailed, IdempotencyKeyReused, Unavailable. */
  score(name: string, request: Json, idempotencyKey: string | undefined): Promise<Score>;
}

/** The only interface between routes and Temporal. */
export interface Environments extends EnvironmentReads {
  /** The requests of a caller. */
  as(caller: Caller): EnvironmentRequests;
}

/** Sweeps, for the routes. Reads need no worker. All throw `Problem` (domain/problem.ts). */
export interface Sweeps {
  /** A page, newest first, without their lists. Throws InvalidParameters. */
  list(page: { limit: number; cursor?: string }): Promise<Page<SweepSummary>>;
  /** The lists are empty until the sweep has ended. Throws NotFound. */
  get(id: string): Promise<Sweep>;
  /** `requestedBy`: the caller's name */
  start(dryRun: boolean, requestedBy: string): Promise<SweepSummary>;
  /** Starts a sweep that is limited to the list of a stopped one. Throws NotFound, NotStopped. */
  approve(id: string, requestedBy: string): Promise<SweepSummary>;
}

/** Plans, for the routes. They need a worker. All throw `Problem` (domain/problem.ts). */
export interface Plans {
  /** What a POST of the spec would do; nothing is created. Throws PlanFailed, Unavailable. */
  plan(spec: Spec): Promise<Plan>;
}

/** What a move is started with. */
export interface MoveRequest {
  /** name of the new environment */
  to: string;
  /** the new environment's spec, from that of the old one; throws Problem */
  newSpec: (old: Spec) => Spec;
  /** scored by both; absent: the sample request of the model */
  request?: Json;
  /** the old environment is torn down as soon as the answers agree */
  confirmed: boolean;
}

/** What a caller requests of moves. All throw `Problem` (domain/problem.ts): Forbidden where the caller may not change the old environment. */
export interface MoveRequests {
  /** Creates the new environment, and starts the move; returns the open move to the same environment. Throws NotFound, NotReady, MoveRefused, and what `create` throws. */
  start(name: string, request: MoveRequest): Promise<Move>;
  /** Throws NotFound, MoveRefused. */
  confirm(name: string): Promise<Move>;
  /** Throws NotFound, MoveRefused. */
  cancel(name: string): Promise<Move>;
}

/** Moves of environments, for the routes. Reads need no worker. */
export interface Moves {
  /** The last move of an environment. Throws NotFound. */
  get(name: string): Promise<Move>;
  /** The requests of a caller. */
  as(caller: Caller): MoveRequests;
}
