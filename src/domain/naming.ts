import { existingIds } from './existingResources.ts';
import type { ExistingIds } from './existingResources.ts';
import type { Spec } from './environment.ts';

/** An ARM resource of an environment, by type and name. `name` has one segment per type segment (`vnet-x/snet-scoring`). */
export interface ResourceRef {
  type: string;
  name: string;
}

/** What the names and ids of an environment's resources are derived from. */
export interface EnvironmentRef {
  subscriptionId: string;
  name: string;
  location: string;
  suffix: string;
  /** the name of the environment's resource group, where it is another one than `rg-moat-{name}` */
  group?: string;
  /** the ARM ids of resources that existed before the environment, by key; every other id follows from name and suffix */
  ids?: ExistingIds;
  /** ARM ids of further resources in the group that a person made the environment's when it was adopted: teardown deletes them */
  takenOver?: readonly string[];
  /** a policy writes the zone groups of private endpoints, so the environment has none of its own */
  zoneGroupsByPolicy?: true;
}

/** What the name of an environment's resource group is derived from. */
export type GroupRef = Pick<EnvironmentRef, 'name' | 'group'>;

/** `/environments/summary` is another resource of the API. */
export const environmentNamePattern = '^(?!summary$)(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$';
export const suffixPattern = '^[a-z0-9]{3,10}$';

export const groupName = ({ name, group = `rg-moat-${name}` }: GroupRef): string => group;
export const environmentNameOfGroup = (group: string): string | undefined => /^rg-moat-(.+)$/i.exec(group)?.[1];
/** The name of the online endpoint, 32 characters at most: the beginning of the environment's name, a dash, the suffix. */
export const endpointName = (ref: Pick<EnvironmentRef, 'name' | 'suffix'>): string =>
  `${ref.name.slice(0, 32 - 1 - ref.suffix.length).replace(/-+$/, '')}-${ref.suffix}`;

export const environmentRefOf = (subscriptionId: string, spec: Spec): EnvironmentRef => ({
  subscriptionId,
  name: spec.name,
  location: spec.location,
  suffix: spec.suffix,
  ...(spec.resourceGroup !== undefined && { group: spec.resourceGroup }),
  ...(spec.existing && { ids: existingIds(spec.existing) }),
  ...(spec.takeOver && { takenOver: spec.takeOver }),
  ...(spec.existing?.zoneGroupsByPolicy && { zoneGroupsByPolicy: true }),
});

export const groupId = (ref: GroupRef & Pick<EnvironmentRef, 'subscriptionId'>): string =>
  `/subscriptions/${ref.subscriptionId}/resourceGroups/${groupName(ref)}`;

/** The ARM id of a resource in an environment's group. */
export function resourceId(ref: GroupRef & Pick<EnvironmentRef, 'subscriptionId'>, resource: ResourceRef): string {
  const [provider, ...types] = resource.type.split('/');
  const segments = resource.name.split('/');
  return `${groupId(ref)}/providers/${provider}/${types.map((type, i) => `${type}/${segments[i]}`).join('/')}`;
}

/** The type and name of a resource inside a group; undefined for anything else. */
export function parseResourceId(id: string): (ResourceRef & { subscriptionId: string; group: string }) | undefined {
  const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+)$/i.exec(id);
  if (!match) return undefined;
  const parts = match[4]!.split('/');
  return {
    subscriptionId: match[1]!,
    group: match[2]!,
    type: [match[3]!, ...parts.filter((_, i) => i % 2 === 0)].join('/'),
    name: parts.filter((_, i) => i % 2 === 1).join('/'),
  };
}

/** Whether the resource or scope `inner` is `outer` or is contained in it. */
export const isWithin = (inner: string, outer: string): boolean =>
  `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase()}/`);
