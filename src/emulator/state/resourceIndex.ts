import type { Resource } from '../arm/model.ts';

type Shelf = Map<string, Resource>;

/** The first five segments of an id in lower case: the group, or the subscription for resources outside groups. */
const groupOf = (key: string): string => key.split('/').slice(0, 5).join('/');

/** Indexes resources by group and type, so that a query does not scan all of them. Keys are lower-case ids. */
export class ResourceIndex {
  readonly #byType = new Map<string, Shelf>();
  readonly #byGroup = new Map<string, Shelf>();

  add(resource: Resource): void {
    const key = resource.id.toLowerCase();
    shelf(this.#byType, resource.type.toLowerCase()).set(key, resource);
    shelf(this.#byGroup, groupOf(key)).set(key, resource);
  }

  delete(resource: Resource): void {
    const key = resource.id.toLowerCase();
    this.#byType.get(resource.type.toLowerCase())?.delete(key);
    this.#byGroup.get(groupOf(key))?.delete(key);
  }

  clear(): void {
    this.#byType.clear();
    this.#byGroup.clear();
  }

  ofType(type: string): Resource[] {
    return [...(this.#byType.get(type.toLowerCase())?.values() ?? [])];
  }

  /** The resources of a group, or below a resource in it. */
  descendants(id: string): Resource[] {
    const prefix = `${id.toLowerCase()}/`;
    const found: Resource[] = [];
    for (const [key, resource] of this.#byGroup.get(groupOf(prefix.slice(0, -1))) ?? [])
      if (key.startsWith(prefix)) found.push(resource);
    return found;
  }
}

function shelf(shelves: Map<string, Shelf>, name: string): Shelf {
  const found = shelves.get(name) ?? new Map<string, Resource>();
  shelves.set(name, found);
  return found;
}
