import { proxyLocalActivities } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../activities/environment/environmentActivities.ts';

/**
 * Local activities: each is a call or two to Temporal's server, which the worker makes as a part of the workflow task. Without an end: they are retried
 * until the server answers.
 */
export const { admitProvision, releaseSuffix } = proxyLocalActivities<EnvironmentActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});
