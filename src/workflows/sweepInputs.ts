import type { FoundGroup, SweepInputs, EnvironmentView } from '../domain/sweep/inputs.ts';
import type { SweepSettings } from '../domain/sweep/gateway.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { sweepQueries } from './sweepProxies.ts';

/**
 * Collects the inputs of a sweep's plan, page by page: for each page of a thousand groups, one activity lists the groups and one reads
 * their workflows.
 */
export async function collectInputs(
  { policy, timing }: SweepSettings,
  { ownId, approved }: { ownId: string; approved: string[] | null },
): Promise<SweepInputs> {
  const found: FoundGroup[] = [];
  const views = new Map<string, EnvironmentView>();
  let skewMs = NaN;
  for (const subscriptionId of policy.subscriptionIds) {
    let next: string | null = null;
    for (let page = 1; page === 1 || next !== null; page++) {
      const answer = await armRead.findGroups.executeWithOptions(
        activityOptions('resourceGroup', 'find', `groups:${subscriptionId}:${page}`),
        [{ subscriptionId, next }],
      );
      if (answer.armNow !== null) skewMs = answer.armNow - Date.now();
      found.push(...answer.groups);
      const names = answer.groups.flatMap(({ name }) => (name === null ? [] : [name]));
      if (names.length > 0) for (const view of await sweepQueries.viewWorkflows({ names })) views.set(view.name, view);
      next = answer.next;
    }
  }
  const before = await sweepQueries.previousSweeps({ ownId });
  const now = Date.now();
  return { now, armNow: now + skewMs, policy, timing, ...before, found, views, approved };
}
