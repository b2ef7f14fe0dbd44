import type { FoundGroup, SweepFacts, WorkflowView } from '../domain/sweepFacts.ts';
import type { SweepSettings } from '../domain/sweepKeeper.ts';
import { read, told } from './arm.ts';
import { moat } from './sweepActivities.ts';

/**
 * Gathers what a sweep decides from, page by page: a thousand groups and what their workflows say are two activities of its
 * history.
 */
export async function gatherFacts(
  { policy, rhythm }: SweepSettings,
  { ownId, approved }: { ownId: string; approved: string[] | null },
): Promise<SweepFacts> {
  const found: FoundGroup[] = [];
  const views = new Map<string, WorkflowView>();
  let skewMs = NaN;
  for (const subscriptionId of policy.subscriptionIds) {
    let next: string | null = null;
    for (let page = 1; page === 1 || next !== null; page++) {
      const answer = await read.findGroups.executeWithOptions(
        told('resourceGroup', `find groups in ${subscriptionId}, page ${page}`),
        [{ subscriptionId, next }],
      );
      if (answer.armNow !== null) skewMs = answer.armNow - Date.now();
      found.push(...answer.groups);
      const names = answer.groups.flatMap(({ sealed, name }) => (sealed && name !== null ? [name] : []));
      if (names.length > 0) for (const view of await moat.viewWorkflows({ names })) views.set(view.name, view);
      next = answer.next;
    }
  }
  const before = await moat.sweepTraces({ ownId });
  const now = Date.now();
  return { now, armNow: now + skewMs, policy, rhythm, ...before, found, views, approved };
}
