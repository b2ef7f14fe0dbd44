import type { Azure } from '../../azure/connectAzure.ts';
import { maximumTags, tagOf } from '../../domain/groupTags.ts';
import type { GroupTags, WireTags } from '../../domain/groupTags.ts';
import { groupId, groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import { wireTags } from './ownershipSeal.ts';

/** How many tags the group would have above Azure's limit; 0 or less: they fit. */
export function surplusTags(present: WireTags, tags: GroupTags): number {
  const names = [...Object.keys(present), ...Object.keys(wireTags(tags).set)].map((name) => name.toLowerCase());
  return new Set(names).size - maximumTags;
}

/** The remedy for a group with too many tags. */
export const removeTags = (ref: EnvironmentRef, count: number): string =>
  `remove ${count} tags that are not Moat's: az tag update --resource-id ${groupId(ref)} --operation delete --tags <name>=<value>`;

/** Whether ARM refused because the group is being deleted, or deleted. */
export function isDeprovisioning(azure: Azure, error: unknown): boolean {
  const { code, message } = azure.errorOf(error);
  return /^ResourceGroup(BeingDeleted|NotFound)$/i.test(code) || /deprovisioning state/i.test(message);
}

/**
 * Merges tags into those that are present, and removes those that are null; other tags are kept. Throws `InvalidRequest` (final) where
 * the group would have more tags than Azure allows. `more`: further tags, by their names.
 */
export async function writeTags(
  azure: Azure,
  ref: EnvironmentRef,
  present: WireTags,
  tags: GroupTags,
  more: WireTags = {},
): Promise<void> {
  const surplus = surplusTags(present, tags);
  if (surplus > 0)
    throw nonRetryable({
      type: 'InvalidRequest',
      code: 'TooManyTags',
      message: `resource group ${groupName(ref)} has ${Object.keys(present).length} tags; with Moat's it would have ${surplus} more than the ${maximumTags} that Azure allows`,
      remedy: removeTags(ref, surplus),
    });
  const scope = groupId(ref).slice(1);
  const { tagsOperations } = azure.clients(ref.subscriptionId).resources;
  const { set: own, removed } = wireTags(tags);
  const set = { ...own, ...more };
  const changed = Object.entries(set).some(([name, value]) => tagOf(present, name) !== value);
  if (changed) {
    await azure.operations.begin(() =>
      tagsOperations.updateAtScope(scope, { operation: 'Merge', properties: { tags: set } }),
    );
  }
  const obsolete = Object.keys(present).filter((name) => removed.includes(name.toLowerCase()));
  if (obsolete.length > 0) {
    const properties = { tags: Object.fromEntries(obsolete.map((name) => [name, present[name]!])) };
    await azure.operations.begin(() => tagsOperations.updateAtScope(scope, { operation: 'Delete', properties }));
  }
}
