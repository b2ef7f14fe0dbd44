import { createHmac, timingSafeEqual } from 'node:crypto';
import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { GroupTags } from '../../domain/groupTags.ts';

type GroupRef = Pick<EnvironmentRef, 'subscriptionId' | 'name'>;
type Tags = Record<string, string>;

/** The seal of an environment's group: an HMAC over subscription, group and environment with the installation's key. */
export const sealOf = (key: string, { subscriptionId, name }: GroupRef): string =>
  createHmac('sha256', key)
    .update([subscriptionId.toLowerCase(), groupName(name).toLowerCase(), name].join('\n'))
    .digest('base64url');

/** A tag's value; tag names ignore case. */
export function tagOf(tags: Tags, name: string): string | undefined {
  const found = Object.keys(tags).find((one) => one.toLowerCase() === name);
  return found === undefined ? undefined : tags[found];
}

/** Whether a group's tags carry the seal of this installation for this environment. A group without it is foreign. */
export function isSealed(key: string, group: GroupRef, tags: Tags): boolean {
  const expected = Buffer.from(sealOf(key, group));
  const found = Buffer.from(tagOf(tags, tagNames.seal) ?? '');
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Tags to set and names of tags to remove, in ARM's form. */
export function wireTags(tags: GroupTags): { set: Tags; removed: string[] } {
  const set: Tags = {};
  const removed: string[] = [];
  for (const [member, value] of Object.entries(tags) as [keyof GroupTags, string | null | undefined][]) {
    if (value === null) removed.push(tagNames[member]);
    else if (value !== undefined) set[tagNames[member]] = value;
  }
  return { set, removed };
}
