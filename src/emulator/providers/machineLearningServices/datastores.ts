import { asObject } from '../../http/call.ts';
import { ArmFault } from '../../arm/model.ts';
import type { JsonObject, Resource, ResourceType, World } from '../../arm/model.ts';
import { present } from '../../arm/toArm.ts';
import { filledText, wordOf } from '../resourceHelpers.ts';
import { workspaceType } from './typeNames.ts';

const type = `${workspaceType}/datastores`;

/** Every workspace has these from its creation on; `workspaceblobstore` is the default one. */
export function addDefaultDatastores(world: World, workspace: Resource): void {
  const account = world.find(filledText(workspace.properties['storageAccount']) ?? '');
  if (account === undefined) return;
  const guid = wordOf(workspace.properties['workspaceId']);
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
  for (const [name, place] of Object.entries(stores)) {
    addDatastore(world, workspace, name, place);
    const container = filledText(place['containerName']);
    if (container) addContainer(world, account, container);
  }
}

function addDatastore(world: World, workspace: Resource, name: string, place: JsonObject): void {
  const id = `${workspace.id}/datastores/${name}`;
  if (world.find(id)) return;
  const properties = {
    description: null,
    tags: null,
    properties: null,
    isDefault: name === 'workspaceblobstore',
    credentials: { credentialsType: 'None' },
    endpoint: 'core.windows.net',
    protocol: 'https',
    serviceDataAccessAuthIdentity: 'WorkspaceSystemAssignedIdentity',
    ...place,
  };
  world.save({ id, type, name, properties, createdAt: world.now() });
}

function addContainer(world: World, account: Resource, name: string): void {
  const id = `${account.id}/blobServices/default/containers/${name}`;
  if (world.find(id)) return;
  const properties = { publicAccess: 'None', leaseStatus: 'Unlocked', leaseState: 'Available' };
  world.save({
    id,
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    name,
    properties,
    createdAt: world.now(),
  });
}

/** Datastores of a workspace; those of its creation cannot be deleted. */
export const datastores: ResourceType = {
  type,
  style: 'sync',
  duration: {},
  proxy: true,
  prepare(_world, request) {
    const asked = asObject(request.body['properties']);
    if (filledText(asked['datastoreType']) === undefined) {
      throw new ArmFault(400, 'BadRequest', `Datastore '${request.name}' needs properties.datastoreType.`);
    }
    const { credentials, ...kept } = asked;
    const kind = asObject(credentials)['credentialsType'] ?? 'None';
    return {
      properties: { isDefault: false, ...kept, credentials: { credentialsType: kind } },
      secrets: { credentials: credentials ?? null },
    };
  },
  list(world, workspaceId, query) {
    const all = world.below(workspaceId, type).map((resource) => present(world, datastores, resource, query));
    const wanted = query['isDefault']?.toLowerCase();
    return wanted === undefined
      ? all
      : all.filter((one) => (asObject(one['properties'])['isDefault'] === true) === (wanted === 'true'));
  },
  mayDelete(_world, resource) {
    if (resource.name.startsWith('workspace')) {
      throw new ArmFault(400, 'BadRequest', `Datastore '${resource.name}' is a default of its workspace.`);
    }
  },
};
