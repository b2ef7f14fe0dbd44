import { activityOptions, armRead } from './armActivities.ts';
import type { TailLogInput, TailLogResult } from './messages.ts';

/** Reads the end of a container's log for the API, which has no access to Azure. The API deletes this workflow as soon as it has the result. */
export const tailLog = (input: TailLogInput): Promise<TailLogResult> =>
  armRead.tailContainerLog.executeWithOptions(
    { ...activityOptions('endpoint', 'tail', 'containerLog'), scheduleToCloseTimeout: '20 seconds' },
    [input],
  );
