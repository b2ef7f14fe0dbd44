import type { CatalogueKey } from './resourceKeys.ts';
import { isInGroup } from './broughtResources.ts';
import { parseResourceId } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { resourceCatalogue } from './resourceCatalogue.ts';
import { zoneNames } from './privateLinks.ts';
import type { WireTags } from './groupTags.ts';

/** The tags that name the existing resources of an environment begin so. */
export const usesPrefix = 'moat-uses-';
/** Azure's limit of a tag's value (Azure docs: tag limits). */
export const longestTagValue = 256;

const byPolicy = 'zoneGroupsByPolicy';
const subnetType = 'Microsoft.Network/virtualNetworks/subnets';

/** Keys of what can be brought, with the ARM type of each. The network follows from its subnet. */
export const broughtTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    (['workspace', 'registry', 'storageAccount', 'vault', 'applicationInsights', 'identity'] as CatalogueKey[]).map(
      (key) => [key, resourceCatalogue[key].type],
    ),
  ),
  subnet: subnetType,
  ...Object.fromEntries(zoneNames.map((zone) => [`zone:${zone}`, resourceCatalogue.zone.type])),
};

/** An id without what its key implies: group and name, below the subscription where that is another one. */
function shortId(subscriptionId: string, id: string): string {
  const parsed = parseResourceId(id);
  if (!parsed) throw new RangeError(`not the id of a resource: ${id}`);
  const own = parsed.subscriptionId.toLowerCase() === subscriptionId.toLowerCase();
  return [...(own ? [] : [parsed.subscriptionId]), parsed.group, parsed.name].join('/');
}

/** The id that `shortId` has shortened; undefined for any other text. */
function longId(subscriptionId: string, type: string, short: string): string | undefined {
  const [provider, ...types] = type.split('/');
  const parts = short.split('/');
  const names = parts.slice(-types.length);
  const [group, ...subscriptions] = parts.slice(0, -types.length).toReversed();
  if (group === undefined || subscriptions.length > 1 || parts.includes('')) return undefined;
  const path = types.map((one, index) => `${one}/${names[index]}`).join('/');
  return `/subscriptions/${subscriptions[0] ?? subscriptionId}/resourceGroups/${group}/providers/${provider}/${path}`;
}

/** What the tags of the group record about the existing resources that the environment uses, so that they survive its workflow. */
export function usesOf(ref: EnvironmentRef): Record<string, string> {
  const brought = Object.entries(ref.ids ?? {}).filter(
    ([key, id]) => key in broughtTypes && id !== undefined && !isInGroup(ref, id),
  );
  if (brought.length === 0) return {};
  return {
    ...Object.fromEntries(brought.map(([key, id]) => [key, shortId(ref.subscriptionId, id!)])),
    ...(ref.zoneGroupsByPolicy && { [byPolicy]: 'true' }),
    // what was added has it in its name, also when nothing in the group has it any more
    suffix: ref.suffix,
  };
}

/** The part of a ref that the tags of its group record: the inverse of `usesOf`. A policy may have changed the case of names and values. */
export function refFromTags(
  subscriptionId: string,
  tags: WireTags,
): Partial<Pick<EnvironmentRef, 'ids' | 'zoneGroupsByPolicy' | 'suffix'>> {
  const values = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
  const valueOf = (key: string): string | undefined => values.get(`${usesPrefix}${key}`.toLowerCase());
  const ids = Object.entries(broughtTypes).flatMap(([key, type]): [string, string][] => {
    const value = valueOf(key);
    const id = value === undefined ? undefined : longId(subscriptionId, type, value);
    return id === undefined ? [] : [[key, id]];
  });
  const subnet = Object.fromEntries(ids)['subnet'];
  if (subnet !== undefined) ids.push(['virtualNetwork', subnet.replace(/\/subnets\/[^/]+$/i, '')]);
  const suffix = valueOf('suffix')?.toLowerCase();
  return {
    ...(ids.length > 0 && { ids: Object.fromEntries(ids) }),
    ...(valueOf(byPolicy) !== undefined && { zoneGroupsByPolicy: true }),
    ...(suffix !== undefined && { suffix }),
  };
}
