import type { Instant, World } from '../model.ts';
import { roleIsEffective } from '../types/authorization.ts';
import { listAt, textAt } from './properties.ts';

interface Permissions {
  actions: string[];
  dataActions: string[];
}

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const registry = 'Microsoft.ContainerRegistry/registries';

/** What the built-in roles permit, as far as data planes ask (Azure docs: Azure built-in roles). */
const builtInRoles: Record<string, Permissions> = {
  // Owner, Contributor
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': { actions: ['*'], dataActions: [] },
  'b24988ac-6180-42a0-ab88-20f7382dd24c': { actions: ['*'], dataActions: [] },
  // AcrPush, AcrPull
  '8311e382-0749-4cb8-b61a-304f252e45ec': {
    actions: [`${registry}/pull/read`, `${registry}/push/write`],
    dataActions: [],
  },
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': { actions: [`${registry}/pull/read`], dataActions: [] },
  // Storage Blob Data Contributor, Storage Blob Data Reader
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': { actions: [], dataActions: [`${blobs}/*`] },
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': { actions: [], dataActions: [`${blobs}/read`] },
  // AzureML Data Scientist
  'f6c7c914-8db3-469d-8ca1-694a8f32e121': {
    actions: [
      'Microsoft.MachineLearningServices/workspaces/*/action',
      'Microsoft.MachineLearningServices/workspaces/*/read',
    ],
    dataActions: [],
  },
};

function permissionsOf(world: World, roleId: string): Permissions {
  const builtIn = builtInRoles[roleId];
  if (builtIn) return builtIn;
  const definition = world
    .ofType('Microsoft.Authorization/roleDefinitions')
    .find((definition) => definition.name.toLowerCase() === roleId);
  const permissions = listAt(definition?.properties, 'permissions');
  return {
    actions: permissions.flatMap((permission) => listAt(permission, 'actions').map(String)),
    dataActions: permissions.flatMap((permission) => listAt(permission, 'dataActions').map(String)),
  };
}

function covers(pattern: string, action: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.\\/+?^$()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(action.toLowerCase());
}

/**
 * Whether a principal may do something at a scope at an instant: one of its role assignments there or above permits the
 * action (or data action) and has become effective by then.
 */
export function mayDo(
  world: World,
  ask: { principalId: string; scope: string; at: Instant } & ({ action: string } | { dataAction: string }),
): boolean {
  const { principalId, scope, at } = ask;
  const roleIds = world
    .ofType('Microsoft.Authorization/roleAssignments')
    .filter((assignment) => textAt(assignment.properties, 'principalId') === principalId)
    .map((assignment) => textAt(assignment.properties, 'roleDefinitionId').split('/').pop()?.toLowerCase() ?? '');
  return [...new Set(roleIds)].some((roleId) => {
    const { actions, dataActions } = permissionsOf(world, roleId);
    const permitted =
      'action' in ask
        ? actions.some((known) => covers(known, ask.action))
        : dataActions.some((known) => covers(known, ask.dataAction));
    return permitted && roleIsEffective(world, { principalId, scope, roleId, at });
  });
}
