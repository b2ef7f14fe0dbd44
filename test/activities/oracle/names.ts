import type { ArmJson, ArmResources } from './armJson.ts';

/** The services of an environment, with the words that rows use for them. */
export const services = {
  workspace: 'workspace API',
  blob: 'blob storage',
  file: 'file storage',
  vault: 'key vault',
  registry: 'container registry',
  scoring: 'scoring endpoint',
} as const;
export type Service = keyof typeof services;
export const serviceNames = Object.keys(services) as Service[];

/** What a private endpoint of each is for (Azure docs: private link resources). */
export const subresources: Record<Service, string> = {
  workspace: 'amlworkspace',
  blob: 'blob',
  file: 'file',
  vault: 'vault',
  registry: 'registry',
  scoring: 'amlworkspace',
};

type Text = string | undefined;
/** Azure compares ids, names and states without regard to case. */
export const same = (one: Text, other: Text): boolean => (one ?? '').toLowerCase() === (other ?? '').toLowerCase();

/** A service: its public name, the resource that answers, and the one that its private endpoint leads to. */
export interface Site {
  host: string;
  resource: ArmJson;
  target: ArmJson;
}

const own = (host: string, resource: ArmJson): Site => ({ host, resource, target: resource });

/** Where each service is, from the resources themselves. */
export function sitesOf(resources: ArmResources): Record<Service, Site> {
  const [account] = resources.storageAccounts;
  const [vault] = resources.vaults;
  const [registry] = resources.registries;
  const [workspace] = resources.workspaces;
  const [endpoint] = resources.endpoints;
  const guid = workspace.properties.workspaceId as string;
  return {
    workspace: own(`${guid}.workspace.${workspace.location}.api.azureml.ms`, workspace),
    blob: own(`${account.name}.blob.core.windows.net`, account),
    file: own(`${account.name}.file.core.windows.net`, account),
    vault: own(new URL(vault.properties.vaultUri).hostname, vault),
    registry: own(registry.properties.loginServer, registry),
    scoring: { host: new URL(endpoint.properties.scoringUri).hostname, resource: endpoint, target: workspace },
  };
}

/** Public zones and the private ones that take their place (Azure docs: private endpoint DNS zone values). */
const privateZones: Record<string, string> = {
  'blob.core.windows.net': 'privatelink.blob.core.windows.net',
  'file.core.windows.net': 'privatelink.file.core.windows.net',
  'vault.azure.net': 'privatelink.vaultcore.azure.net',
  'azurecr.io': 'privatelink.azurecr.io',
  'api.azureml.ms': 'privatelink.api.azureml.ms',
  'notebooks.azure.net': 'privatelink.notebooks.azure.net',
};
export const zoneNames = Object.values(privateZones);

/** The private name that the public DNS makes an alias of a public one. `guid`: of the workspace, for scoring addresses. */
export function privateNameOf(host: string, guid: string): { name: string; zone: string } | undefined {
  const scoring = /^([^.]+)\.([^.]+)\.inference\.ml\.azure\.com$/.exec(host);
  if (scoring) return { name: `${scoring[1]}.${guid}.inference.${scoring[2]}`, zone: privateZones['api.azureml.ms']! };
  const suffix = Object.keys(privateZones).find((zone) => host.endsWith(`.${zone}`));
  return suffix === undefined ? undefined : { name: host.slice(0, -suffix.length - 1), zone: privateZones[suffix]! };
}

/** Sites of the Internet, and a host of each service tag, as the outward rows name them. */
export const internetSites = ['www.example.com', 'github.com'];
export const tagHosts: Record<string, string> = {
  AzureActiveDirectory: 'login.microsoftonline.com',
  AzureResourceManager: 'management.azure.com',
  'AzureFrontDoor.FirstParty': 'packages.microsoft.com',
  MicrosoftContainerRegistry: 'mcr.microsoft.com',
};

const regional: Record<Service, string> = {
  workspace: 'AzureMachineLearning',
  blob: 'Storage',
  file: 'Storage',
  vault: 'AzureKeyVault',
  registry: 'AzureContainerRegistry',
  scoring: 'AzureMachineLearning',
};

/** Service tags that hold the public address of a host (Azure docs: virtual network service tags). */
export function tagsOf(host: string, sites: Record<Service, Site>): string[] {
  // Front Door serves the Microsoft Container Registry (Azure docs: its client firewall rules)
  const further = host === 'mcr.microsoft.com' ? ['AzureFrontDoor.FirstParty'] : [];
  const own = Object.keys(tagHosts).filter((tag) => tagHosts[tag] === host);
  const found = serviceNames.find((service) => sites[service].host === host);
  const tag = found && regional[found];
  const location = found && sites[found].resource.location;
  return [...own, ...further, ...(tag ? [tag, `${tag}.${location}`] : [])];
}
