import { isAbsent } from './broughtResources.ts';
import type { PlacedRef } from './broughtResources.ts';
import { parseResourceId, resourceId } from './naming.ts';
import type { EnvironmentRef, ResourceRef } from './naming.ts';
import { privateLinkKeys, privateLinks, zoneNames } from './privateLinks.ts';
import { resourceCatalogue } from './resourceCatalogue.ts';
import type { CatalogueKey, ResourceKey } from './resourceKeys.ts';
import type { ResourceRow, Variant } from './resourceRow.ts';
import type { StepId } from './steps.ts';

/** A resource of one environment, as its row of the catalogue describes it. */
export interface CatalogueResource extends ResourceRef {
  row: CatalogueKey;
  /** of the row, and of the zone or private link where the row has several */
  key: string;
  step: StepId;
  title: string;
  id: string;
}

/** A resource that the sequence creates. */
export interface PlannedResource extends CatalogueResource {
  key: ResourceKey;
}

/** The subnet of the jumpbox and all private endpoints. */
export const subnetName = 'snet-scoring';

/** The name of such a row is only the beginning of a resource's name. */
export const hasNamePrefix = ({ lifetime }: ResourceRow): boolean =>
  lifetime === 'companionPrefix' || lifetime === 'perAttempt';

export const catalogueRows = Object.entries(resourceCatalogue) as [CatalogueKey, ResourceRow][];

/** The namespaces that must be registered with a subscription before Moat can create its resources. */
export const resourceProviders: readonly string[] = [
  ...new Set(catalogueRows.filter(([, row]) => !row.lifetime).map(([, { type }]) => type.split('/')[0]!)),
];

const single: Variant = { key: '', abbreviation: '' };
const variants = {
  none: [single],
  zone: zoneNames.map((key): Variant => ({ key, abbreviation: '' })),
  privateLink: privateLinkKeys.map((key): Variant => ({ key, abbreviation: privateLinks[key].abbreviation })),
};

type Named = PlacedRef & Pick<EnvironmentRef, 'suffix'> & { location?: string };

const keyOf = (rowKey: CatalogueKey, variant: Variant): string =>
  (resourceCatalogue[rowKey] as ResourceRow).each ? `${rowKey}:${variant.key}` : rowKey;

/** The name and id of a resource: given, below its parent's, or derived. */
function locate(ref: Named, rowKey: CatalogueKey, variant: Variant): { name: string; id: string } {
  const row: ResourceRow = resourceCatalogue[rowKey];
  const given = ref.ids?.[keyOf(rowKey, variant)];
  if (given !== undefined) return { name: parseResourceId(given)?.name ?? given, id: given };
  const own = row.name(ref, variant);
  if (row.parent === undefined) return { name: own, id: resourceId(ref, { type: row.type, name: own }) };
  const parent = locate(ref, row.parent as CatalogueKey, variant);
  return { name: `${parent.name}/${own}`, id: `${parent.id}/${row.type.split('/').at(-1)}/${own}` };
}

/** The resources of one row of the catalogue: one, or one per DNS zone or private link. */
export function resourcesOf(ref: Named, key: CatalogueKey): CatalogueResource[] {
  const row: ResourceRow = resourceCatalogue[key];
  return variants[row.each ?? 'none'].map((variant) => ({
    ...locate(ref, key, variant),
    type: row.type,
    row: key,
    key: keyOf(key, variant),
    step: row.step,
    title: row.title,
  }));
}

/** All resources of the sequence that exist as long as the environment, in the order of the catalogue; those that it brought are among them. */
export function plannedResources(ref: Named): PlannedResource[] {
  const keys = catalogueRows
    .filter(([key, { lifetime }]) => lifetime === undefined && !isAbsent(ref, key))
    .map(([key]) => key);
  return keys.flatMap((key) => resourcesOf(ref, key)) as PlannedResource[];
}

/** A resource that the sequence creates, by its key. Throws RangeError on a key that the environment does not have. */
export function plannedResource(ref: Named, key: ResourceKey): PlannedResource {
  const row = key.split(':')[0] as CatalogueKey;
  const found = row in resourceCatalogue ? resourcesOf(ref, row).find((one) => one.key === key) : undefined;
  if (!found) throw new RangeError(`unknown resource: ${key}`);
  return found as PlannedResource;
}

/** The last segment of a resource's name: its own, without its parents'. */
export const resourceName = (ref: Named, key: ResourceKey): string => plannedResource(ref, key).name.split('/').at(-1)!;

/** The rule that lets set-up and image build reach the Internet; it exists only while they run. */
export const buildInternetRule = (ref: Named): PlannedResource => plannedResource(ref, 'buildInternetRule');

/** Id of a managed run command of the jumpbox. */
export const runCommandId = (ref: Named, name: string): string => {
  const { id } = resourcesOf(ref, 'runCommand')[0]!;
  return `${id}${name}`;
};

/** The catalogue's rows of an ARM type, in whatever case it is spelled. */
export const rowsOfType = (type: string): [CatalogueKey, ResourceRow][] =>
  catalogueRows.filter(([, row]) => row.type.toLowerCase() === type.toLowerCase());
