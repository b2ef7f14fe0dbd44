import type { Azure } from '../../azure/connectAzure.ts';
import { isInGroup } from '../../domain/broughtResources.ts';
import { tagNames, tagOf } from '../../domain/groupTags.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { retryByPost } from '../../domain/remedies.ts';
import type { CatalogueResource, PlannedResource } from '../../domain/resources.ts';
import { inProgress, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { additionTags, isSealedAddition } from './ownershipSeal.ts';
import { provisioningStateOf, resourceHandle } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';
import { readLink } from './zoneReads.ts';

const unusable = (message: string, remedy: string) =>
  nonRetryable({ type: 'InvalidRequest', code: 'ExistingResourceUnusable', message, remedy });

/**
 * Reads a resource that the environment brought, which is never written. Throws `InvalidRequest` (final) where it is absent, failed or in
 * another region, and `InProgress` while somebody changes it.
 */
export async function assertUsable(
  { azure }: ActivityDeps,
  ref: EnvironmentRef,
  { id }: CatalogueResource,
): Promise<void> {
  const label = labelOf(id);
  const found = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!found) throw unusable(`existing ${label} does not exist: ${id}`, 'POST with another "existing"');
  const state = provisioningStateOf(found);
  if (/^(failed|canceled|deleting)$/i.test(state))
    throw unusable(`existing ${label} is ${state}`, `repair it (az resource show --ids ${id}), then ${retryByPost}`);
  if (!/^succeeded$/i.test(state)) throw inProgress(`existing ${label}: ${state}`, azure.delayMs(15));
  const { location = '' } = found as { location?: string };
  const region = location.replaceAll(' ', '').toLowerCase();
  if (region !== 'global' && region !== ref.location)
    throw unusable(
      `existing ${label} is in ${region}, not in ${ref.location}`,
      'POST with another "location" or "existing"',
    );
}

/** Throws `NameTaken` (final) where the name of an addition belongs to somebody else: without the seal it is never changed. */
export function assertOwnAddition({ sealKey }: ActivityDeps, ref: EnvironmentRef, id: string, actual: object): void {
  if (isSealedAddition(sealKey, ref, id, actual)) return;
  throw nonRetryable({
    type: 'NameTaken',
    code: 'NotSealed',
    message: `${labelOf(id)} exists and was not added by this environment: ${id}`,
    remedy: `POST with another "suffix"; or, if nobody needs it, az resource delete --ids ${id}`,
  });
}

/** The body of an addition's PUT, with the seal among its tags. In the environment's own group, the group has the seal. */
export const sealedBody = ({ sealKey }: ActivityDeps, ref: EnvironmentRef, id: string, body: object): object =>
  isInGroup(ref, id) ? body : { ...body, tags: additionTags(sealKey, ref, id) };

/**
 * Whether the owner of a brought zone has linked it to the environment's network: Azure allows no second link. Throws `NameTaken` (final) where
 * another environment has: its teardown removes the link.
 */
export async function isLinkedByOwner(
  azure: Azure,
  ref: EnvironmentRef,
  { row, id }: PlannedResource,
): Promise<boolean> {
  if (row !== 'zoneLink' || isInGroup(ref, id)) return false;
  const link = await readLink(azure, ref, id.split('/').at(-3)!);
  if (link === undefined || link.id?.toLowerCase() === id.toLowerCase()) return false;
  const other = tagOf(link.tags ?? {}, tagNames.environment);
  if (other === undefined || other === ref.name) return true;
  throw nonRetryable({
    type: 'NameTaken',
    code: 'LinkedByAnother',
    message: `environment ${other} has made ${link.id}, and its teardown removes it`,
    remedy: `delete environment ${other}, then ${retryByPost}; or link zone and network yourself before environments use both`,
  });
}
