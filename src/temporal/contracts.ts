import type { Environment, EnvironmentState, Json, RunRecord, Score, Spec } from '../domain/environment.ts';
import type { Sweep, SweepSummary } from '../domain/sweep/record.ts';
import type { LeaseChange } from './changeLease.ts';

export interface EnvironmentFilter {
  state?: EnvironmentState;
  owner?: string;
  /** whether its lease is over */
  expired?: boolean;
  /** whether a sweep has found it over, so that its grace runs */
  marked?: boolean;
  protected?: boolean;
  /** at most 200 */
  limit: number;
  cursor?: string;
}

/** One state of an environment on its event stream. */
export interface EnvironmentEvent {
  /** usable as `Last-Event-ID` */
  id: string;
  environment: Environment;
}

/**
 * The one seam between routes and Temporal. Reads need no worker; `score` does and fails with `Unavailable` without one.
 * All throw `Problem` (domain/problem.ts).
 */
export interface Environments {
  /** Starts a provisioning run, or goes on with the environment of that name. `ready`: it stands already. Throws SpecConflict, BeingDeleted. */
  create(spec: Spec): Promise<{ environment: Environment; ready: boolean }>;
  /** Throws NotFound. */
  get(name: string): Promise<Environment>;
  list(filter: EnvironmentFilter): Promise<{ items: Environment[]; nextCursor: string | null }>;
  /** The current state first, then each change; ends when no run is at work. With a `lastEventId` and no run at work: undefined. Throws NotFound before the first event. */
  watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined>;
  /** Throws NotFound, NothingRuns. */
  cancel(name: string, options: { teardown: boolean }): Promise<Environment>;
  /** Throws NotFound, Protected. */
  remove(name: string): Promise<Environment>;
  /** Renews the lease from now, protects or releases. Throws NotFound, BeingDeleted, Unavailable. */
  change(name: string, change: LeaseChange, idempotencyKey: string | undefined): Promise<Environment>;
  /** Throws NotFound, NotReady, AnswerTooLarge, Unavailable. */
  score(name: string, request: Json, idempotencyKey: string | undefined): Promise<Score>;
  runs(name: string): Promise<RunRecord[]>;
  run(name: string, runId: string): Promise<RunRecord>;
  /** Whether Temporal answers, and a worker polls. */
  readiness(): Promise<{ temporal: boolean; worker: boolean }>;
}

/** Sweeps, as the routes see them. Reads need no worker. All throw `Problem` (domain/problem.ts). */
export interface Sweeps {
  /** the newest ones, at most `limit`, without their lists */
  list(limit: number): Promise<SweepSummary[]>;
  /** Its lists are there once it has ended. Throws NotFound. */
  get(id: string): Promise<Sweep>;
  start(dryRun: boolean): Promise<SweepSummary>;
  /** Starts a sweep that is limited to what the stopped one would have begun to tear down. Throws NotFound, NotStopped. */
  approve(id: string): Promise<SweepSummary>;
}
