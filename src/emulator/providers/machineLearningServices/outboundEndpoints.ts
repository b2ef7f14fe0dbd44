import type { Cloud, JsonObject, Resource } from '../../arm/model.ts';
import { nameOf } from '../../arm/ids.ts';
import { nonEmptyText } from '../resourceHelpers.ts';

const endpoint = (domainName: string, ports = [443]): JsonObject => ({
  domainName,
  endpointDetails: ports.map((port) => ({ port })),
});

const category = (title: string, endpoints: JsonObject[]): JsonObject => ({
  properties: { category: title, endpoints },
});

/** The hosts that a workspace must reach, by category (azure-rest-api-specs: ExternalFQDN/get). */
export function outboundEndpoints(cloud: Cloud, workspace: Resource): JsonObject[] {
  const name = (member: string): string => nameOf(nonEmptyText(workspace.properties[member]) ?? '');
  const region = workspace.location ?? '';
  const registry = cloud.find(nonEmptyText(workspace.properties['containerRegistry']) ?? '');
  return [
    category('Azure Active Directory', [endpoint('login.microsoftonline.com', [80, 443])]),
    category('Azure portal', [endpoint('management.azure.com')]),
    category('Azure Machine Learning', [
      endpoint(`${region}.api.azureml.ms`),
      endpoint(`${region}.experiments.azureml.net`),
    ]),
    category('Azure Storage', [
      endpoint(`${name('storageAccount')}.blob.core.windows.net`),
      endpoint(`${name('storageAccount')}.file.core.windows.net`, [443, 445]),
    ]),
    category('Azure Key Vault', [endpoint(`${name('keyVault')}.vault.azure.net`)]),
    ...(registry
      ? [category('Azure Container Registry', [endpoint(`${registry.name.toLowerCase()}.azurecr.io`)])]
      : []),
    category('Microsoft Container Registry', [endpoint('mcr.microsoft.com')]),
  ];
}
