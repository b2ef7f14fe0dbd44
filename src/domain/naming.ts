import type { Spec } from './environment.ts';

/** An ARM resource of an environment, by its place in the group. `name` has one segment per type segment (`vnet-x/snet-scoring`). */
export interface ResourceRef {
  type: string;
  name: string;
}

/** Where an environment's resources are, and what they are called: all that a name follows from. */
export interface EnvironmentRef {
  subscriptionId: string;
  name: string;
  location: string;
  suffix: string;
}

export const environmentNamePattern = '^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$';
export const suffixPattern = '^[a-z0-9]{3,10}$';

export const groupName = (name: string): string => `rg-moat-${name}`;
export const environmentNameOfGroup = (group: string): string | undefined => /^rg-moat-(.+)$/i.exec(group)?.[1];
/** Ends inside the 32 characters of an online endpoint's name: 23 of the environment's, a dash, 8 or 10 of the suffix. */
export const endpointName = (site: Pick<EnvironmentRef, 'name' | 'suffix'>): string =>
  `${site.name.slice(0, 32 - 1 - site.suffix.length).replace(/-+$/, '')}-${site.suffix}`;

export const environmentRefOf = (subscriptionId: string, spec: Spec): EnvironmentRef => ({
  subscriptionId,
  name: spec.name,
  location: spec.location,
  suffix: spec.suffix,
});

/** What a private endpoint can reach, and the zones that its records belong to (Azure docs: private endpoint DNS; the template's Key Vault zone is wrong). */
export const privateLinks = {
  vault: { groupId: 'vault', zones: ['privatelink.vaultcore.azure.net'] },
  blob: { groupId: 'blob', zones: ['privatelink.blob.core.windows.net'] },
  file: { groupId: 'file', zones: ['privatelink.file.core.windows.net'] },
  registry: { groupId: 'registry', zones: ['privatelink.azurecr.io'] },
  workspace: { groupId: 'amlworkspace', zones: ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'] },
} as const;

export type PrivateLink = keyof typeof privateLinks;
export const privateLinkNames = Object.keys(privateLinks) as PrivateLink[];
export const zoneNames: readonly string[] = privateLinkNames.flatMap((link) => privateLinks[link].zones);

const linkSuffix: Record<PrivateLink, string> = {
  vault: 'kv',
  blob: 'st-blob',
  file: 'st-file',
  registry: 'cr',
  workspace: 'mlw',
};

/** The resource names of the article, from the suffix. */
export function names(site: Pick<EnvironmentRef, 'name' | 'suffix'>) {
  const s = site.suffix;
  return {
    group: groupName(site.name),
    networkSecurityGroup: `nsg-${s}`,
    natAddress: `pip-${s}`,
    natGateway: `nat-${s}`,
    virtualNetwork: `vnet-${s}`,
    subnet: 'snet-scoring',
    zoneLink: `link-${s}`,
    logAnalytics: `log-${s}`,
    applicationInsights: `appi-${s}`,
    storageAccount: `st${s}`,
    vault: `kv${s}`,
    registry: `cr${s}`,
    identity: `uai-${s}`,
    workspace: `mlw-${s}`,
    privateEndpoint: (link: PrivateLink) => `ple-${s}-${linkSuffix[link]}`,
    zoneGroup: 'default',
    networkInterface: `nic-${s}`,
    virtualMachine: `vm-${s}`,
    disk: `osdisk-${s}`,
    onlineEndpoint: endpointName(site),
    deployment: 'blue',
  };
}

export const groupId = (site: Pick<EnvironmentRef, 'subscriptionId' | 'name'>): string =>
  `/subscriptions/${site.subscriptionId}/resourceGroups/${groupName(site.name)}`;

/** The ARM id of a resource in an environment's group. */
export function resourceId(site: Pick<EnvironmentRef, 'subscriptionId' | 'name'>, ref: ResourceRef): string {
  const [provider, ...types] = ref.type.split('/');
  const segments = ref.name.split('/');
  return `${groupId(site)}/providers/${provider}/${types.map((type, i) => `${type}/${segments[i]}`).join('/')}`;
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

/** Whether a resource or scope is another one or lies in it. */
export const isWithin = (inner: string, outer: string): boolean =>
  `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase()}/`);
