import type { Environment, EnvironmentSummary, Json } from '../../src/domain/environment.ts';
import type { RunRecord, Score, Spec } from '../../src/domain/environment.ts';
import type { LogRange } from '../../src/domain/containerLog.ts';
import { listedOf } from '../../src/domain/listedEnvironment.ts';
import type { ListedEnvironment } from '../../src/domain/listedEnvironment.ts';
import { expiresAfter } from '../../src/domain/lease.ts';
import type { ExpiredLeases } from '../../src/domain/lease.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import { noProofReason, environmentProofOf } from '../../src/domain/proofDocument.ts';
import type { EnvironmentProof } from '../../src/domain/proofDocument.ts';
import { Problem } from '../../src/domain/problem.ts';
import { pendingStep } from '../../src/domain/progress.ts';
import { stepIds } from '../../src/domain/steps.ts';
import { assertMayDo } from '../../src/domain/roles.ts';
import type { Caller, Operation } from '../../src/domain/roles.ts';
import type { LeaseChange } from '../../src/temporal/changeLease.ts';
import type {
  EnvironmentEvent,
  ListEvent,
  EnvironmentFilter,
  EnvironmentRequests,
  Environments,
  Page,
} from '../../src/temporal/contracts.ts';

const specHashOf = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const refOf = ({ spec }: Environment) => environmentRefOf('11111111-2222-4333-8444-555555555555', spec!);

const start = Date.parse('2026-11-23T18:00:00Z');

/** Environments in memory, changed only by requests and tests. */
export class FakeEnvironments implements Environments {
  readonly all = new Map<string, Environment>();
  readonly history = new Map<string, RunRecord[]>();
  readonly scored: { name: string; request: Json; idempotencyKey: string | undefined }[] = [];
  readonly cancelled: { name: string; teardown: boolean }[] = [];
  /** null: there is no deployment */
  containerLog: string | null = 'Run function was found';
  readonly logRanges: LogRange[] = [];
  scoreProblem: Problem | undefined;
  scoreResult: Score = { status: 200, body: [11055.977245525679], latencyMs: 41 };
  ready = { temporal: true, worker: true };
  watchers = 0;
  #listeners = new Set<() => void>();
  #revision = 1;

  as(caller: Caller): EnvironmentRequests {
    /** Runs `request` where the caller may use the operation on the environment. */
    const owned = async <T>(operation: Operation, name: string, request: () => Promise<T>): Promise<T> => {
      assertMayDo(caller, operation, (await this.get(name)).owner);
      return request();
    };
    return {
      create: async (spec, options) => {
        const existing = this.all.get(spec.name);
        const holder = [...this.all.values()].find(
          ({ name, spec: other }) => name !== spec.name && other?.suffix === spec.suffix,
        );
        if (holder && options?.isSuffixChosen) throw new Problem('SuffixInUse', `${holder.name} uses it.`);
        if (existing) assertMayDo(caller, 'createEnvironment', existing.owner);
        return this.#create(spec, existing, caller.name);
      },
      cancel: (name, options) => owned('cancelRun', name, () => this.#cancel(name, options)),
      verify: (name) => owned('verifyEnvironment', name, () => this.#verify(name, caller.name)),
      remove: (name) => owned('removeEnvironment', name, () => this.#remove(name)),
      change: (name, change) => owned('changeLease', name, () => this.#changeLease(name, change, caller.name)),
      score: (name, request, key) => owned('scoreEnvironment', name, () => this.#score(name, request, key)),
    };
  }

  async #create(
    spec: Spec,
    existing: Environment | undefined,
    requestedBy: string,
  ): Promise<{ environment: Environment; ready: boolean }> {
    if (existing?.state === 'deleting') throw new Problem('BeingDeleted', `${spec.name} is being deleted.`);
    if (existing && existing.spec?.location !== spec.location)
      throw new Problem('SpecConflict', `${spec.name} exists with another spec.`);
    if (existing) return { environment: existing, ready: existing.state === 'ready' };
    const startedAt = new Date(start).toISOString();
    const environment: Environment = {
      name: spec.name,
      state: 'provisioning',
      target: 'emulator',
      spec,
      owner: spec.owner,
      createdAt: startedAt,
      lease: { expiresAt: expiresAfter(start, spec.ttl), protected: false, reason: null, markedAt: null },
      run: { id: 'provision-1', kind: 'provision', startedAt, finishedAt: null, requestedBy },
      failure: null,
      outputs: {},
      proof: null,
      receipt: null,
      steps: stepIds.map(pendingStep),
      costPerHour: null,
      actions: ['cancel', 'teardown', 'renew', 'protect'],
      links: { temporal: null, portal: null, events: `/environments/${spec.name}/events` },
    };
    this.all.set(spec.name, environment);
    this.history.set(spec.name, [
      {
        id: 'provision-1',
        kind: 'provision',
        startedAt,
        finishedAt: null,
        requestedBy,
        outcome: 'running',
        failure: null,
        receipt: null,
      },
    ]);
    return { environment, ready: false };
  }

  async get(name: string): Promise<Environment> {
    const environment = this.all.get(name);
    if (!environment) throw new Problem('NotFound', `There is no environment ${name}.`);
    return environment;
  }

  async countOf(owner: string): Promise<number> {
    return [...this.all.values()].filter((one) => one.owner === owner && one.state !== 'deleted').length;
  }

  async list(filter: EnvironmentFilter): Promise<Page<ListedEnvironment>> {
    const matching = [...this.all.values()].filter(
      ({ state, owner, lease }) =>
        (filter.state ?? state) === state &&
        (filter.owner ?? owner) === owner &&
        (filter.protected ?? lease.protected) === lease.protected,
    );
    const from = Number(filter.cursor ?? 0);
    const to = from + filter.limit;
    const items = matching.slice(from, to).map(listedOf);
    return { items, nextCursor: to < matching.length ? String(to) : null };
  }

  async summary(): Promise<EnvironmentSummary> {
    const states = { provisioning: 0, ready: 0, failed: 0, cancelled: 0, expired: 0, deleting: 0, blocked: 0 };
    const live = [...this.all.values()].flatMap(({ state }) => (state === 'deleted' ? [] : [state]));
    for (const state of live) states[state] += 1;
    return { total: live.length, states };
  }

  async expiredLeases(): Promise<ExpiredLeases[]> {
    const live = [...this.all.values()].filter(({ state, lease }) => state !== 'deleted' && !lease.protected);
    const ages = live.map(({ lease }) => Date.now() - Date.parse(lease.expiresAt));
    return [0, 24].map((hours) => ({ hours, count: ages.filter((age) => age >= hours * 3_600_000).length }));
  }

  async watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined> {
    const environment = await this.get(name);
    if (lastEventId !== undefined && environment.run?.finishedAt !== null) return undefined;
    return this.#events(name, lastEventId, signal);
  }

  async *#events(name: string, seen: string | undefined, signal: AbortSignal): AsyncGenerator<EnvironmentEvent> {
    this.watchers += 1;
    try {
      while (!signal.aborted) {
        const environment = await this.get(name);
        const id = String(this.#revision);
        if (id !== seen) yield { id, environment };
        if (environment.run?.finishedAt !== null) return;
        await this.#change(signal);
      }
    } finally {
      this.watchers -= 1;
    }
  }

  async watchAll(lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<ListEvent>> {
    return this.#allEvents(lastEventId, signal);
  }

  async *#allEvents(seen: string | undefined, signal: AbortSignal): AsyncGenerator<ListEvent> {
    this.watchers += 1;
    try {
      for (let last = seen; !signal.aborted; await this.#change(signal)) {
        const id = String(this.#revision);
        if (id !== last) for (const environment of this.all.values()) yield { id, environment: listedOf(environment) };
        last = id;
      }
    } finally {
      this.watchers -= 1;
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Changes an environment and notifies its watchers. */
  set(name: string, change: Partial<Environment>): void {
    this.all.set(name, { ...this.all.get(name)!, ...change });
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Ends the run in progress successfully. */
  finish(name: string): void {
    const run = { ...this.all.get(name)!.run!, finishedAt: new Date(start + 60_000).toISOString() };
    this.set(name, { state: 'ready', run });
  }

  async #cancel(name: string, options: { teardown: boolean }): Promise<Environment> {
    const environment = await this.get(name);
    if (environment.run?.finishedAt !== null) throw new Problem('NothingRuns', `No run in progress on ${name}.`);
    this.cancelled.push({ name, ...options });
    return environment;
  }

  async #verify(name: string, requestedBy: string): Promise<Environment> {
    const environment = await this.get(name);
    if (environment.state !== 'ready' || environment.run?.finishedAt === null)
      throw new Problem('NotReady', `${name} is ${environment.state}.`);
    this.set(name, {
      run: { id: 'verify-1', kind: 'verify', startedAt: new Date(start).toISOString(), finishedAt: null, requestedBy },
    });
    return this.get(name);
  }

  async #remove(name: string): Promise<Environment> {
    const environment = await this.get(name);
    if (environment.lease.protected) throw new Problem('Protected', `${name} is protected.`);
    this.set(name, { state: 'deleting' });
    return this.get(name);
  }

  async #changeLease(name: string, change: LeaseChange, by: string): Promise<Environment> {
    const { lease, state } = await this.get(name);
    if (state === 'deleting') throw new Problem('BeingDeleted', `${name} is being deleted.`);
    if (!this.ready.worker) throw new Problem('Unavailable', 'No worker is running.', { retryAfter: 5 });
    const { ttl, protected: kept = lease.protected, reason = null } = change;
    const expiresAt = ttl === undefined ? lease.expiresAt : expiresAfter(start, ttl);
    const kind = change.protected === undefined ? 'renewed' : kept ? 'protected' : 'released';
    const lastChange = { kind, at: new Date(start).toISOString(), by } as const;
    this.set(name, { lease: { expiresAt, protected: kept, reason: kept ? reason : null, markedAt: null, lastChange } });
    return this.get(name);
  }

  async #score(name: string, request: Json, idempotencyKey: string | undefined): Promise<Score> {
    const environment = await this.get(name);
    if (environment.state !== 'ready') throw new Problem('NotReady', `${name} is ${environment.state}.`);
    if (!this.ready.worker) throw new Problem('Unavailable', 'No worker is running.', { retryAfter: 5 });
    if (this.scoreProblem) throw this.scoreProblem;
    this.scored.push({ name, request, idempotencyKey });
    return this.scoreResult;
  }

  async log(name: string, range: LogRange): Promise<string> {
    const { state } = await this.get(name);
    if (!this.ready.worker) throw new Problem('Unavailable', 'No worker is running.', { retryAfter: 5 });
    if (this.containerLog === null) throw new Problem('NoDeployment', `${name} is ${state}; it has no deployment.`);
    this.logRanges.push(range);
    return this.containerLog;
  }

  async proof(name: string): Promise<EnvironmentProof> {
    const record = await this.get(name);
    const stored = { record, runs: this.history.get(name) ?? [], specHash: specHashOf, ref: refOf(record) };
    const proof = environmentProofOf(stored);
    if (!proof) throw new Problem('NoProof', noProofReason(stored));
    return proof;
  }

  async runs(name: string): Promise<RunRecord[]> {
    await this.get(name);
    return this.history.get(name) ?? [];
  }

  async run(name: string, runId: string): Promise<RunRecord> {
    const run = (await this.runs(name)).find(({ id }) => id === runId);
    if (!run) throw new Problem('NotFound', `${name} has no run ${runId}.`);
    return run;
  }

  async readiness(): Promise<{ temporal: boolean; worker: boolean }> {
    return this.ready;
  }
}
