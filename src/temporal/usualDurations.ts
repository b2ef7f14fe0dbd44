import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { usualRange } from '../domain/durations.ts';
import type { SecondsRange } from '../domain/durations.ts';
import { managedNetworkId } from '../domain/managedNetwork.ts';
import type { PlanFacts, UsualDuration } from '../domain/plan.ts';

import { stepsOf } from './environmentView.ts';

/** The newest runs say most about the next one. */
const newestRuns = 50;

/** Whether the run provisioned a managed network, which takes half an hour more. */
const provisionedNetwork = ({ memo }: WorkflowExecutionInfo): boolean =>
  stepsOf(memo).some(({ resources }) => resources.some(({ id }) => id.endsWith(managedNetworkId(''))));

/**
 * This installation's newest successful first runs of one method, which created everything, oldest first: one query, one page. `hasNetwork`:
 * those with a managed network.
 */
export async function firstRuns(client: Client, hasNetwork: boolean): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowType = 'provision' AND ExecutionStatus = 'Completed'`;
  const runs: WorkflowExecutionInfo[] = [];
  let seen = 0;
  for await (const run of client.workflow.list({ query, pageSize: newestRuns })) {
    // a second run continues where the first one stopped
    if (run.workflowId.endsWith(':provision:1') && provisionedNetwork(run) === hasNetwork) runs.push(run);
    if (++seen === newestRuns) break;
  }
  // Temporal lists those that ended last first
  return runs.toReversed();
}

const secondsOf = ({ startTime, closeTime }: WorkflowExecutionInfo): number =>
  ((closeTime ?? startTime).getTime() - startTime.getTime()) / 1000;

/** An estimate in the target's time. */
export const scaled = ({ min, max }: SecondsRange, timeScale: number): SecondsRange => ({
  min: rounded(min * timeScale),
  max: rounded(max * timeScale),
});

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/**
 * How long the run of a plan usually takes: by this installation's history where it creates everything, else by the table of estimates, in
 * the time of the target (`timeScale`).
 */
export function createUsualDurations(client: Client, timeScale: number) {
  return async ({ existing, seconds }: PlanFacts, hasNetwork: boolean): Promise<UsualDuration> => {
    const isNew = Object.keys(existing).length === 0;
    const measured = isNew ? (await firstRuns(client, hasNetwork)).map(secondsOf) : [];
    const range = usualRange(measured);
    if (range)
      return {
        minSeconds: rounded(range.min),
        maxSeconds: rounded(range.max),
        source: 'history',
        runs: measured.length,
      };
    const { min, max } = scaled(seconds, timeScale);
    return { minSeconds: min, maxSeconds: max, source: 'table', runs: 0 };
  };
}
