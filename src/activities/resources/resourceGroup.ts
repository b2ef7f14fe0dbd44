import type { Azure } from '../../azure/connectAzure.ts';
import { groupId, groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { GroupTags } from '../../domain/groupTags.ts';
import { provisioningFailed, inProgress, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { isSealed, sealOf, tagOf, wireTags } from './ownershipSeal.ts';

type Tags = Record<string, string>;

interface Group {
  tags: Tags;
  state: string;
}

/** The environment's group as it is now; undefined when there is none. */
export async function readGroup(azure: Azure, ref: EnvironmentRef): Promise<Group | undefined> {
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const found = await ignoreNotFound(azure, resourceGroups.get(groupName(ref.name)));
  return found && { tags: found.tags ?? {}, state: found.properties?.provisioningState ?? 'Succeeded' };
}

/** Reads the group and throws `Forbidden` (final) unless its seal is ours; undefined when there is none. */
export async function sealedGroup({ azure, sealKey }: ActivityDeps, ref: EnvironmentRef): Promise<Group | undefined> {
  const group = await readGroup(azure, ref);
  if (group && !isSealed(sealKey, ref, group.tags)) {
    throw nonRetryable({
      type: 'Forbidden',
      message: `resource group ${groupName(ref.name)} does not carry this installation's seal`,
      remedy: 'the group is foreign, or MOAT_SEAL_KEY has changed; Moat does not touch it',
      code: 'NotSealed',
    });
  }
  return group;
}

export interface EnsureGroupInput {
  ref: EnvironmentRef;
  tags: GroupTags;
}

/**
 * Creates the group with its tags and seal, or adopts one that is sealed and brings its tags up to date.
 * Throws `NameTaken` (final) for a foreign group; `Busy` while an earlier one is being deleted.
 */
export async function ensureGroup(
  deps: ActivityDeps,
  { ref, tags }: EnsureGroupInput,
): Promise<{ id: string; created: boolean }> {
  const { azure, sealKey } = deps;
  const id = groupId(ref);
  const name = groupName(ref.name);
  const existing = await readGroup(azure, ref);
  if (!existing) {
    await azure.clients(ref.subscriptionId).resources.resourceGroups.createOrUpdate(name, {
      location: ref.location,
      tags: { ...wireTags(tags).set, [tagNames.seal]: sealOf(sealKey, ref) },
    });
    return { id, created: true };
  }
  if (!isSealed(sealKey, ref, existing.tags)) {
    throw nonRetryable({
      type: 'NameTaken',
      message: `resource group ${name} exists and was not created by this installation`,
      remedy: 'choose another name for the environment',
    });
  }
  if (/^deleting$/i.test(existing.state))
    throw inProgress(`resource group ${name}: ${existing.state}`, azure.delayMs(15));
  await writeTags(azure, ref, existing.tags, tags);
  return { id, created: false };
}

/** Merges tags into those of the group; `null` removes one. An absent group stays absent. Throws `Forbidden` for a foreign one. */
export async function tagGroup(deps: ActivityDeps, { ref, tags }: EnsureGroupInput): Promise<void> {
  const group = await sealedGroup(deps, ref);
  if (group) await writeTags(deps.azure, ref, group.tags, tags);
}

async function writeTags(azure: Azure, ref: EnvironmentRef, present: Tags, tags: GroupTags): Promise<void> {
  const scope = groupId(ref).slice(1);
  const { tagsOperations } = azure.clients(ref.subscriptionId).resources;
  const { set, removed } = wireTags(tags);
  const changed = Object.entries(set).some(([name, value]) => tagOf(present, name) !== value);
  if (changed) {
    await azure.operations.begin(() =>
      tagsOperations.updateAtScope(scope, { operation: 'Merge', properties: { tags: set } }),
    );
  }
  const gone = Object.keys(present).filter((name) => removed.includes(name.toLowerCase()));
  if (gone.length > 0) {
    const properties = { tags: Object.fromEntries(gone.map((name) => [name, present[name]!])) };
    await azure.operations.begin(() => tagsOperations.updateAtScope(scope, { operation: 'Delete', properties }));
  }
}

export interface GroupList {
  exists: boolean;
  sealed: boolean;
  tags: Tags;
  resources: { id: string; type: string; state: string }[];
}

/** What ARM lists in the group, the truth about what exists. Never changes anything. */
export async function listGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<GroupList> {
  const group = await readGroup(azure, ref);
  if (!group) return { exists: false, sealed: false, tags: {}, resources: [] };
  const resources: GroupList['resources'] = [];
  const pages = azure
    .clients(ref.subscriptionId)
    .resources.resources.listByResourceGroup(groupName(ref.name), { expand: 'provisioningState' });
  for await (const { id, type, provisioningState } of pages) {
    if (id && type) resources.push({ id, type, state: provisioningState ?? 'Unknown' });
  }
  return { exists: true, sealed: isSealed(sealKey, ref, group.tags), tags: group.tags, resources };
}

export interface DeletionResult {
  token: string | null;
  /** `gone` when there was nothing to delete */
  state: string;
  retryAfterMs: number;
}

/** Begins to delete the whole sealed group. Throws `Forbidden` for a foreign one. */
export async function deleteGroup(deps: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<DeletionResult> {
  const { azure } = deps;
  const group = await sealedGroup(deps, ref);
  if (!group) return { token: null, state: 'gone', retryAfterMs: 0 };
  if (/^deleting$/i.test(group.state)) return { token: null, state: group.state, retryAfterMs: azure.delayMs(15) };
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const begun = await azure.operations.begin(() => resourceGroups.delete(groupName(ref.name)));
  return { ...begun, state: 'Deleting' };
}

/**
 * Polls once whether the group is deleted. Throws `InProgress` while the deletion is running; one that failed, or ended with the group
 * still present (DEL-15), is final, with a `RetryHint` where it is to be sent again.
 */
export async function observeGroupDeletion(
  { azure }: ActivityDeps,
  { ref, token }: { ref: EnvironmentRef; token: string | null },
): Promise<void> {
  const label = `resource group ${groupName(ref.name)}`;
  if (token !== null) {
    const operation = await ignoreNotFound(azure, azure.operations.poll(token));
    if (operation && !operation.done) throw inProgress(`${label}: Deleting`, operation.retryAfterMs);
  }
  const group = await readGroup(azure, ref);
  if (!group) return;
  if (/^deleting$/i.test(group.state)) throw inProgress(`${label}: Deleting`, azure.delayMs(15));
  throw provisioningFailed(`${label}: still exists after its deletion`, azure.delayMs(15));
}
