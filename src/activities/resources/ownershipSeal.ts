import { createHmac, timingSafeEqual } from 'node:crypto';
import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { tagNames, tagOf } from '../../domain/groupTags.ts';
import { usesPrefix } from '../../domain/usesTags.ts';
import type { GroupTags, SealState, WireTags } from '../../domain/groupTags.ts';

export { tagOf } from '../../domain/groupTags.ts';

type GroupRef = Pick<EnvironmentRef, 'subscriptionId' | 'name' | 'group'>;

/**
 * The seal of an environment's group: an HMAC over subscription, group and environment with the installation's key. Hexadecimal, because
 * policies change the case of tag values (Azure/Community-Policy#490).
 */
export const sealOf = (key: string, ref: GroupRef): string =>
  createHmac('sha256', key)
    .update([ref.subscriptionId.toLowerCase(), groupName(ref).toLowerCase(), ref.name].join('\n'))
    .digest('hex');

/**
 * The seal of what an environment adds to an existing resource. It is bound to the id, so that no copy of a group's tags, or of another
 * addition's, makes a resource Moat's.
 */
const additionSealOf = (key: string, ref: GroupRef, id: string): string =>
  createHmac('sha256', key)
    .update([ref.subscriptionId.toLowerCase(), groupName(ref).toLowerCase(), ref.name, id.toLowerCase()].join('\n'))
    .digest('hex');

/** The tags of an addition. */
export const additionTags = (key: string, ref: GroupRef, id: string): Record<string, string> => ({
  [tagNames.environment]: ref.name,
  [tagNames.seal]: additionSealOf(key, ref, id),
});

/** Whether a resource outside of the group was added by this installation for this environment. Any other one is never changed. */
export function isSealedAddition(key: string, ref: GroupRef, id: string, resource: object): boolean {
  const { tags = {} } = resource as { tags?: WireTags };
  const found = (tagOf(tags, tagNames.seal) ?? '').trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(found)) return false;
  return timingSafeEqual(Buffer.from(additionSealOf(key, ref, id)), Buffer.from(found));
}

/** Whose seal a group's tags carry, in whatever case. */
export function sealStateOf(key: string, group: GroupRef, tags: WireTags): SealState {
  const found = (tagOf(tags, tagNames.seal) ?? '').trim().toLowerCase();
  if (found === '') return 'missing';
  if (!/^[0-9a-f]{64}$/.test(found)) return 'altered';
  return timingSafeEqual(Buffer.from(sealOf(key, group)), Buffer.from(found)) ? 'own' : 'foreign';
}

/** Whether a group's tags carry the seal of this installation for this environment. A group without it is never changed. */
export const isSealed = (key: string, group: GroupRef, tags: WireTags): boolean =>
  sealStateOf(key, group, tags) === 'own';

/** Tags to set and names of tags to remove, in ARM's form. */
export function wireTags(tags: GroupTags): { set: Record<string, string>; removed: string[] } {
  const set: Record<string, string> = {};
  const removed: string[] = [];
  const { uses = {}, ...own } = tags;
  for (const [member, value] of Object.entries(own) as [keyof typeof own, string | null | undefined][]) {
    if (value === null) removed.push(tagNames[member]);
    else if (value !== undefined) set[tagNames[member]] = value;
  }
  for (const [key, value] of Object.entries(uses)) set[`${usesPrefix}${key}`] = value;
  return { set, removed };
}
