import type { Client } from '@temporalio/client';
import { middleRange } from '../domain/durations.ts';
import type { PlanFacts, UsualDuration } from '../domain/plan.ts';

/** The newest runs say most about the next one. */
const newestRuns = 50;

/** Seconds of this installation's newest successful first runs, which created everything: one query, one page. */
export async function firstRunSeconds(client: Client): Promise<number[]> {
  const query = `WorkflowType = 'provision' AND ExecutionStatus = 'Completed'`;
  const seconds: number[] = [];
  let seen = 0;
  for await (const { workflowId, startTime, closeTime } of client.workflow.list({ query, pageSize: newestRuns })) {
    // a second run continues where the first one stopped
    if (workflowId.endsWith(':provision:1') && closeTime)
      seconds.push((closeTime.getTime() - startTime.getTime()) / 1000);
    if (++seen === newestRuns) break;
  }
  return seconds;
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

/**
 * How long the run of a plan usually takes: by this installation's history where it creates everything, else by the table of estimates, in
 * the time of the target (`timeScale`).
 */
export function createUsualDurations(client: Client, timeScale: number) {
  return async ({ existing, seconds }: PlanFacts): Promise<UsualDuration> => {
    const measured = Object.keys(existing).length === 0 ? await firstRunSeconds(client) : [];
    const range = middleRange(measured);
    if (range)
      return {
        minSeconds: rounded(range.min),
        maxSeconds: rounded(range.max),
        source: 'history',
        runs: measured.length,
      };
    const { min, max } = seconds;
    return { minSeconds: rounded(min * timeScale), maxSeconds: rounded(max * timeScale), source: 'table', runs: 0 };
  };
}
