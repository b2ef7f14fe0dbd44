import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Failure } from '../domain/failures.ts';
import { Problem } from '../domain/problem.ts';
import { entryKey } from '../domain/sweep/entry.ts';
import { emptyLists, newSummary } from '../domain/sweep/record.ts';
import type { Sweep, SweepSummary } from '../domain/sweep/record.ts';
import { approvalIdOf, sweepIdPrefix, sweepMemoKey, sweepWorkflowType, taskQueues } from '../workflows/messages.ts';
import type { SweepInput } from '../workflows/messages.ts';
import type { Page, Sweeps } from './contracts.ts';
import { mapUnavailable } from './unavailable.ts';
import { sweepTimeout } from './sweepSchedule.ts';
import { listPage } from './visibility/page.ts';
import { createSharedAnswers } from './visibility/sharedAnswers.ts';

type SweepExecution = Pick<WorkflowExecutionInfo, 'workflowId' | 'startTime' | 'memo'> & {
  closeTime?: Date | null | undefined;
  status: { name: string };
};
/** A list shows a change within a second. */
const listKeptMs = 750;

/** The summary in a sweep's memo; a new one before the workflow has written it. A workflow that was ended from outside is `failed`. */
function summaryOf({ workflowId, startTime, closeTime, status, memo }: SweepExecution): SweepSummary {
  const shown = memo?.[sweepMemoKey] as SweepSummary | undefined;
  const summary = shown ?? newSummary(workflowId, startTime.toISOString());
  const ended = status.name !== 'RUNNING' && summary.state === 'running';
  if (!ended) return summary;
  const failure: Failure = {
    step: null,
    type: 'Unknown',
    code: status.name,
    message: `The sweep's workflow was ended from outside (${status.name}).`,
    remedy: 'Nothing to do: the next sweep continues. For the cause, see the workflow in the Temporal UI.',
    correlationId: null,
    log: null,
  };
  return { ...summary, state: 'failed', finishedAt: closeTime?.toISOString() ?? null, failure };
}

/** Sweeps as workflows: starts them, and reads what Temporal's server stores about them. */
export function createSweeps(client: Client): Sweeps {
  const sharedPages = createSharedAnswers<Page<SweepSummary>>(listKeptMs);

  async function describe(id: string): Promise<SweepExecution> {
    try {
      const description = await client.workflow.getHandle(id).describe();
      if (description.type === sweepWorkflowType) return description;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    throw new Problem('NotFound', `There is no sweep ${id}.`);
  }

  async function start(id: string, input: SweepInput & { requestedBy: string }): Promise<SweepSummary> {
    await client.workflow.start(sweepWorkflowType, {
      workflowId: id,
      taskQueue: taskQueues.workflows,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowExecutionTimeout: sweepTimeout,
    });
    const summary = summaryOf(await describe(id));
    const { approved, requestedBy } = input;
    return {
      ...summary,
      dryRun: summary.dryRun || input.dryRun,
      approvedSweepId: approved?.sweepId ?? null,
      requestedBy,
    };
  }

  async function get(id: string): Promise<Sweep> {
    const info = await describe(id);
    const ended = info.status.name === 'COMPLETED';
    return ended
      ? ((await client.workflow.getHandle(id).result()) as Sweep)
      : { ...summaryOf(info), lists: emptyLists() };
  }

  /** Temporal lists running sweeps first, then the last one that ended. */
  async function readPage({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<SweepSummary>> {
    const query = `WorkflowType = '${sweepWorkflowType}'`;
    const { items, nextCursor } = await listPage(client, {
      query,
      binding: query,
      limit,
      cursor,
      memoKeys: [sweepMemoKey],
    });
    return { items: items.map(summaryOf), nextCursor };
  }

  return mapUnavailable<Sweeps>({
    get,
    list: (page) => sharedPages(JSON.stringify([page.limit, page.cursor]), () => readPage(page)),
    start: (dryRun, requestedBy) =>
      start(`${sweepIdPrefix}-${new Date().toISOString()}-${randomUUID().slice(0, 8)}`, { dryRun, requestedBy }),
    async approve(id, requestedBy) {
      const { state, dryRun, lists } = await get(id);
      if (state !== 'stopped' || dryRun)
        throw new Problem(
          'NotStopped',
          `The sweep ${id} is ${dryRun ? 'a dry run' : state}: only a stopped sweep can be approved.`,
        );
      try {
        return await start(approvalIdOf(id), {
          dryRun: false,
          approved: { sweepId: id, keys: lists.due.map(entryKey) },
          requestedBy,
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        throw new Problem('NotStopped', `The sweep ${id} is already approved: see ${approvalIdOf(id)}.`);
      }
    },
  });
}
