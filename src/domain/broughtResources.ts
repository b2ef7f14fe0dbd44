import { groupId, isWithin } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import type { CatalogueKey } from './resourceKeys.ts';

/** Where an environment's resources are: in its group, or wherever an existing one is. */
export type PlacedRef = Pick<EnvironmentRef, 'subscriptionId' | 'name' | 'group' | 'ids' | 'zoneGroupsByPolicy'>;

/** A resource by its key and id. */
interface Keyed {
  key: string;
  id: string;
}

/** Whether a resource lies in the environment's group. */
export const isInGroup = (ref: PlacedRef, id: string): boolean => isWithin(id, groupId(ref));

/** Whether the resource of this key existed before the environment, outside of its group: it is used, never written and never deleted. */
export function isBrought(ref: PlacedRef, { key }: Pick<Keyed, 'key'>): boolean {
  const id = ref.ids?.[key];
  return id !== undefined && !isInGroup(ref, id);
}

/** Whether a resource was added to one that was brought: it lies outside of the group, carries the seal, and is deleted with the environment. */
export const isAddition = (ref: PlacedRef, { key, id }: Keyed): boolean =>
  !isBrought(ref, { key }) && !isInGroup(ref, id);

/** What an environment does not have where it uses an existing resource: the owner's own takes its place. */
const replaced: Partial<Record<CatalogueKey, readonly string[]>> = {
  networkSecurityGroup: ['subnet'],
  buildInternetRule: ['subnet'],
  natAddress: ['subnet'],
  natGateway: ['subnet'],
  logAnalytics: ['applicationInsights', 'workspace'],
  applicationInsights: ['workspace'],
};

/** Whether the environment has no resource of this row of the catalogue. A brought one is not absent. */
export const isAbsent = (ref: PlacedRef, row: CatalogueKey): boolean =>
  row === 'zoneGroup'
    ? ref.zoneGroupsByPolicy === true
    : !isBrought(ref, { key: row }) && (replaced[row]?.some((key) => isBrought(ref, { key })) ?? false);

/** Whether the environment uses any resource that existed before it. */
export const bringsResources = (ref: PlacedRef): boolean =>
  Object.keys(ref.ids ?? {}).some((key) => isBrought(ref, { key }));
