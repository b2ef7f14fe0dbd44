import { isExpired, parseInstant } from '../domain/lease.ts';
import { recoverFromTags } from '../domain/recovery.ts';
import { activityOptions, armRead } from './armActivities.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/**
 * Takes lease, owner and suffix from the group of an environment whose workflow was lost. Without a sealed group nothing changes. An
 * environment that a POST brings back (it has a spec) keeps its protection, and its lease unless that has expired.
 */
export async function recoverFromGroup({ record, ref }: EnvironmentStore): Promise<void> {
  const { group, suffix } = await armRead.readOwnedGroup.executeWithOptions(
    activityOptions('resourceGroup', 'read', 'group'),
    [{ ref }],
  );
  if (!group?.sealed) return;
  const { spec, createdAt, lease } = record;
  Object.assign(record, recoverFromTags(group, record.target, Date.parse(createdAt)), { spec, createdAt });
  const unusable = parseInstant(record.lease.expiresAt) === undefined;
  if (unusable || (spec !== null && isExpired(record.lease, Date.now())))
    Object.assign(record.lease, { expiresAt: lease.expiresAt, markedAt: null });
  Object.assign(ref, { location: group.location, ...(suffix !== null && { suffix }) });
}
