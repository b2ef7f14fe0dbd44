import type { Lock } from '../../domain/blockers.ts';
import { groupId, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ActivityDeps } from '../deps.ts';

const apiVersion = '2020-05-01';
const path = '/providers/Microsoft.Authorization/locks';

interface ListedLock {
  id?: string;
  properties?: { level?: string };
}

/** The management locks on the environment's group, in it, and on its subscription. Changes nothing. */
export async function listLocks({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<Lock[]> {
  const subscription = `/subscriptions/${ref.subscriptionId}`;
  const found = (await azure.generic.list(`${subscription}${path}`, apiVersion)) as ListedLock[];
  return found.flatMap(({ id, properties }) => {
    const scope = id?.slice(0, id.toLowerCase().lastIndexOf(path.toLowerCase()));
    if (!id || !scope || !(isWithin(scope, groupId(ref)) || isWithin(subscription, scope))) return [];
    return [{ id, scope, level: properties?.level ?? 'unknown' }];
  });
}
