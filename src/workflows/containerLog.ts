import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { activityOptions, armRead } from './armActivities.ts';
import { failureOf, runFailure } from './runFailure.ts';

const typesWithLog: readonly Failure['type'][] = ['DeploymentUnhealthy', 'Stuck'];

/**
 * The failure of a deployment with the last lines of its container's log, which name the cause: a crash, or a start that never ends. The
 * same error where the failure is another one or the log cannot be read.
 */
export async function withContainerLog(ref: EnvironmentRef, error: unknown): Promise<unknown> {
  if (isCancellation(error)) return error;
  const failure = failureOf(error, 'endpoint', ref);
  if (!typesWithLog.includes(failure.type)) return error;
  try {
    // another task's failure cancels the run: the log is read all the same, for a minute and a half at most
    const read = await CancellationScope.nonCancellable(() =>
      armRead.readContainerLog.executeWithOptions(
        { ...activityOptions('endpoint', 'read', 'containerLog'), scheduleToCloseTimeout: '90 seconds' },
        [{ ref }],
      ),
    );
    return runFailure({ ...failure, log: read.log });
  } catch (unread) {
    log.warn('the container log could not be read', { error: unread });
    return error;
  }
}
