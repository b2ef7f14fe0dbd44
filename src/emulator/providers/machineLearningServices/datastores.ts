import { asList, asObject, textOf } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { nonEmptyText, printable } from '../resourceHelpers.ts';
import { datastoreType } from './typeNames.ts';

/** Every workspace has these from its creation on, but for those in the object `datastoresMissing`; `workspaceblobstore` is the default one. */
export function addDefaultDatastores(cloud: Cloud, workspace: Resource): void {
  const account = cloud.find(nonEmptyText(workspace.properties['storageAccount']) ?? '');
  if (account === undefined) return;
  const guid = printable(workspace.properties['workspaceId']);
  const blobs = { datastoreType: 'AzureBlob', accountName: account.name };
  const stores: Record<string, JsonObject> = {
    workspaceblobstore: { ...blobs, containerName: `azureml-blobstore-${guid}` },
    workspaceartifactstore: { ...blobs, containerName: `azureml` },
    workspacefilestore: {
      datastoreType: 'AzureFile',
      accountName: account.name,
      fileShareName: `azureml-filestore-${guid}`,
    },
  };
  const absent = asList(cloud.objects.get('datastoresMissing'));
  for (const [name, place] of Object.entries(stores)) {
    if (absent.includes(name)) continue;
    addDatastore(cloud, workspace, name, place);
    const container = nonEmptyText(place['containerName']);
    const share = nonEmptyText(place['fileShareName']);
    if (container) addContainer(cloud, account, container);
    if (share) addShare(cloud, account, share);
  }
}

function addDatastore(cloud: Cloud, workspace: Resource, name: string, place: JsonObject): void {
  const id = `${workspace.id}/datastores/${name}`;
  const byIdentity = /^identity$/i.test(textOf(workspace.properties['systemDatastoresAuthMode']));
  const credentials = { credentialsType: byIdentity ? 'None' : 'AccountKey' };
  const existing = cloud.find(id);
  // an updated workspace changes how its own datastores sign in (Azure docs: disable shared key access, update an existing workspace)
  if (existing) return cloud.save({ ...existing, properties: { ...existing.properties, credentials } });
  const properties = {
    description: null,
    tags: null,
    properties: null,
    isDefault: name === 'workspaceblobstore',
    credentials,
    endpoint: 'core.windows.net',
    protocol: 'https',
    serviceDataAccessAuthIdentity: 'WorkspaceSystemAssignedIdentity',
    ...place,
  };
  cloud.save({ id, type: datastoreType, name, properties, createdAt: cloud.now() });
}

function addContainer(cloud: Cloud, account: Resource, name: string): void {
  const id = `${account.id}/blobServices/default/containers/${name}`;
  if (cloud.find(id)) return;
  const properties = { publicAccess: 'None', leaseStatus: 'Unlocked', leaseState: 'Available' };
  cloud.save({
    id,
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    name,
    properties,
    createdAt: cloud.now(),
  });
}

function addShare(cloud: Cloud, account: Resource, name: string): void {
  const id = `${account.id}/fileServices/default/shares/${name}`;
  if (cloud.find(id)) return;
  const properties = { shareQuota: 5120, accessTier: 'TransactionOptimized', enabledProtocols: 'SMB' };
  cloud.save({
    id,
    type: 'Microsoft.Storage/storageAccounts/fileServices/shares',
    name,
    properties,
    createdAt: cloud.now(),
  });
}

/** The secrets of a datastore: an account key, or what its PUT held; `None` has none (azure-rest-api-specs: Datastores/listSecrets). */
function secretsOf(cloud: Cloud, datastore: Resource): JsonObject {
  const kind = asObject(datastore.properties['credentials'])['credentialsType'];
  const given = asObject(datastore.secrets?.['credentials'])['secrets'];
  if (given !== undefined) return asObject(given);
  if (kind !== 'AccountKey') return { secretsType: kind ?? 'None' };
  const account = cloud
    .ofType('Microsoft.Storage/storageAccounts')
    .find(({ name }) => name === datastore.properties['accountName']);
  const key = asObject(asList(account?.secrets?.['keys'])[0])['value'] ?? null;
  return { secretsType: 'AccountKey', key };
}

/** Datastores of a workspace; those of its creation cannot be deleted. */
export const datastores: ResourceType = {
  type: datastoreType,
  style: 'sync',
  duration: {},
  proxy: true,
  prepare(_cloud, request) {
    const asked = asObject(request.body['properties']);
    if (nonEmptyText(asked['datastoreType']) === undefined) {
      throw new ArmError(400, 'BadRequest', `Datastore '${request.name}' needs properties.datastoreType.`);
    }
    const { credentials, ...kept } = asked;
    const kind = asObject(credentials)['credentialsType'] ?? 'None';
    return {
      properties: { isDefault: false, ...kept, credentials: { credentialsType: kind } },
      secrets: { credentials: credentials ?? null },
    };
  },
  list(cloud, workspaceId, query) {
    const all = cloud
      .descendants(workspaceId, datastoreType)
      .map((resource) => toArm(cloud, datastores, resource, query));
    const wanted = query['isDefault']?.toLowerCase();
    return wanted === undefined
      ? all
      : all.filter((one) => (asObject(one['properties'])['isDefault'] === true) === (wanted === 'true'));
  },
  actions: {
    listsecrets: (cloud, resource) => ({ status: 200, body: secretsOf(cloud, resource) }),
  },
  validateDelete(_cloud, resource) {
    if (resource.name.startsWith('workspace')) {
      throw new ArmError(400, 'BadRequest', `Datastore '${resource.name}' is a default of its workspace.`);
    }
  },
};
