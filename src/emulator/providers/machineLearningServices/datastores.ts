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
    if (container) addContainer(cloud, account, container);
  }
}

function addDatastore(cloud: Cloud, workspace: Resource, name: string, place: JsonObject): void {
  const id = `${workspace.id}/datastores/${name}`;
  if (cloud.find(id)) return;
  const byIdentity = /^identity$/i.test(textOf(workspace.properties['systemDatastoresAuthMode']));
  const properties = {
    description: null,
    tags: null,
    properties: null,
    isDefault: name === 'workspaceblobstore',
    credentials: { credentialsType: byIdentity ? 'None' : 'AccountKey' },
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
  validateDelete(_cloud, resource) {
    if (resource.name.startsWith('workspace')) {
      throw new ArmError(400, 'BadRequest', `Datastore '${resource.name}' is a default of its workspace.`);
    }
  },
};
