import { setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { MoatEvent } from '../domain/event.ts';
import { planSweep } from '../domain/sweep.ts';
import { listsOf, longestList, newSummary, sweepLists } from '../domain/sweepRecord.ts';
import type { Sweep, SweepState, SweepSummary, SweepTrace } from '../domain/sweepRecord.ts';
import { sweepMemoKey, traceMemoKey } from './messages.ts';
import type { SweepInput } from './messages.ts';
import { moat } from './sweepActivities.ts';
import { carryOut } from './sweepDeeds.ts';
import { tell } from './tell.ts';
import { gatherFacts } from './sweepFindings.ts';

/** Shows a sweep in short where it can be read without a worker. */
function show(summary: SweepSummary): void {
  upsertMemo({ [sweepMemoKey]: summary });
  const { state, dryRun, sealed, counts, stop } = summary;
  const rows = sweepLists.map((list) => `| ${list} | ${counts[list]} |`);
  setCurrentDetails(
    [
      `### ${dryRun ? 'Dry sweep' : 'Sweep'}: ${state}`,
      ...stop.map(({ code, message }) => `**${code}**: ${message}`),
      `| of ${sealed} environments | |\n|---|---|\n${rows.join('\n')}`,
    ].join('\n\n'),
  );
}

const stoppedEvent = ({ id, stop }: SweepSummary): MoatEvent => ({
  type: 'sweep.stopped',
  at: new Date().toISOString(),
  environment: null,
  sweep: id,
  message: stop.map(({ message }) => message).join('; '),
});

/**
 * Finds environments whose lease is over by the tags of their groups, decides with `planSweep`, and has their workflows do it. It
 * deletes nothing itself. A sweep that meets what is unlike ordinary expiry does nothing and ends `stopped`.
 */
export async function sweepEnvironments({ dryRun, approved }: SweepInput): Promise<Sweep> {
  const begun = newSummary(workflowInfo().workflowId, new Date().toISOString());
  const summary: SweepSummary = { ...begun, dryRun, approves: approved?.sweepId ?? null };
  let lists = listsOf(null);
  const end = (state: SweepState): Sweep => {
    Object.assign(summary, { state, finishedAt: new Date().toISOString() });
    show(summary);
    const cut = sweepLists.map((list) => [list, lists[list].slice(0, longestList)] as const);
    return { ...summary, lists: Object.fromEntries(cut) as Sweep['lists'] };
  };
  show(summary);

  try {
    const settings = await moat.sweepSettings();
    if (settings.mode === 'off') return end('off');
    summary.dryRun ||= settings.mode === 'dry';
    const facts = await gatherFacts(settings, { ownId: summary.id, approved: approved?.keys ?? null });
    const plan = planSweep(facts);
    lists = listsOf(plan);
    summary.sealed = plan.sealed;
    summary.stop = plan.stop?.reasons ?? [];
    for (const list of sweepLists) summary.counts[list] = lists[list].length;
    const { now: at, policy, rhythm } = facts;
    upsertMemo({ [traceMemoKey]: { at, policy, rhythm, dryRun: summary.dryRun } satisfies SweepTrace });
    show(summary);
    const state = plan.stop ? 'stopped' : 'completed';
    if (summary.dryRun) return end(state);
    if (plan.stop) {
      if (settings.webhook) await tell([stoppedEvent(summary)]);
      return end(state);
    }
    const { events, off } = await carryOut(facts, lists, summary.id);
    if (settings.webhook) await tell(events);
    return end(off ? 'off' : state);
  } catch (error) {
    end('failed');
    throw error;
  }
}
