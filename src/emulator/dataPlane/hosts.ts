import type { Resource, Cloud } from '../arm/model.ts';
import { hasRepositories } from '../jumpbox/gitRepositories.ts';
import { publicAddressOf } from './ipAddresses.ts';
import { addressSites, publicSites } from './publicSites.ts';
import { privateEndpointsOf } from './privateEndpointLookup.ts';
import { regionOf, textAt } from './jsonPath.ts';

type Service = 'blob' | 'file' | 'registry' | 'scoring' | 'workspace' | 'vault' | 'arm' | 'web';

/** A public DNS name and the service behind it. */
export interface Host {
  name: string;
  service: Service;
  address: string;
  /** service tags whose address ranges hold the address, beside `Internet` */
  tags: string[];
  /** names that the name is an alias of, in the order of the chain */
  aliases: string[];
  /** what answers: account, registry, vault or online endpoint */
  resource?: Resource;
  /** what a private endpoint must lead to for this name */
  privateTarget?: Resource;
}

/** Public hosts that are not resources of the emulated subscription, with their service tags. */
const publicHosts: Record<string, string[]> = {
  'management.azure.com': ['AzureResourceManager'],
  'login.microsoftonline.com': ['AzureActiveDirectory'],
  'mcr.microsoft.com': ['MicrosoftContainerRegistry', 'AzureFrontDoor.FirstParty'],
  'packages.microsoft.com': ['AzureFrontDoor.FirstParty'],
  'azure.archive.ubuntu.com': [],
  'security.ubuntu.com': [],
  'github.com': [],
  'pypi.org': [],
  'files.pythonhosted.org': [],
  'conda.anaconda.org': [],
  'registry-1.docker.io': [],
  'deb.debian.org': [],
  ...Object.fromEntries([...publicSites, ...addressSites].map((name) => [name, []])),
};

const microsoftHost = /\.(microsoft|azure|microsoftonline)\.com$/;

function regional(service: string, resource: Resource): string[] {
  return [service, `${service}.${regionOf(resource)}`, 'AzureCloud', `AzureCloud.${regionOf(resource)}`];
}

/** A name resolves once its resource has been created. */
const isCreated = (cloud: Cloud, resource: Resource): boolean => cloud.provisioningState(resource) !== 'Creating';

function findNamed(cloud: Cloud, type: string, name: string): Resource | undefined {
  return cloud.ofType(type).find((resource) => resource.name.toLowerCase() === name && isCreated(cloud, resource));
}

function azureHost(
  host: Pick<Host, 'name' | 'service' | 'tags'> & { resource: Resource; target?: Resource },
  alias: string,
  cloud: Cloud,
): Host {
  const { target, ...rest } = host;
  const privateTarget = target ?? host.resource;
  const aliases = privateEndpointsOf(cloud, privateTarget.id).length > 0 ? [alias] : [];
  return { ...rest, address: publicAddressOf(host.name, 'azure'), aliases, privateTarget };
}

function storageHost(cloud: Cloud, host: string, name: string, service: 'blob' | 'file'): Host | undefined {
  const resource = findNamed(cloud, 'Microsoft.Storage/storageAccounts', name);
  if (!resource) return undefined;
  const tags = regional('Storage', resource);
  return azureHost({ name: host, service, tags, resource }, `${name}.privatelink.${service}.core.windows.net`, cloud);
}

function vaultHost(cloud: Cloud, host: string, name: string): Host | undefined {
  const resource = findNamed(cloud, 'Microsoft.KeyVault/vaults', name);
  if (!resource) return undefined;
  const tags = regional('AzureKeyVault', resource);
  return azureHost({ name: host, service: 'vault', tags, resource }, `${name}.privatelink.vaultcore.azure.net`, cloud);
}

function registryHost(cloud: Cloud, host: string, name: string): Host | undefined {
  const [registry = ''] = name.split('.');
  const resource = findNamed(cloud, 'Microsoft.ContainerRegistry/registries', registry);
  if (!resource || (name !== registry && name !== `${registry}.${regionOf(resource)}.data`)) return undefined;
  const tags = regional('AzureContainerRegistry', resource);
  return azureHost({ name: host, service: 'registry', tags, resource }, `${name}.privatelink.azurecr.io`, cloud);
}

function scoringHost(cloud: Cloud, host: string, name: string, region: string): Host | undefined {
  const resource = cloud
    .ofType('Microsoft.MachineLearningServices/workspaces/onlineEndpoints')
    .find(
      (endpoint) => endpoint.name.toLowerCase() === name && regionOf(endpoint) === region && isCreated(cloud, endpoint),
    );
  const target = resource && cloud.find(resource.id.split('/onlineEndpoints/')[0] ?? '');
  if (!resource || !target) return undefined;
  const tags = regional('AzureMachineLearning', resource);
  const alias = `${name}.${textAt(target.properties, 'workspaceId')}.inference.${region}.privatelink.api.azureml.ms`;
  return azureHost({ name: host, service: 'scoring', tags, resource, target }, alias, cloud);
}

function workspaceHost(cloud: Cloud, host: string, guid: string, region: string): Host | undefined {
  const resource = cloud
    .ofType('Microsoft.MachineLearningServices/workspaces')
    .find((workspace) => textAt(workspace.properties, 'workspaceId') === guid && isCreated(cloud, workspace));
  if (!resource || regionOf(resource) !== region) return undefined;
  const tags = regional('AzureMachineLearning', resource);
  const alias = `${guid}.workspace.${region}.privatelink.api.azureml.ms`;
  return azureHost({ name: host, service: 'workspace', tags, resource }, alias, cloud);
}

function publicHost(host: string, tags: string[]): Host {
  const space = microsoftHost.test(`.${host}`) ? 'azure' : 'elsewhere';
  const service = host === 'management.azure.com' ? 'arm' : 'web';
  return { name: host, service, address: publicAddressOf(host, space), tags, aliases: [] };
}

/** The host that the public DNS has for a name, or undefined. Alias chains are those of Azure Private Link. */
export function findHost(cloud: Cloud, name: string): Host | undefined {
  const host = name.toLowerCase();
  const known = publicHosts[host];
  if (known) return publicHost(host, known);
  const [, account, service] = /^([a-z0-9]+)\.(blob|file)\.core\.windows\.net$/.exec(host) ?? [];
  if (account) return storageHost(cloud, host, account, service === 'file' ? 'file' : 'blob');
  const vault = /^([a-z0-9-]+)\.vault\.azure\.net$/.exec(host)?.[1];
  if (vault) return vaultHost(cloud, host, vault);
  const registry = /^([a-z0-9.]+)\.azurecr\.io$/.exec(host)?.[1];
  if (registry) return registryHost(cloud, host, registry);
  const workspace = /^([0-9a-f-]{36})\.workspace\.([a-z0-9]+)\.api\.azureml\.ms$/.exec(host);
  if (workspace) return workspaceHost(cloud, host, workspace[1] ?? '', workspace[2] ?? '');
  const scoring = /^([a-z0-9-]+)\.([a-z0-9]+)\.inference\.ml\.azure\.com$/.exec(host);
  if (scoring) return scoringHost(cloud, host, scoring[1] ?? '', scoring[2] ?? '');
  return hasRepositories(cloud, host) ? publicHost(host, []) : undefined;
}
