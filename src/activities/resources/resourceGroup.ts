import type { Azure } from '../../azure/connectAzure.ts';
import { groupId, groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { GroupTags, SealState } from '../../domain/groupTags.ts';
import { deletionOf } from '../../domain/teardownOrder.ts';
import { provisioningFailed, inProgress, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { whileLocksSettle } from './lockSettling.ts';
import type { ObserveInput } from '../operationActivity.ts';
import { isSealed, sealOf, sealStateOf, wireTags } from './ownershipSeal.ts';
import { isDeprovisioning, writeTags } from './writeTags.ts';

type Tags = Record<string, string>;

interface Group {
  tags: Tags;
  state: string;
}

/** Reads the environment's group; undefined when there is none. */
export async function readGroup(azure: Azure, ref: EnvironmentRef): Promise<Group | undefined> {
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const found = await ignoreNotFound(azure, resourceGroups.get(groupName(ref)));
  return found && { tags: found.tags ?? {}, state: found.properties?.provisioningState ?? 'Succeeded' };
}

/** Reads the group; undefined when there is none. Throws `Forbidden` (final) unless it has the installation's seal. */
export async function sealedGroup({ azure, sealKey }: ActivityDeps, ref: EnvironmentRef): Promise<Group | undefined> {
  const group = await readGroup(azure, ref);
  if (group && !isSealed(sealKey, ref, group.tags)) throw notSealed(ref, sealStateOf(sealKey, ref, group.tags));
  return group;
}

function notSealed(ref: EnvironmentRef, seal: SealState): Error {
  const group = groupName(ref);
  const tag = `the tag ${tagNames.seal} of resource group ${group}`;
  if (seal === 'foreign')
    return nonRetryable({
      type: 'Forbidden',
      message: `resource group ${group} does not carry this installation's seal`,
      remedy:
        'if this installation created the group, restore MOAT_SEAL_KEY; if not, POST the environment with another "name"',
      code: 'NotSealed',
    });
  return nonRetryable({
    type: 'Forbidden',
    message: `${tag} is ${seal}: nothing in the group is changed`,
    remedy: `restore ${tag} (a policy or a person changed it; az tag list --resource-id ${groupId(ref)} shows the tags), or delete the group by hand and then DELETE the environment`,
    code: 'NotSealed',
  });
}

export interface EnsureGroupInput {
  ref: EnvironmentRef;
  tags: GroupTags;
  /** a group without any seal gets this installation's; the plan has shown what is in it */
  adopt?: boolean;
}

/**
 * Creates the group with its tags and seal, or adopts a sealed one and updates its tags; with `adopt`, also one without any seal.
 * Throws (final) `NameTaken` for a group without the seal, `InvalidRequest` for one with too many tags; and `InProgress` while an earlier group is being deleted.
 */
export async function ensureGroup(
  deps: ActivityDeps,
  { ref, tags, adopt = false }: EnsureGroupInput,
): Promise<{ id: string; created: boolean }> {
  const { azure, sealKey } = deps;
  const id = groupId(ref);
  const name = groupName(ref);
  const existing = await readGroup(azure, ref);
  if (!existing) {
    await azure.clients(ref.subscriptionId).resources.resourceGroups.createOrUpdate(name, {
      location: ref.location,
      tags: { ...wireTags(tags).set, [tagNames.seal]: sealOf(sealKey, ref) },
    });
    return { id, created: true };
  }
  const seal = sealStateOf(sealKey, ref, existing.tags);
  const adopts = adopt && seal === 'missing';
  if (seal !== 'own' && !adopts)
    throw nonRetryable({
      type: 'NameTaken',
      message: `resource group ${name} exists and does not carry this installation's seal (tag ${tagNames.seal}: ${seal})`,
      remedy: `POST the environment with another "name"; or, if this installation created the group, restore its tag ${tagNames.seal}`,
    });
  if (/^deleting$/i.test(existing.state))
    throw inProgress(`resource group ${name}: ${existing.state}`, azure.delayMs(15));
  await writeTags(azure, ref, existing.tags, tags, adopts ? { [tagNames.seal]: sealOf(sealKey, ref) } : {});
  return { id, created: false };
}

/**
 * Merges tags into those of the group; `null` removes one. `gone`: there is no group, or it is being deleted, and nothing was written.
 * Throws `Forbidden` for a foreign one.
 */
export async function tagGroup(deps: ActivityDeps, { ref, tags }: EnsureGroupInput): Promise<{ gone: boolean }> {
  const group = await sealedGroup(deps, ref);
  if (!group || /^deleting$/i.test(group.state)) return { gone: true };
  try {
    await writeTags(deps.azure, ref, group.tags, tags);
    return { gone: false };
  } catch (error) {
    // its deletion began after it was read
    if (isDeprovisioning(deps.azure, error)) return { gone: true };
    throw error;
  }
}

export interface GroupList {
  exists: boolean;
  sealed: boolean;
  /** null: there is no group */
  seal: SealState | null;
  tags: Tags;
  /** the environment's resources, and at most `listedForeign` others */
  resources: { id: string; type: string; state: string }[];
  /** number of other resources that are not in the list */
  moreForeign: number;
}

/** Others' resources in a list: a group may hold 800 of each type, and a workflow's history must stay small. */
const listedForeign = 20;

/** Lists the group's resources, the source of truth for what exists. */
export async function listGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<GroupList> {
  const group = await readGroup(azure, ref);
  if (!group) return { exists: false, sealed: false, seal: null, tags: {}, resources: [], moreForeign: 0 };
  const resources: GroupList['resources'] = [];
  let foreign = 0;
  const pages = azure
    .clients(ref.subscriptionId)
    .resources.resources.listByResourceGroup(groupName(ref), { expand: 'provisioningState' });
  for await (const { id, type, provisioningState } of pages) {
    if (!id || !type) continue;
    if (deletionOf(ref, id) === 'foreign' && ++foreign > listedForeign) continue;
    resources.push({ id, type, state: provisioningState ?? 'Unknown' });
  }
  const seal = sealStateOf(sealKey, ref, group.tags);
  return {
    exists: true,
    sealed: seal === 'own',
    seal,
    tags: group.tags,
    resources,
    moreForeign: Math.max(0, foreign - listedForeign),
  };
}

export interface DeletionResult {
  token: string | null;
  /** `gone` when there was nothing to delete */
  state: string;
  retryAfterMs: number;
}

export interface DeleteGroupInput {
  ref: EnvironmentRef;
  /** see `whileLocksSettle` */
  awaitLocks?: boolean;
}

/** Starts the deletion of the sealed group. Throws `Forbidden` for a foreign one. */
export async function beginGroupDeletion(
  deps: ActivityDeps,
  { ref, awaitLocks }: DeleteGroupInput,
): Promise<DeletionResult> {
  const { azure } = deps;
  const group = await sealedGroup(deps, ref);
  if (!group) return { token: null, state: 'gone', retryAfterMs: 0 };
  if (/^deleting$/i.test(group.state)) return { token: null, state: group.state, retryAfterMs: azure.delayMs(15) };
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const operation = await whileLocksSettle(deps, awaitLocks, () =>
    azure.operations.begin(() => resourceGroups.delete(groupName(ref))),
  );
  return { ...operation, state: 'Deleting' };
}

/**
 * Polls once whether the group is deleted. Throws `InProgress` while the deletion is running; a deletion that failed, or ended
 * although the group still exists (DEL-15), is final, with a `RetryHint` where it may be repeated.
 */
export async function observeGroupDeletion(
  { azure }: ActivityDeps,
  { ref, token, onOperationEnd }: { ref: EnvironmentRef } & Omit<ObserveInput, 'id'>,
): Promise<void> {
  const label = `resource group ${groupName(ref)}`;
  if (token !== null) {
    const operation = await ignoreNotFound(azure, azure.operations.poll(token));
    if (operation && !operation.done) throw inProgress(`${label}: Deleting`, operation.retryAfterMs);
    onOperationEnd?.();
  }
  const group = await readGroup(azure, ref);
  if (!group) return;
  if (/^deleting$/i.test(group.state)) throw inProgress(`${label}: Deleting`, azure.delayMs(15));
  throw provisioningFailed(`${label}: still exists after its deletion`, azure.delayMs(15));
}
