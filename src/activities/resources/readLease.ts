import { readTags } from '../../domain/groupTags.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ActivityDeps } from '../deps.ts';
import { sealedGroup } from './resourceGroup.ts';

/** The lease in a group's tags; null when there is no group. Throws `Forbidden` (final) for a foreign one. */
export async function readLease(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ expiresAt: string | null; protected: string | null } | null> {
  const group = await sealedGroup(deps, ref);
  if (!group) return null;
  const { expiresAt, protected: protection } = readTags(group.tags);
  return { expiresAt, protected: protection };
}
