import type { ResourceGroup } from '../../azure/clients.ts';
import { environmentNameOfGroup } from '../../domain/naming.ts';
import { readTags, tagNames, tagOf } from '../../domain/groupTags.ts';
import type { SealState } from '../../domain/groupTags.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { ActivityDeps } from '../deps.ts';
import { sealStateOf } from '../resources/ownershipSeal.ts';

export interface FoundPage {
  groups: FoundGroup[];
  /** token of the next page; null: there is none */
  next: string | null;
  /** ARM's time, ms since the epoch; null when unknown */
  armNow: number | null;
}

/**
 * Lists a page of a subscription's groups, and checks their seals. A group counts by its name or its tags, because a policy may remove
 * tags: ARM's filter by tag would not find it any more. A subscription has at most 980 groups (Azure docs: subscription limits).
 */
export async function findGroups(
  { azure, sealKey }: ActivityDeps,
  { subscriptionId, next }: { subscriptionId: string; next: string | null },
): Promise<FoundPage> {
  const pages = azure
    .clients(subscriptionId)
    .resources.resourceGroups.list()
    .byPage(next === null ? {} : { continuationToken: next });
  const { value: page } = await pages.next();
  const skewMs = azure.clockSkewMs();
  return {
    groups: (page ?? [])
      .filter((group: ResourceGroup) => mayBeEnvironment(group))
      .map((group: ResourceGroup) => foundGroup(sealKey, subscriptionId, group)),
    next: page?.continuationToken ?? null,
    armNow: skewMs === null ? null : Date.now() + skewMs,
  };
}

const mayBeEnvironment = ({ name = '', tags = {} }: ResourceGroup): boolean =>
  environmentNameOfGroup(name) !== undefined || tagOf(tags, tagNames.environment) !== undefined;

export function foundGroup(sealKey: string, subscriptionId: string, group: ResourceGroup): FoundGroup {
  const tags = group.tags ?? {};
  const groupsName = group.name ?? '';
  const sealOfName = (name: string): SealState =>
    sealStateOf(sealKey, { subscriptionId, name, group: groupsName }, tags);
  // an environment's name has no upper case; ARM may change the case of the group's name
  const ofGroup = environmentNameOfGroup(groupsName)?.toLowerCase() ?? null;
  // an adopted group has a name of its own: anybody may write the tag, but not the seal that proves it
  const tagged = tagOf(tags, tagNames.environment)?.toLowerCase();
  const name = tagged !== undefined && sealOfName(tagged) === 'own' ? tagged : ofGroup;
  return {
    subscriptionId,
    group: groupsName,
    location: group.location,
    name,
    seal: name === null ? 'foreign' : sealOfName(name),
    ...readTags(tags),
  };
}
