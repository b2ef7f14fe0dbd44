import type { Resource, Cloud } from '../../arm/model.ts';
import { sameId } from '../../arm/ids.ts';
import { nonEmptyText, groupOf } from '../resourceHelpers.ts';

/** Where the files of an asset lie. */
export type BlobLocation = { account: string; container: string; path: string };

/**
 * Reads the URI of a code or model version: an https address of a blob directory, or `azureml://…/datastores/{name}/paths/{path}`
 * (long form with subscription, group and workspace, or short form). Undefined where it names no datastore of this workspace.
 */
export function blobLocation(cloud: Cloud, workspace: Resource, uri: string): BlobLocation | undefined {
  const https = /^https:\/\/([^./]+)\.blob\.core\.windows\.net(?::443)?\/([^/?]+)\/?([^?]*)/i.exec(uri);
  if (https) return { account: https[1] ?? '', container: https[2] ?? '', path: trimmed(https[3] ?? '') };
  const azureml =
    /^azureml:\/\/(?:subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/(?:providers\/Microsoft.MachineLearningServices\/)?workspaces\/([^/]+)\/)?datastores\/([^/]+)\/paths\/(.*)$/i.exec(
      uri,
    );
  if (!azureml) return undefined;
  const [, subscription, group, name, datastoreName, path] = azureml;
  if (name !== undefined && !(sameId(name, workspace.name) && sameId(group ?? '', groupOf(workspace.id))))
    return undefined;
  if (subscription !== undefined && !workspace.id.toLowerCase().includes(subscription.toLowerCase())) return undefined;
  const datastore = cloud.find(`${workspace.id}/datastores/${datastoreName}`);
  const account = nonEmptyText(datastore?.properties['accountName']);
  const container = nonEmptyText(datastore?.properties['containerName']);
  return account && container ? { account, container, path: trimmed(path ?? '') } : undefined;
}

/** The place in the workspace's own default storage account? */
export function isDefaultStorage(workspace: Resource, place: BlobLocation): boolean {
  const account = nonEmptyText(workspace.properties['storageAccount'])?.split('/').pop();
  return account !== undefined && sameId(account, place.account);
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
