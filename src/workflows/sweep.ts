import { setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import { planSweep } from '../domain/sweep/plan.ts';
import { resultLists, longestList, newSummary, sweepLists } from '../domain/sweep/record.ts';
import type { Sweep, SweepState, SweepSummary, SweepMemo } from '../domain/sweep/record.ts';
import { failureOf, runFailure } from './runFailure.ts';
import { sweepMemoKey, sweepTimingMemoKey } from './messages.ts';
import type { SweepInput } from './messages.ts';
import { sweepQueries } from './sweepProxies.ts';
import { executeSweepActions } from './sweepActions.ts';
import { publishEvents } from './publishEvents.ts';
import { collectInputs } from './sweepInputs.ts';

/** Shows a sweep's summary in its memo, which can be read without a worker. */
function show(summary: SweepSummary): void {
  upsertMemo({ [sweepMemoKey]: summary });
  const { state, dryRun, ownedCount, counts, stopReasons, failure } = summary;
  const rows = sweepLists.map((list) => `| ${list} | ${counts[list]} |`);
  setCurrentDetails(
    [
      `### ${dryRun ? 'Dry sweep' : 'Sweep'}: ${state}`,
      ...stopReasons.map(({ code, message }) => `**${code}**: ${message}`),
      ...(failure ? [`**${failure.type}**: ${failure.message}`] : []),
      `| of ${ownedCount} environments | |\n|---|---|\n${rows.join('\n')}`,
    ].join('\n\n'),
  );
}

const stoppedEvent = ({ id, stopReasons }: SweepSummary): WebhookEvent => ({
  type: 'sweep.stopped',
  at: new Date().toISOString(),
  environment: null,
  sweep: id,
  message: stopReasons.map(({ message }) => message).join('; '),
});

/**
 * Finds environments with an expired lease by their groups' tags, plans with `planSweep`, and requests the actions from their workflows.
 * The sweep itself deletes nothing. A sweep that a safety check stops executes no action and ends as `stopped`.
 */
export async function sweepEnvironments({ dryRun, approved }: SweepInput): Promise<Sweep> {
  const summary: SweepSummary = {
    ...newSummary(workflowInfo().workflowId, new Date().toISOString()),
    dryRun,
    approvedSweepId: approved?.sweepId ?? null,
  };
  let lists = resultLists(null);
  const end = (state: SweepState): Sweep => {
    Object.assign(summary, { state, finishedAt: new Date().toISOString() });
    show(summary);
    const cut = sweepLists.map((list) => [list, lists[list].slice(0, longestList)] as const);
    return { ...summary, lists: Object.fromEntries(cut) as Sweep['lists'] };
  };
  show(summary);

  try {
    const settings = await sweepQueries.sweepSettings();
    if (settings.mode === 'off') return end('off');
    summary.dryRun ||= settings.mode === 'dry';
    const inputs = await collectInputs(settings, { ownId: summary.id, approved: approved?.keys ?? null });
    const plan = planSweep(inputs);
    lists = resultLists(plan);
    summary.ownedCount = plan.ownedCount;
    summary.stopReasons = plan.stop?.reasons ?? [];
    for (const list of sweepLists) summary.counts[list] = lists[list].length;
    const { now: at, policy, timing } = inputs;
    upsertMemo({ [sweepTimingMemoKey]: { at, policy, timing, dryRun: summary.dryRun } satisfies SweepMemo });
    show(summary);
    const state = plan.stop ? 'stopped' : 'completed';
    if (summary.dryRun) return end(state);
    if (plan.stop) {
      if (settings.webhook) await publishEvents([stoppedEvent(summary)]);
      return end(state);
    }
    const { events, off } = await executeSweepActions(inputs, lists, summary.id);
    if (settings.webhook) await publishEvents(events);
    return end(off ? 'off' : state);
  } catch (error) {
    summary.failure = failureOf(error, null);
    end('failed');
    throw runFailure(summary.failure);
  }
}
