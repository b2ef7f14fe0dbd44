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

/**
 * The management locks on the environment's group, in it, on its subscription, and on or above the existing resources that it uses. Changes
 * nothing.
 */
export async function listLocks({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<Lock[]> {
  const subscription = `/subscriptions/${ref.subscriptionId}`;
  const brought = Object.values(ref.ids ?? {}).filter((one) => one !== undefined);
  const found = (await azure.generic.list(`${subscription}${path}`, apiVersion)) as ListedLock[];
  return found.flatMap(({ id, properties }) => {
    const scope = id?.slice(0, id.toLowerCase().lastIndexOf(path.toLowerCase()));
    if (!id || !scope) return [];
    const isAbove = [subscription, ...brought].some((one) => isWithin(one, scope));
    if (!isAbove && !isWithin(scope, groupId(ref))) return [];
    return [{ id, scope, level: properties?.level ?? 'unknown' }];
  });
}
