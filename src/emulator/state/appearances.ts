import { groupIdOf, nameOf, parentIdOf, parseTarget, sameId } from '../arm/ids.ts';
import type { Instant, JsonObject, Resource } from '../arm/model.ts';
import type { Store } from './store.ts';

/** A resource that Azure, a policy or somebody else adds without a request of the client. */
export interface Appearance {
  /** `{id}` stands for the id of the resource whose event triggers it */
  id: string;
  /** seconds of Azure from the request on the control route, or from the event; default 0 */
  afterSeconds?: number;
  /** the event: the deletion of this begins. An id, or a type (any resource of it, once) */
  whenDeleting?: string;
  /** the event: this has been created */
  whenCreated?: string;
  location?: string;
  tags?: Record<string, string>;
  kind?: string;
  sku?: JsonObject;
  properties?: JsonObject;
}

type Scheduled = Appearance & { dueAt: Instant | null; done: boolean };

const key = 'appearances';

/** The scheduled appearances; persisted over a restart. */
export class Appearances {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(): Scheduled[] {
    return (this.#store.get('settings', key) as Scheduled[] | undefined) ?? [];
  }

  /** Throws a plain Error that says what is wrong with the request. */
  add(request: Partial<Appearance>, now: Instant, timeScale: number): Scheduled {
    const { id, afterSeconds = 0, whenDeleting, whenCreated } = request;
    if (id === undefined || typeOf(id.replace('{id}', '/subscriptions/s/providers/A.B/c/d')) === undefined)
      throw new Error('an appearance needs the "id" of a resource');
    if (!(afterSeconds >= 0)) throw new Error('"afterSeconds" is a number from 0');
    const waits = whenDeleting !== undefined || whenCreated !== undefined;
    const dueAt = waits ? null : now + afterSeconds * 1000 * timeScale;
    const scheduled = { ...request, id, dueAt, done: false };
    this.#save([...this.list(), scheduled]);
    return scheduled;
  }

  clear(): void {
    this.#store.delete('settings', key);
  }

  /** An event has happened: what waits for it is scheduled. */
  trigger(
    event: 'whenDeleting' | 'whenCreated',
    { id, type }: Pick<Resource, 'id' | 'type'>,
    now: Instant,
    timeScale: number,
  ): void {
    const all = this.list();
    const waiting = all.filter((one) => one.dueAt === null && !one.done && meets(one[event], id, type));
    if (waiting.length === 0) return;
    for (const one of waiting) {
      one.id = one.id.replace('{id}', id);
      one.dueAt = now + (one.afterSeconds ?? 0) * 1000 * timeScale;
    }
    this.#save(all);
  }

  /** The first that is due, marked as done. */
  takeDue(before: Instant): Scheduled | undefined {
    const all = this.list();
    const due = all
      .filter(({ dueAt, done }) => !done && dueAt !== null && dueAt <= before)
      .toSorted((a, b) => Number(a.dueAt) - Number(b.dueAt))[0];
    if (!due) return undefined;
    due.done = true;
    this.#save(all);
    return due;
  }

  /** Whether resources of a type have been scheduled here: the spelling of the type. */
  typeNamed(name: string): string | undefined {
    return this.list()
      .map(({ id }) => typeOf(id))
      .find((type) => type !== undefined && sameId(type, name));
  }

  #save(all: Scheduled[]): void {
    this.#store.set('settings', key, all);
  }
}

const typeOf = (id: string): string | undefined => {
  const target = parseTarget(id);
  return target && target.names.length === target.type.split('/').length - 1 ? target.type : undefined;
};

/** An event names a resource by its id or its type. */
const meets = (wanted: string | undefined, id: string, type: string): boolean =>
  wanted !== undefined && sameId(wanted, wanted.startsWith('/') ? id : type);

/** The resource that appears; undefined when the group or the parent that it belongs to is gone. */
export function appeared(appearance: Appearance, exists: (id: string) => boolean, now: Instant): Resource | undefined {
  const { id, location, tags, kind, sku, properties = {} } = appearance;
  const type = typeOf(id) ?? '';
  const group = groupIdOf(id);
  const nested = type.split('/').length > 2;
  if (exists(id) || (group !== undefined && !exists(group)) || (nested && !exists(parentIdOf(id)))) return undefined;
  const members = { location, tags, kind, sku };
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return { id, type, name: nameOf(id), ...given, properties, createdAt: now };
}
