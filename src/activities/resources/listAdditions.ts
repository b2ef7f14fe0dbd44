import { additionsOf } from '../../domain/additions.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ActivityDeps } from '../deps.ts';
import { addedConnections } from './addedConnections.ts';
import { addedContainers } from './addedContainers.ts';
import { addedVersions } from './addedVersions.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { isSealedAddition } from './ownershipSeal.ts';
import { resourceHandle } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';

/** What an environment has added to resources that it brought, by ARM id. Its role assignments are in `listRoles`. */
export interface Additions {
  /** resources of the catalogue */
  resources: string[];
  /** of code, model and environment in a workspace */
  versions: string[];
  /** of the workspace, in a storage account: known only while the workspace exists */
  containers: string[];
  /** that targets have with the environment's private endpoints */
  connections: string[];
}

async function sealedResource({ azure, sealKey }: ActivityDeps, ref: EnvironmentRef, id: string): Promise<string[]> {
  const found = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  return found && isSealedAddition(sealKey, ref, id, found) ? [id] : [];
}

/** Lists what an environment has added to existing resources: names follow from the ref, and each has the seal. Changes nothing. */
export async function listAdditions(deps: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<Additions> {
  const [resources, versions, containers, connections] = await Promise.all([
    Promise.all(additionsOf(ref).map(({ id }) => sealedResource(deps, ref, id))),
    addedVersions(deps, ref),
    addedContainers(deps, ref),
    addedConnections(deps, ref),
  ]);
  return { resources: resources.flat(), versions, containers, connections };
}
