import type { ResourceGroup } from '../../azure/clients.ts';
import { environmentNameOfGroup, groupName } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { ActivityDeps } from '../deps.ts';
import { isSealed, tagOf } from '../resources/ownershipSeal.ts';

export interface FoundPage {
  groups: FoundGroup[];
  /** token of the next page; null: there is none */
  next: string | null;
  /** ARM's time, ms since the epoch; null when unknown */
  armNow: number | null;
}

/** Lists a page of a subscription's groups with Moat's tag, and checks their seals. */
export async function findGroups(
  { azure, sealKey }: ActivityDeps,
  { subscriptionId, next }: { subscriptionId: string; next: string | null },
): Promise<FoundPage> {
  const pages = azure
    .clients(subscriptionId)
    .resources.resourceGroups.list({ filter: `tagName eq '${tagNames.environment}'` })
    .byPage(next === null ? {} : { continuationToken: next });
  const { value: page } = await pages.next();
  const skewMs = azure.clockSkewMs();
  return {
    groups: (page ?? []).map((group: ResourceGroup) => foundGroup(sealKey, subscriptionId, group)),
    next: page?.continuationToken ?? null,
    armNow: skewMs === null ? null : Date.now() + skewMs,
  };
}

export function foundGroup(sealKey: string, subscriptionId: string, group: ResourceGroup): FoundGroup {
  const tags = group.tags ?? {};
  const tag = (name: string): string | null => tagOf(tags, name) ?? null;
  const groupsName = group.name ?? '';
  const tagged = tag(tagNames.environment) ?? '';
  // the tag keeps the name's case, ARM may change that of the group's name
  const same = groupName(tagged).toLowerCase() === groupsName.toLowerCase();
  const name = same ? tagged : (environmentNameOfGroup(groupsName) ?? null);
  return {
    subscriptionId,
    group: groupsName,
    location: group.location,
    name,
    sealed: same && isSealed(sealKey, { subscriptionId, name: tagged }, tags),
    owner: tag(tagNames.owner),
    spec: tag(tagNames.spec),
    state: tag(tagNames.state),
    expiresAt: tag(tagNames.expiresAt),
    markedAt: tag(tagNames.markedAt),
    protected: tag(tagNames.protected),
  };
}
