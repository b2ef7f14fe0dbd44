import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { StepId } from '../domain/steps.ts';
import { taskQueues } from './messages.ts';

/**
 * Activities are short; a lost worker is noticed by its missing heartbeat. A cancelled run waits for the write in
 * flight, so that nothing is created behind a teardown's back.
 */
const short = {
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Failures say themselves when to come again. What is left is a lost worker, whatever the number of looks before it.
  retry: { initialInterval: '1 second', maximumInterval: '5 seconds', backoffCoefficient: 2 },
} as const;

/** Requests that read ARM: rate limited by their task queue. Looking again at an operation has the operation's ceiling, two hours at most. */
export const armRead = proxyActivities<Activities>({
  ...short,
  taskQueue: taskQueues.armRead,
  scheduleToCloseTimeout: '2 hours',
});

/** Requests that change something in ARM: rate limited by their task queue. */
export const armWrite = proxyActivities<Activities>({
  ...short,
  taskQueue: taskQueues.armWrite,
  scheduleToCloseTimeout: '2 hours',
});

/** An activity's id is `{step}:{verb}:{resource key}`: technical and stable, because replay compares it. No text of a user is part of it. */
export const activityOptions = (step: StepId, verb: string, key?: string, summary?: string) => ({
  ...(summary !== undefined && { summary: summary.slice(0, 120) }),
  activityId: key === undefined ? `${step}/${verb}` : `${step}:${verb}:${key}`,
});
