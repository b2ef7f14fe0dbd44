import type { Json, JsonObject, Resource } from '../arm/model.ts';

/** A member below a resource's properties, by its path; undefined where the path leads nowhere. */
export function at(value: Json | undefined, ...path: string[]): Json | undefined {
  let found = value;
  for (const member of path) found = objectOf(found)?.[member];
  return found;
}

export function textAt(value: Json | undefined, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function listAt(value: Json | undefined, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `West US 2` and `westus2` are one region. */
export const regionOf = (resource: Resource): string => (resource.location ?? '').replaceAll(' ', '').toLowerCase();
