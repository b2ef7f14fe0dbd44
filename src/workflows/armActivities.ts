import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { activityPriority } from '../domain/priority.ts';
import type { StepId } from '../domain/steps.ts';
import { taskQueues } from './messages.ts';

/**
 * Attempts are short; a lost worker is noticed by its missing heartbeat. A cancelled run waits for the write in
 * flight, so that nothing is created after a teardown has started.
 */
const short = {
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Failures carry their own delay. This policy is for a lost worker, whatever the number of polls before it.
  retry: { initialInterval: '1 second', maximumInterval: '5 seconds', backoffCoefficient: 2 },
} as const;

/** Requests that read ARM, rate limited by their task queue. */
export const armRead = proxyActivities<Activities>({
  ...short,
  taskQueue: taskQueues.armRead,
  scheduleToCloseTimeout: '2 hours',
});

/** Requests that change something in ARM, rate limited by their task queue. */
export const armWrite = proxyActivities<Activities>({
  ...short,
  taskQueue: taskQueues.armWrite,
  scheduleToCloseTimeout: '2 hours',
});

/**
 * Operations of ARM: the first attempt starts one, the later ones poll it, so that each is one activity of the history. They share the queue and
 * its rate limit with the other writes. Each operation has its own timeout, and few are started again: a day is never reached.
 */
export const armOperation = proxyActivities<Activities>({
  ...short,
  taskQueue: taskQueues.armWrite,
  scheduleToCloseTimeout: '1 day',
});

/**
 * The id, summary and priority of an activity. The id names the step of a pending activity, and replay compares it: it must be stable and free of
 * user input. `summary` is for the Temporal UI, 120 characters at most; Temporal encrypts it with the payload codec.
 */
export function activityOptions(step: StepId, verb: string, key: string, summary = `${verb} ${key}`) {
  const priority = activityPriority(workflowInfo().priority?.priorityKey, step);
  return {
    activityId: `${step}:${verb}:${key}`,
    summary: summary.slice(0, 120),
    ...(priority && { priority }),
  };
}
