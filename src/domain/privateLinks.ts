import { resourceCatalogue } from './resourceCatalogue.ts';
import type { PrivateLink, PrivateLinkTargetKey, ResourceKey } from './resourceKeys.ts';
import type { PrivateLinkDefinition, ResourceRow } from './resourceRow.ts';

/** A private link with the resource that it leads to. */
export interface PrivateLinkTarget extends PrivateLinkDefinition {
  target: PrivateLinkTargetKey;
  zoneNames: readonly string[];
}

const rows = Object.entries(resourceCatalogue) as [PrivateLinkTargetKey, ResourceRow][];

/** Every private link of an environment, from the rows that offer one. */
export const privateLinks = Object.fromEntries(
  rows.flatMap(([target, row]) =>
    Object.entries(row.privateLinks ?? {}).map(([link, definition]) => [
      link,
      { ...definition, target, zoneNames: Object.keys(definition.zones) },
    ]),
  ),
) as unknown as Record<PrivateLink, PrivateLinkTarget>;

export const privateLinkKeys = Object.keys(privateLinks) as PrivateLink[];
export const zoneNames: readonly string[] = privateLinkKeys.flatMap((link) => privateLinks[link].zoneNames);

/** The private link of a key like `privateEndpoint:blob`. Throws RangeError on any other key. */
export function privateLinkOf(key: ResourceKey): PrivateLinkTarget {
  const link = privateLinkKeys.find((one) => key.endsWith(`:${one}`));
  if (!link) throw new RangeError(`not the key of a private link: ${key}`);
  return privateLinks[link];
}
