import { broughtIds } from '../../domain/additions.ts';
import { isInGroup } from '../../domain/broughtResources.ts';
import { parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { privateLinkKeys, privateLinks } from '../../domain/privateLinks.ts';
import type { ActivityDeps } from '../deps.ts';
import { inProgress } from '../errors/activityFailures.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { labelOf } from './resourceTypes.ts';

/** A published api-version of each type that private endpoints lead to. */
const apiVersions: Readonly<Record<string, string>> = {
  'microsoft.storage/storageaccounts': '2024-01-01',
  'microsoft.keyvault/vaults': '2024-11-01',
  'microsoft.containerregistry/registries': '2025-04-01',
  'microsoft.machinelearningservices/workspaces': '2025-12-01',
};
const apiVersionOf = (target: string): string => apiVersions[parseResourceId(target)!.type.toLowerCase()]!;

interface Connection {
  id?: string;
  properties?: { privateEndpoint?: { id?: string } };
}

interface AddedConnection {
  id: string;
  target: string;
}

/** The brought resources that private endpoints lead to. */
const broughtTargets = (ref: EnvironmentRef): string[] =>
  broughtIds(ref, [...new Set(privateLinkKeys.map((link) => privateLinks[link].target))]);

async function connectionsOf({ azure }: ActivityDeps, ref: EnvironmentRef): Promise<AddedConnection[]> {
  const read = broughtTargets(ref).map(async (target) => {
    const path = `${target}/privateEndpointConnections`;
    const listed = await ignoreNotFound(azure, azure.generic.list(path, apiVersionOf(target)));
    return ((listed ?? []) as Connection[])
      .filter(({ properties }) => isInGroup(ref, properties?.privateEndpoint?.id ?? ''))
      .flatMap(({ id }) => (id === undefined ? [] : [{ id, target }]));
  });
  return (await Promise.all(read)).flat();
}

/** The connections that brought resources have with private endpoints of the environment's group. */
export const addedConnections = async (deps: ActivityDeps, ref: EnvironmentRef): Promise<string[]> =>
  (await connectionsOf(deps, ref)).map(({ id }) => id);

/**
 * Deletes the connections that remain on brought resources after their private endpoints were deleted. Throws `InProgress` until none does:
 * a registry and a vault delete them in an operation.
 */
export async function deleteAddedConnections(deps: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const { azure } = deps;
  const remaining = await connectionsOf(deps, ref);
  for (const { id, target } of remaining)
    await ignoreNotFound(azure, azure.generic.send('DELETE', id, apiVersionOf(target)));
  if (remaining.length === 0) return;
  const [{ target }] = remaining as [AddedConnection];
  throw inProgress(`${labelOf(target)}: deleting private endpoint connections`, azure.delayMs(5));
}
