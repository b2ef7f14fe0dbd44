import type { Json, Resource } from '../arm/model.ts';

type Shelf = Map<string, Resource>;

/** The first five segments of an id in lower case: the group, or the subscription for resources outside groups. */
const groupOf = (key: string): string => key.split('/').slice(0, 5).join('/');

const bothOf = (key: string, type: string): string => `${groupOf(key)} ${type.toLowerCase()}`;

const referenceTo = (id: string, type: string): string => `${id.toLowerCase()} ${type.toLowerCase()}`;

/** The ids of resources in a resource's properties, in lower case. */
function idsIn(value: Json | undefined, ids = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (/^\/subscriptions\//i.test(value)) ids.add(value.toLowerCase());
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) idsIn(member, ids);
  }
  return ids;
}

/** Indexes resources by group, type and the ids that they refer to, so that a query does not scan all of them. Keys are lower-case ids. */
export class ResourceIndex {
  readonly #byType = new Map<string, Shelf>();
  readonly #byGroup = new Map<string, Shelf>();
  /** keys: group and type */
  readonly #byBoth = new Map<string, Shelf>();
  /** keys: an id, and the type of those that refer to it */
  readonly #byReference = new Map<string, Shelf>();
  /** the ids that each resource referred to when it was added */
  readonly #references = new Map<string, Set<string>>();

  add(resource: Resource): void {
    const key = resource.id.toLowerCase();
    shelf(this.#byType, resource.type.toLowerCase()).set(key, resource);
    shelf(this.#byGroup, groupOf(key)).set(key, resource);
    shelf(this.#byBoth, bothOf(key, resource.type)).set(key, resource);
    this.#refer(resource, idsIn(resource.properties));
  }

  delete(resource: Resource): void {
    const key = resource.id.toLowerCase();
    unshelve(this.#byType, resource.type.toLowerCase(), key);
    unshelve(this.#byGroup, groupOf(key), key);
    unshelve(this.#byBoth, bothOf(key, resource.type), key);
    this.#refer(resource, new Set());
  }

  #refer(resource: Resource, ids: Set<string>): void {
    const key = resource.id.toLowerCase();
    for (const id of this.#references.get(key) ?? [])
      if (!ids.has(id)) unshelve(this.#byReference, referenceTo(id, resource.type), key);
    for (const id of ids) shelf(this.#byReference, referenceTo(id, resource.type)).set(key, resource);
    if (ids.size === 0) this.#references.delete(key);
    else this.#references.set(key, ids);
  }

  clear(): void {
    this.#byType.clear();
    this.#byGroup.clear();
    this.#byBoth.clear();
    this.#byReference.clear();
    this.#references.clear();
  }

  ofType(type: string): Resource[] {
    return [...(this.#byType.get(type.toLowerCase())?.values() ?? [])];
  }

  referring(id: string, type: string): Resource[] {
    return [...(this.#byReference.get(referenceTo(id, type))?.values() ?? [])];
  }

  /** The resources of a group, or below a resource in it; of one type if given. */
  descendants(id: string, type?: string): Resource[] {
    const prefix = `${id.toLowerCase()}/`;
    const group = groupOf(prefix.slice(0, -1));
    const candidates = type === undefined ? this.#byGroup.get(group) : this.#byBoth.get(bothOf(group, type));
    const found: Resource[] = [];
    for (const [key, resource] of candidates ?? []) if (key.startsWith(prefix)) found.push(resource);
    return found;
  }
}

function shelf(shelves: Map<string, Shelf>, name: string): Shelf {
  const found = shelves.get(name) ?? new Map<string, Resource>();
  shelves.set(name, found);
  return found;
}

function unshelve(shelves: Map<string, Shelf>, name: string, key: string): void {
  const found = shelves.get(name);
  found?.delete(key);
  if (found?.size === 0) shelves.delete(name);
}
