import type { Client } from '@temporalio/client';
import type { PreviousSweeps } from '../domain/sweep/inputs.ts';
import type { SweepMemo } from '../domain/sweep/record.ts';
import { sweepTimingMemoKey, sweepWorkflowType } from '../workflows/messages.ts';

const dayMs = 24 * 3_600_000;
/** Sweeps that are searched for the previous ones, at least; and at most, where they all started within a day. */
const [minimumSweeps, maximumSweeps] = [200, 2_000];

/** What the memos of earlier sweeps say. A sweep that was switched off before it planned has none. */
export async function previousSweeps(client: Client, ownId: string): Promise<PreviousSweeps> {
  const dayAgo = Date.now() - dayMs;
  const memos: SweepMemo[] = [];
  let count = 0;
  const query = `WorkflowType = '${sweepWorkflowType}'`;
  // newest first
  for await (const { workflowId, memo, startTime } of client.workflow.list({ query, pageSize: minimumSweeps })) {
    const found = memo?.[sweepTimingMemoKey] as SweepMemo | undefined;
    if (found && workflowId !== ownId) memos.push(found);
    count += 1;
    if (count >= maximumSweeps || (count >= minimumSweeps && startTime.getTime() < dayAgo)) break;
  }
  const newest = memos.toSorted((a, b) => b.at - a.at);
  const [last] = newest;
  const real = newest.filter(({ dryRun }) => !dryRun);
  const [lastReal] = real;
  return {
    last: last ? { at: last.at, timing: last.timing } : null,
    lastReal: lastReal ? { at: lastReal.at, timing: lastReal.timing, resumedAt: lastReal.resumedAt } : null,
    lastPolicy: real.find(({ stopped }) => !stopped)?.policy ?? lastReal?.policy ?? null,
    recentTeardowns: real.filter(({ at }) => at >= dayAgo).reduce((sum, { teardowns }) => sum + teardowns, 0),
  };
}
