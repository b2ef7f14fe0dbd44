import type { EnvironmentRef } from './naming.ts';
import type { AccessKey } from './isolationSpec.ts';
import { plannedResource, resourceName } from './resources.ts';

/** The services that are closed from outside, unless the spec opens them, and answer inside, in the order of the proof. */
export const isolatedServices = ['workspace', 'blob', 'file', 'vault', 'registry', 'scoring'] as const;
export type IsolatedService = (typeof isolatedServices)[number];

/** How the proof names them. */
export const serviceTitles: Readonly<Record<IsolatedService, string>> = {
  workspace: 'workspace API',
  blob: 'blob storage',
  file: 'file storage',
  vault: 'key vault',
  registry: 'container registry',
  scoring: 'scoring endpoint',
};

/** The resource whose public access opens or closes each. */
export const serviceResources: Readonly<Record<IsolatedService, AccessKey>> = {
  workspace: 'workspace',
  blob: 'storageAccount',
  file: 'storageAccount',
  vault: 'vault',
  registry: 'registry',
  scoring: 'onlineEndpoint',
};

/**
 * An address of each that answers a GET, except `scoring`. Hosts: Azure docs, private endpoint DNS zone values. Paths: list containers, shares and
 * secrets (REST references), the registry's API root, and the workspace's run history (azureml-sdk).
 */
export function serviceUrls(
  ref: EnvironmentRef,
  { scoringUri, workspaceGuid }: { scoringUri: string; workspaceGuid: string },
): Record<IsolatedService, string> {
  const storage = resourceName(ref, 'storageAccount');
  return {
    workspace: `https://${workspaceGuid}.workspace.${ref.location}.api.azureml.ms/history/v1.0${plannedResource(ref, 'workspace').id}/experiments`,
    blob: `https://${storage}.blob.core.windows.net/?comp=list`,
    file: `https://${storage}.file.core.windows.net/?comp=list`,
    vault: `https://${resourceName(ref, 'vault')}.vault.azure.net/secrets?api-version=7.4`,
    registry: `https://${resourceName(ref, 'registry')}.azurecr.io/v2/`,
    scoring: scoringUri,
  };
}
