import { setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import type { SweepInputs } from '../domain/sweep/inputs.ts';
import { planSweep, resumedAt } from '../domain/sweep/plan.ts';
import { newSummary, resultLists, sweepLists, truncateLists } from '../domain/sweep/record.ts';
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

/** What later sweeps need to know about this one. */
const memoOf = (inputs: SweepInputs, { dryRun, stopReasons }: SweepSummary, teardowns: number): SweepMemo => ({
  at: inputs.now,
  policy: inputs.policy,
  timing: inputs.timing,
  dryRun,
  stopped: stopReasons.length > 0,
  resumedAt: resumedAt(inputs),
  teardowns: dryRun ? 0 : teardowns,
});

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
export async function sweepEnvironments({ dryRun, approved, requestedBy }: SweepInput): Promise<Sweep> {
  const summary: SweepSummary = {
    ...newSummary(workflowInfo().workflowId, new Date().toISOString()),
    dryRun,
    approvedSweepId: approved?.sweepId ?? null,
    requestedBy: requestedBy ?? null,
  };
  let lists = resultLists(null);
  const end = (state: SweepState): Sweep => {
    Object.assign(summary, { state, finishedAt: new Date().toISOString() });
    show(summary);
    return { ...summary, lists: truncateLists(lists) };
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
    const remember = (teardowns: number): void =>
      upsertMemo({ [sweepTimingMemoKey]: memoOf(inputs, summary, teardowns) });
    // before the first action: a sweep that ends early must not make the next one exceed the cap
    remember(plan.tearDown.length);
    show(summary);
    const state = plan.stop ? 'stopped' : 'completed';
    if (summary.dryRun) return end(state);
    if (plan.stop) {
      if (settings.webhook) await publishEvents([stoppedEvent(summary)]);
      return end(state);
    }
    const { events, off, teardowns } = await executeSweepActions(inputs, lists, summary.id);
    remember(teardowns);
    if (settings.webhook) await publishEvents(events);
    return end(off ? 'off' : state);
  } catch (error) {
    summary.failure = failureOf(error, null);
    end('failed');
    throw runFailure(summary.failure);
  }
}
