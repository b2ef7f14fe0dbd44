import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { nameOf, sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';

const type = 'Microsoft.Authorization/roleDefinitions';
const blobs = 'Microsoft.Storage/storageAccounts/blobServices';
const generateKey = `${blobs}/generateUserDelegationKey/action`;

interface BuiltIn {
  id: string;
  roleName: string;
  actions: string[];
  notActions?: string[];
  dataActions?: string[];
}

/** Azure docs: Azure built-in roles; those that an environment needs or a caller is likely to have. */
const builtIns: BuiltIn[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', roleName: 'Owner', actions: ['*'] },
  {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    roleName: 'Contributor',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  },
  { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', roleName: 'Reader', actions: ['*/read'] },
  {
    id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    roleName: 'User Access Administrator',
    actions: ['*/read', 'Microsoft.Authorization/*'],
  },
  {
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    roleName: 'Role Based Access Control Administrator',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
    ],
  },
  {
    id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    roleName: 'AcrPull',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  },
  {
    id: '8311e382-0749-4cb8-b61a-304f252e45ec',
    roleName: 'AcrPush',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read', 'Microsoft.ContainerRegistry/registries/push/write'],
  },
  {
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    roleName: 'Storage Blob Data Contributor',
    actions: [`${blobs}/containers/delete`, `${blobs}/containers/read`, `${blobs}/containers/write`, generateKey],
    dataActions: ['delete', 'read', 'write', 'move/action', 'add/action'].map(
      (verb) => `${blobs}/containers/blobs/${verb}`,
    ),
  },
  {
    id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    roleName: 'Storage Blob Data Reader',
    actions: [`${blobs}/containers/read`, generateKey],
    dataActions: [`${blobs}/containers/blobs/read`],
  },
  {
    id: 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea',
    roleName: 'Azure AI Enterprise Network Connection Approver',
    actions: [
      'Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action',
      'Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action',
      'Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action',
      'Microsoft.Storage/storageAccounts/privateEndpointConnectionsApproval/action',
    ],
  },
  {
    id: 'f6c7c914-8db3-469d-8ca1-694a8f32e121',
    roleName: 'AzureML Data Scientist',
    actions: [
      'Microsoft.MachineLearningServices/workspaces/*/read',
      'Microsoft.MachineLearningServices/workspaces/*/action',
      'Microsoft.MachineLearningServices/workspaces/*/delete',
      'Microsoft.MachineLearningServices/workspaces/*/write',
    ],
    notActions: [
      'Microsoft.MachineLearningServices/workspaces/delete',
      'Microsoft.MachineLearningServices/workspaces/write',
      'Microsoft.MachineLearningServices/workspaces/computes/*/write',
      'Microsoft.MachineLearningServices/workspaces/computes/*/delete',
      'Microsoft.MachineLearningServices/workspaces/computes/listKeys/action',
      'Microsoft.MachineLearningServices/workspaces/listKeys/action',
    ],
  },
];

function asResource(
  { id, roleName, actions, notActions = [], dataActions = [] }: BuiltIn,
  subscription: string,
): Resource {
  return {
    id: `${subscription}/providers/${type}/${id}`,
    type,
    name: id,
    createdAt: 0,
    properties: {
      roleName,
      type: 'BuiltInRole',
      description: '',
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions, notDataActions: [] }],
    },
  };
}

const subscriptionOf = (id: string): string => id.split('/').slice(0, 3).join('/');

/** A role definition by its id in any spelling of its scope, built in or custom. */
export function roleDefinitionFor(cloud: Cloud, id: string): Resource | undefined {
  const builtIn = builtIns.find((role) => sameId(role.id, nameOf(id)));
  if (builtIn) return asResource(builtIn, id.startsWith('/subscriptions/') ? subscriptionOf(id) : '');
  return cloud.ofType(type).find((role) => sameId(role.name, nameOf(id)));
}

function prepare(cloud: Cloud, { id, body }: PutRequest): Pick<Resource, 'properties'> {
  const asked = asObject(body['properties']);
  const roleName = asText(asked['roleName']);
  if (
    roleName === undefined ||
    asList(asked['permissions']).length === 0 ||
    asList(asked['assignableScopes']).length === 0
  )
    throw new ArmError(
      400,
      'InvalidRoleDefinition',
      'A role definition needs roleName, permissions and assignableScopes.',
    );
  const named = (other: Resource): boolean =>
    sameId(textOf(other.properties['roleName']), roleName) && !sameId(other.id, id);
  if (cloud.ofType(type).some(named) || builtIns.some((role) => sameId(role.roleName, roleName)))
    throw new ArmError(
      409,
      'RoleDefinitionWithSameNameExists',
      `A custom role with the same name already exists in this directory. Use a different name: '${roleName}'.`,
    );
  return { properties: { description: '', ...asked, type: 'CustomRole' } };
}

function validateDelete(cloud: Cloud, role: Resource): void {
  const used = cloud
    .ofType('Microsoft.Authorization/roleAssignments')
    .some((assignment) => sameId(nameOf(textOf(assignment.properties['roleDefinitionId'])), role.name));
  if (used)
    throw new ArmError(
      400,
      'RoleDefinitionHasAssignments',
      `There are existing role assignments referencing role (code: ${role.name}).`,
    );
}

/** Role definitions: the built-in ones that are needed, and custom ones. */
export const roleDefinition: ResourceType = {
  type,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare,
  validateDelete,
  findBuiltIn: (cloud, id) => roleDefinitionFor(cloud, id),
  list: (cloud, scope, query): JsonObject[] => {
    const wanted = /roleName eq '([^']+)'/i.exec(query['$filter'] ?? '')?.[1];
    const kind = /type eq '([^']+)'/i.exec(query['$filter'] ?? '')?.[1];
    const all = [...builtIns.map((role) => asResource(role, subscriptionOf(scope))), ...cloud.ofType(type)];
    return all
      .filter((role) => wanted === undefined || sameId(textOf(role.properties['roleName']), wanted))
      .filter((role) => kind === undefined || sameId(textOf(role.properties['type']), kind))
      .map((role) => toArm(cloud, roleDefinition, role, {}));
  },
};
