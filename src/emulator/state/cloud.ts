import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { ErrorBody, Instant, Json, Operation, Resource, ResourceType, Cloud } from '../arm/model.ts';
import { Appearances, appeared } from './appearances.ts';
import { ResourceIndex } from './resourceIndex.ts';
import type { Store } from './store.ts';

/** What a scripted fault does to the next operation that begins. */
export interface OperationFault {
  error?: ErrorBody;
  hung?: boolean;
}

type Begin = Parameters<Cloud['startOperation']>[0];

/** Milliseconds for which an operation that has ended can be polled. */
const operationsKept = 24 * 3600 * 1000;

/** The emulated Azure: resources, objects and operations over the store, advanced by the clock. */
export class EmulatedCloud implements Cloud {
  readonly timeScale: number;
  readonly objects: Cloud['objects'];
  readonly appearances: Appearances;
  /** set by the router while it executes a request that a fault has hit */
  operationFault: OperationFault | undefined;
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #pending = new Map<string, Operation>();
  readonly #held = new Set<string>();
  readonly #index = new ResourceIndex();
  readonly ofType: Cloud['ofType'] = (type) => this.#index.ofType(type);
  readonly referring: Cloud['referring'] = (id, type) => this.#index.referring(id, type);

  constructor(clock: Clock, store: Store, types: ReadonlyMap<string, ResourceType>) {
    this.#clock = clock;
    this.#store = store;
    this.#types = types;
    this.timeScale = clock.timeScale;
    this.appearances = new Appearances(store);
    this.objects = {
      get: (key) => store.get('objects', key) as Json | undefined,
      put: (key, value) => store.set('objects', key, value),
      delete: (key) => store.delete('objects', key),
      keys: (prefix) => [...store.entries('objects')].map(([key]) => key).filter((key) => key.startsWith(prefix)),
    };
    this.#restore();
    store.onReload(() => this.#restore());
  }

  now(): Instant {
    return this.#clock.now();
  }

  duration(key: string, of?: string): number {
    return this.#clock.duration(key, of);
  }

  type(name: string): ResourceType | undefined {
    return this.#types.get(name.toLowerCase());
  }

  find(id: string): Resource | undefined {
    return this.#store.get('resources', id.toLowerCase()) as Resource | undefined;
  }

  all(): Resource[] {
    return [...this.#store.entries('resources')].map(([, resource]) => resource as Resource);
  }

  descendants(id: string, type?: string): Resource[] {
    if (id.split('/').length >= 5) return this.#index.descendants(id, type);
    const prefix = `${id.toLowerCase()}/`;
    const candidates = type === undefined ? this.all() : this.ofType(type);
    return candidates.filter((resource) => resource.id.toLowerCase().startsWith(prefix));
  }

  save(resource: Resource): void {
    this.#store.set('resources', resource.id.toLowerCase(), resource);
    this.#index.add(resource);
    if (resource.operation) this.#store.set('operations', resource.operation.id, resource.operation);
  }

  remove(id: string): void {
    const resource = this.find(id);
    if (!resource) return;
    this.#store.delete('resources', id.toLowerCase());
    this.#index.delete(resource);
  }

  operation(id: string): Operation | undefined {
    return this.#store.get('operations', id) as Operation | undefined;
  }

  /** All operations that are kept, in the order in which they began. */
  operations(): Operation[] {
    return [...this.#store.entries('operations')].map(([, operation]) => operation as Operation);
  }

  /** Saves a changed operation (its wire style). */
  saveOperation(operation: Operation): void {
    this.#store.set('operations', operation.id, operation);
  }

  startOperation(request: Begin & { query?: Record<string, string>; durationMs?: number }): Operation {
    const { durationKey, durationMs = this.duration(durationKey, request.resourceId), ...rest } = request;
    const fault = this.operationFault;
    this.operationFault = undefined;
    const operation: Operation = {
      id: randomUUID(),
      ...rest,
      startedAt: this.now(),
      endsAt: fault?.hung ? null : this.now() + durationMs,
      outcome: 'Succeeded',
      ...(fault?.error ? { error: fault.error } : {}),
      settled: false,
    };
    this.#pending.set(operation.id, operation);
    this.saveOperation(operation);
    const resource = this.find(operation.resourceId);
    // An action does not change a resource's provisioningState.
    if (resource && operation.kind !== 'action') {
      resource.operation = operation;
      this.save(resource);
    }
    if (resource && operation.kind === 'delete') this.#trigger('whenDeleting', resource);
    return operation;
  }

  /** Records a change that was completed within its request, beside the long-running operations. */
  record(kind: 'create' | 'update' | 'delete', resource: Resource): void {
    const at = this.now();
    if (kind !== 'update') this.#trigger(kind === 'create' ? 'whenCreated' : 'whenDeleting', resource);
    const { id: resourceId, location = 'global' } = resource;
    const done = { startedAt: at, endsAt: at, outcome: 'Succeeded', settled: true } as const;
    this.saveOperation({ id: randomUUID(), kind, resourceId, location, ...done });
  }

  running(resource: Resource): Operation | undefined {
    return resource.operation?.settled === false ? resource.operation : undefined;
  }

  runningOn(id: string): Operation | undefined {
    const wanted = id.toLowerCase();
    return [...this.#pending.values()].find(({ resourceId }) => resourceId.toLowerCase() === wanted);
  }

  provisioningState(resource: Resource): string {
    const operation = resource.operation;
    if (!operation) return 'Succeeded';
    if (operation.settled) return operation.outcome;
    const states = this.type(resource.type)?.states;
    if (operation.kind === 'delete') return states?.delete ?? 'Deleting';
    return operation.kind === 'create' ? (states?.create ?? 'Creating') : (states?.update ?? 'Updating');
  }

  /** Keeps an operation from ending while `work`, which decides its outcome, is running. */
  async hold(operation: Operation, work: () => void | Promise<void> | undefined): Promise<void> {
    this.#held.add(operation.id);
    try {
      await work();
    } finally {
      this.#held.delete(operation.id);
    }
  }

  /** Completes all operations that are due, and adds what appears by then, in order. */
  completeDue(): void {
    for (;;) {
      const due = this.#nextDue();
      const appearance = this.appearances.takeDue(due?.endsAt ?? this.now());
      const resource =
        appearance && appeared(appearance, (id) => this.find(id) !== undefined, Number(appearance.dueAt));
      if (resource) this.#appear(resource);
      if (appearance) continue;
      if (!due) return;
      this.#clock.at(due.endsAt as Instant, () => this.#complete(due));
    }
  }

  /** What appears has the effects of its type: a zone group that a policy makes writes records. */
  #appear(resource: Resource): void {
    this.save(resource);
    this.type(resource.type)?.onCreated?.(this, resource);
    if (this.find(resource.id)) this.save(resource);
  }

  #trigger(event: 'whenDeleting' | 'whenCreated', resource: Resource): void {
    this.appearances.trigger(event, resource, this.now(), this.timeScale);
  }

  /** Cancels a running operation: its effect never happens. */
  cancel(operation: Operation, error: ErrorBody): void {
    this.#finish(operation, 'Canceled', error);
  }

  end(operation: Operation, outcome: Operation['outcome'], error?: ErrorBody): void {
    operation.endsAt = this.now();
    this.#finish(operation, outcome, error);
  }

  /** Removes a resource and all below it, deepest first, each with its type's `deleted` hook. */
  removeTree(root: Resource, query: Record<string, string>): void {
    const children = this.descendants(root.id).toSorted((a, b) => b.id.split('/').length - a.id.split('/').length);
    for (const resource of [...children, root]) {
      const running = this.running(resource);
      if (running && running.kind !== 'delete')
        this.cancel(running, {
          code: 'OperationCanceled',
          message: 'The operation was canceled: the resource was deleted.',
        });
      this.remove(resource.id);
      this.type(resource.type)?.onDeleted?.(this, resource, resource === root ? query : {});
    }
  }

  /** Deletes everything. */
  wipe(): void {
    this.#store.wipe();
    this.#pending.clear();
    this.#index.clear();
  }

  #nextDue(): Operation | undefined {
    const now = this.now();
    let next: Operation | undefined;
    for (const operation of this.#pending.values()) {
      const { id, endsAt } = operation;
      if (endsAt !== null && endsAt <= now && endsAt < (next?.endsAt ?? Infinity) && !this.#held.has(id))
        next = operation;
    }
    return next;
  }

  #complete(operation: Operation): void {
    const resource = this.find(operation.resourceId);
    const type = resource && this.type(resource.type);
    const changes = operation.kind === 'create' || operation.kind === 'update';
    const error = operation.error ?? (resource && changes ? type?.completionError?.(this, resource) : undefined);
    this.#finish(operation, error ? 'Failed' : 'Succeeded', error);
    if (operation.purges !== undefined && !error) this.objects.delete(operation.purges);
    if (!resource || error) return;
    if (operation.action !== undefined) type?.onActionEnded?.(this, resource, operation.action);
    if (operation.kind === 'delete') this.removeTree(resource, operation.query ?? {});
    else if (changes) {
      type?.onCreated?.(this, resource);
      if (operation.kind === 'create') this.#trigger('whenCreated', resource);
      if (this.find(resource.id)) this.save(resource);
    }
  }

  #finish(operation: Operation, outcome: Operation['outcome'], error: ErrorBody | undefined): void {
    operation.settled = true;
    operation.outcome = outcome;
    operation.endsAt ??= this.now();
    if (error) operation.error = error;
    this.#pending.delete(operation.id);
    this.saveOperation(operation);
    const resource = this.find(operation.resourceId);
    if (resource?.operation?.id === operation.id) this.save(resource);
  }

  /** Ends operations that scripted faults have hung, as if they were only late. */
  releaseHung(): void {
    for (const operation of this.#pending.values()) {
      if (operation.endsAt !== null) continue;
      operation.endsAt = this.now();
      this.saveOperation(operation);
    }
  }

  /**
   * After a start or a reload: indexes what the store holds. A resource and the operations table share one operation object
   * again; operations that ended long ago are deleted.
   */
  #restore(): void {
    this.#pending.clear();
    this.#index.clear();
    let latest = 0;
    for (const resource of this.all()) {
      this.#index.add(resource);
      if (resource.createdAt > latest) latest = resource.createdAt;
    }
    for (const [, value] of this.#store.entries('operations')) {
      const { startedAt } = value as Operation;
      if (startedAt > latest) latest = startedAt;
    }
    this.#clock.advanceTo(latest);
    for (const [id, value] of this.#store.entries('operations')) {
      const operation = value as Operation;
      if (operation.settled && (operation.endsAt ?? 0) < this.now() - operationsKept)
        this.#store.delete('operations', id);
      if (!operation.settled) this.#pending.set(id, operation);
      const resource = this.find(operation.resourceId);
      if (resource?.operation?.id === id) resource.operation = operation;
    }
  }
}
