import type { EnvironmentRef } from '../../domain/naming.ts';
import { tagNames } from '../../domain/groupTags.ts';
import type { ActivityDeps } from '../deps.ts';
import { sealedGroup } from './resourceGroup.ts';
import { tagOf } from './ownershipSeal.ts';

/** The lease in a group's tags; null when there is no group. Throws `Forbidden` (final) for a foreign one. */
export async function readLease(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ expiresAt: string | null; protected: string | null } | null> {
  const group = await sealedGroup(deps, ref);
  if (!group) return null;
  return {
    expiresAt: tagOf(group.tags, tagNames.expiresAt) ?? null,
    protected: tagOf(group.tags, tagNames.protected) ?? null,
  };
}
