import { isAddition, isBrought } from './broughtResources.ts';
import { isWithin } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import type { ResourceKey } from './resourceKeys.ts';
import { plannedResource, plannedResources } from './resources.ts';
import type { CatalogueResource, PlannedResource } from './resources.ts';

/** The resources that an environment adds to existing ones, without those that are deleted with another addition. */
export function additionsOf(ref: EnvironmentRef): PlannedResource[] {
  const additions = plannedResources(ref).filter((resource) => isAddition(ref, resource));
  return additions.filter(({ id }) => !additions.some((other) => other.id !== id && isWithin(id, other.id)));
}

/** The addition with this id; undefined for any other resource. */
export const additionOf = (ref: EnvironmentRef, id: string): CatalogueResource | undefined =>
  additionsOf(ref).find((one) => one.id.toLowerCase() === id.toLowerCase());

/** The ids of what was brought, of some keys. */
export const broughtIds = (ref: EnvironmentRef, keys: readonly ResourceKey[]): string[] =>
  keys.filter((key) => isBrought(ref, { key })).map((key) => plannedResource(ref, key).id);
