import { isBrought } from './broughtResources.ts';
import { isWithin, parseResourceId } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { resourceCatalogue } from './resourceCatalogue.ts';
import type { CatalogueKey } from './resourceKeys.ts';
import { deletionPhase } from './resourceRow.ts';
import type { ResourceRow } from './resourceRow.ts';
import { catalogueRows, hasNamePrefix, resourcesOf, rowsOfType } from './resources.ts';
import type { CatalogueResource } from './resources.ts';
import type { StepId } from './steps.ts';

/** A teardown's phases in their order, each with the rows of the catalogue that it deletes. */
export const deletionPhases: readonly (readonly CatalogueKey[])[] = Object.values(deletionPhase).map((phase) =>
  catalogueRows.filter(([, row]) => row.phase === phase).map(([key]) => key),
);

/** The resources of a row that belong to the environment: one that was brought is its owner's. */
const ownResources = (ref: EnvironmentRef, key: CatalogueKey): CatalogueResource[] =>
  resourcesOf(ref, key).filter((resource) => !isBrought(ref, resource));

/** The catalogue's resource with this id, compared by type and name because other people can create resources in the group. */
export function ownResourceOf(ref: EnvironmentRef, id: string): CatalogueResource | undefined {
  const wanted = id.toLowerCase();
  for (const [key, row] of rowsOfType(parseResourceId(id)?.type ?? '')) {
    const found = ownResources(ref, key).find((own) =>
      hasNamePrefix(row) ? wanted.startsWith(own.id.toLowerCase()) : wanted === own.id.toLowerCase(),
    );
    if (found) return found;
  }
  return takenOverResource(ref, id);
}

/** A resource that a person made the environment's: it is deleted like those of Moat's that have its type. */
function takenOverResource({ takenOver = [] }: EnvironmentRef, id: string): CatalogueResource | undefined {
  const index = takenOver.findIndex((one) => one.toLowerCase() === id.toLowerCase());
  const parsed = parseResourceId(id);
  const found = index < 0 ? undefined : deletableRowOf(parsed?.type ?? '');
  if (!parsed || !found) return undefined;
  const [row, { step, title }] = found;
  // the key is part of activity ids, which are free of user input
  return { row, key: `takenOver:${index}`, step, title, id, type: parsed.type, name: parsed.name };
}

/** The row by which a resource of that type is deleted on its own; undefined where Moat does not delete such resources. */
export const deletableRowOf = (type: string): [CatalogueKey, ResourceRow] | undefined =>
  rowsOfType(type).find(([, row]) => row.phase !== undefined && !hasNamePrefix(row));

/** Whether a resource is one that Moat or, beside it, Azure created for the environment, or is contained in one. */
export function isOwn(ref: EnvironmentRef, id: string): boolean {
  return (
    ownResourceOf(ref, id) !== undefined ||
    catalogueRows.some(([key]) => ownResources(ref, key).some((own) => isWithin(id, own.id)))
  );
}

/** The catalogue row for a resource's deletion: its own row; for a foreign resource, the first row of its type. */
function rowKeyOf(ref: EnvironmentRef, id: string): CatalogueKey | undefined {
  return ownResourceOf(ref, id)?.row ?? rowsOfType(parseResourceId(id)?.type ?? '')[0]?.[0];
}

/** How a listed resource is deleted: in its phase, with its parent (`contained`), or not at all because it is not Moat's (`foreign`). */
export function deletionOf(ref: EnvironmentRef, id: string): { phase: number; step: StepId } | 'contained' | 'foreign' {
  if (!isOwn(ref, id)) return 'foreign';
  const own = ownResourceOf(ref, id);
  if (own === undefined) return 'contained';
  const { phase, step }: ResourceRow = resourceCatalogue[own.row];
  return phase === undefined ? 'contained' : { phase, step };
}

/** Whether a resource cannot be deleted because something that depends on it remains. */
export function hasDependents(ref: EnvironmentRef, id: string, remaining: readonly string[]): boolean {
  const key = rowKeyOf(ref, id);
  const { dependents = [] }: Partial<ResourceRow> = key === undefined ? {} : resourceCatalogue[key];
  return remaining.some((other) => {
    if (other.toLowerCase() === id.toLowerCase()) return false;
    const otherKey = rowKeyOf(ref, other);
    return isWithin(other, id) || (otherKey !== undefined && dependents.includes(otherKey));
  });
}
