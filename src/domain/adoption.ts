import type { Json } from './environment.ts';
import type { ExistingIds } from './existingResources.ts';
import type { EnvironmentRef } from './naming.ts';

/** A member that a run changes: from `actual` to `desired`. null: absent. */
export interface MemberDifference {
  /** names of the members, joined by dots; list items by their name */
  member: string;
  actual: Json;
  desired: Json;
}

/** A resource of the adopted group that Moat would not create. */
export interface OtherResource {
  id: string;
  type: string;
  /** `deleted`: it is taken over; `stays`: Moat neither changes nor deletes it, and it blocks the teardown */
  teardown: 'deleted' | 'stays';
  /** deletes what stays; null for what is taken over */
  command: string | null;
}

/** What Moat finds in a group that it is to adopt, and what it would change. */
export interface Adoption {
  /** of the resources that a run would change, by their keys */
  differences: Record<string, MemberDifference[]>;
  others: OtherResource[];
  /** number of others that are not in the list */
  moreOthers: number;
  /** of all of the above, and of what exists: a run changes nothing where it is another one than the plan's */
  digest: string;
}

/** The environment with the ids of resources that were found for it, under other names than Moat's. */
export const adoptedRef = (ref: EnvironmentRef, ids: ExistingIds = {}): EnvironmentRef =>
  Object.keys(ids).length === 0 ? ref : { ...ref, ids: { ...ref.ids, ...ids } };
