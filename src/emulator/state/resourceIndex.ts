import type { Resource } from '../arm/model.ts';

type Shelf = Map<string, Resource>;

/** The first five segments of an id in lower case: the group, or the subscription for resources outside groups. */
const groupOf = (key: string): string => key.split('/').slice(0, 5).join('/');

const bothOf = (key: string, type: string): string => `${groupOf(key)} ${type.toLowerCase()}`;

/** Indexes resources by group and type, so that a query does not scan all of them. Keys are lower-case ids. */
export class ResourceIndex {
  readonly #byType = new Map<string, Shelf>();
  readonly #byGroup = new Map<string, Shelf>();
  /** keys: group and type */
  readonly #byBoth = new Map<string, Shelf>();

  add(resource: Resource): void {
    const key = resource.id.toLowerCase();
    shelf(this.#byType, resource.type.toLowerCase()).set(key, resource);
    shelf(this.#byGroup, groupOf(key)).set(key, resource);
    shelf(this.#byBoth, bothOf(key, resource.type)).set(key, resource);
  }

  delete(resource: Resource): void {
    const key = resource.id.toLowerCase();
    unshelve(this.#byType, resource.type.toLowerCase(), key);
    unshelve(this.#byGroup, groupOf(key), key);
    unshelve(this.#byBoth, bothOf(key, resource.type), key);
  }

  clear(): void {
    this.#byType.clear();
    this.#byGroup.clear();
    this.#byBoth.clear();
  }

  ofType(type: string): Resource[] {
    return [...(this.#byType.get(type.toLowerCase())?.values() ?? [])];
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
