import type { Instant, Json, JsonObject, Operation, Resource, Cloud } from '../../src/emulator/arm/model.ts';
import durations from '../../src/emulator/data/durations.json' with { type: 'json' };

export const group = '/subscriptions/s/resourceGroups/rg-moat-demo';
export const region = 'westus2';

const seconds = durations as unknown as Record<string, [number, string]>;

/** A cloud in memory whose clock advances only when a test advances it, for data plane and script tests. */
export class MemoryCloud implements Cloud {
  readonly timeScale = 1;
  readonly resources = new Map<string, Resource>();
  readonly kept = new Map<string, Json>();
  clock: Instant = 1_000_000;

  readonly objects = {
    get: (key: string) => this.kept.get(key),
    put: (key: string, value: Json) => void this.kept.set(key, structuredClone(value)),
    delete: (key: string) => void this.kept.delete(key),
    keys: (prefix: string) => [...this.kept.keys()].filter((key) => key.startsWith(prefix)),
  };

  now(): Instant {
    return this.clock;
  }
  duration(key: string): number {
    return (seconds[key]?.[0] ?? 0) * 1000 * this.timeScale;
  }
  find(id: string): Resource | undefined {
    return this.resources.get(id.toLowerCase());
  }
  descendants(id: string, type?: string): Resource[] {
    const prefix = `${id.toLowerCase()}/`;
    return [...this.resources]
      .filter(([key, resource]) => key.startsWith(prefix) && (type === undefined || resource.type === type))
      .map(([, resource]) => resource);
  }
  ofType(type: string): Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }
  referring(id: string, type: string): Resource[] {
    const mentions = ({ properties }: Resource) =>
      JSON.stringify(properties).toLowerCase().includes(`"${id.toLowerCase()}"`);
    return this.ofType(type).filter(mentions);
  }
  save(resource: Resource): void {
    this.resources.set(resource.id.toLowerCase(), resource);
  }
  remove(id: string): void {
    this.resources.delete(id.toLowerCase());
  }
  startOperation(): Operation {
    throw new Error('nothing runs in this cloud');
  }
  end(): void {
    throw new Error('nothing runs in this cloud');
  }
  running(): undefined {
    return undefined;
  }
  runningOn(): undefined {
    return undefined;
  }
  provisioningState(): string {
    return 'Succeeded';
  }

  /** Adds a resource of the group, `name` being the path of names below its type. */
  add(type: string, name: string, properties: JsonObject, more: Partial<Resource> = {}): Resource {
    const [namespace, ...types] = type.split('/');
    const names = name.split('/');
    const path = types.map((segment, index) => `${segment}/${names[index]}`).join('/');
    const id = `${group}/providers/${namespace}/${path}`;
    const resource = { id, type, name: names.at(-1) ?? '', location: region, properties, createdAt: 1, ...more };
    this.save(resource);
    return resource;
  }
}
