import { isExpired, parseInstant } from '../domain/lease.ts';
import { recoverFromTags } from '../domain/recovery.ts';
import { activityOptions, armRead } from './armActivities.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/**
 * Recovers lease, owner and suffix of an environment whose workflow was lost from its group. Without a sealed group, the record remains
 * unchanged. An environment that a POST recovers (it has a spec) keeps its protection, and its lease unless that has expired.
 */
export async function recoverFromGroup(store: EnvironmentStore): Promise<void> {
  const { record, ref } = store;
  const { group, suffix, found } = await armRead.readOwnedGroup.executeWithOptions(
    activityOptions('resourceGroup', 'read', 'group'),
    [{ ref }],
  );
  if (group?.seal !== 'own') return;
  const { spec, createdAt, lease } = record;
  Object.assign(record, recoverFromTags(group, record.target, Date.parse(createdAt)), { spec, createdAt });
  const isInvalid = parseInstant(record.lease.expiresAt) === undefined;
  if (isInvalid || (spec !== null && isExpired(record.lease, Date.now())))
    Object.assign(record.lease, { expiresAt: lease.expiresAt, markedAt: null });
  store.updateRef({
    location: group.location,
    ...(suffix !== null && { suffix }),
    ...found,
    ...(found.ids && { ids: { ...store.ref.ids, ...found.ids } }),
  });
}
