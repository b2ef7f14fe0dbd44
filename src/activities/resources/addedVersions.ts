import type { Azure } from '../../azure/connectAzure.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { additionTags, isSealedAddition } from './ownershipSeal.ts';

const apiVersion = '2024-10-01';

interface Version {
  id?: string;
  properties?: { tags?: Record<string, string> };
}

/** The assets of an environment in a workspace: codes, models and environments of the endpoint's name. */
const assetIds = (ref: EnvironmentRef): string[] =>
  ['codes', 'models', 'environments'].map(
    (kind) => `${plannedResource(ref, 'workspace').id}/${kind}/${resourceName(ref, 'onlineEndpoint')}`,
  );

/** The tags of a version in a brought workspace; none in the environment's own, which is deleted with its versions. */
export const versionTags = ({ sealKey }: ActivityDeps, ref: EnvironmentRef, id: string): Record<string, string> =>
  isBrought(ref, { key: 'workspace' }) ? additionTags(sealKey, ref, id) : {};

async function versionsOf(azure: Azure, asset: string): Promise<Version[]> {
  const listed = azure.generic.list(`${asset}/versions`, apiVersion);
  return ((await ignoreNotFound(azure, listed)) ?? []) as Version[];
}

/** The versions that the environment has registered in a brought workspace. */
export async function addedVersions({ azure, sealKey }: ActivityDeps, ref: EnvironmentRef): Promise<string[]> {
  if (!isBrought(ref, { key: 'workspace' })) return [];
  const listed = (await Promise.all(assetIds(ref).map((asset) => versionsOf(azure, asset)))).flat();
  return listed.flatMap(({ id, properties }) =>
    id !== undefined && isSealedAddition(sealKey, ref, id, properties ?? {}) ? [id] : [],
  );
}

/**
 * Deletes the environment's versions in a brought workspace, and each asset of the endpoint's name of which no version remains: also one whose
 * versions an earlier attempt has deleted.
 */
export async function deleteAddedVersions(deps: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  if (!isBrought(ref, { key: 'workspace' })) return;
  const { azure } = deps;
  const remove = (id: string) => ignoreNotFound(azure, azure.generic.send('DELETE', id, apiVersion));
  for (const id of await addedVersions(deps, ref)) await remove(id);
  for (const asset of assetIds(ref)) if ((await versionsOf(azure, asset)).length === 0) await remove(asset);
}
