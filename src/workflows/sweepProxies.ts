import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep/sweepActivities.ts';
import { taskQueues } from './messages.ts';

const common = {
  taskQueue: taskQueues.workflows,
  scheduleToCloseTimeout: '30 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', backoffCoefficient: 2 },
} as const;

/** Activities that read from Temporal. */
export const sweepQueries = proxyActivities<SweepActivities>({ ...common, startToCloseTimeout: '90 seconds' });

/** Activities that execute a batch of actions; each action waits for a workflow's answer. */
export const sweepCommands = proxyActivities<SweepActivities>({
  ...common,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '2 minutes',
});
