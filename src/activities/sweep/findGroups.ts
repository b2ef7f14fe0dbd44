import type { ResourceGroup } from '@azure/arm-resources';
import { environmentNameOfGroup, groupName } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { isSealed, tagOf } from '../resources/ownershipSeal.ts';

export interface FoundPage {
  groups: FoundGroup[];
  /** where the next page is; null: there is none */
  next: string | null;
  /** what ARM says that the time is, ms since the epoch; null where it does not say */
  armNow: number | null;
}

/** A page of a subscription's groups that bear Moat's tag, with a verdict on their seals. Changes nothing. */
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
    groups: (page ?? []).map((group: ResourceGroup) => found(sealKey, subscriptionId, group)),
    next: page?.continuationToken ?? null,
    armNow: skewMs === null ? null : Date.now() + skewMs,
  };
}

function found(sealKey: string, subscriptionId: string, group: ResourceGroup): FoundGroup {
  const tags = group.tags ?? {};
  const tag = (name: string): string | null => tagOf(tags, name) ?? null;
  const groupsName = group.name ?? '';
  const tagged = tag(tagNames.environment) ?? '';
  // the tag tells the name's case, which ARM does not keep
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
