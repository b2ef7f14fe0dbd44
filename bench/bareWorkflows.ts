import { proxyActivities, sleep } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing: () => Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** A workflow of empty activities, one after the other: the least that Temporal needs for so many activities. */
export async function bareActivities(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await nothing();
}

/** A workflow that waits after one activity, as a run waits for Azure. */
export async function bareWaiting(): Promise<void> {
  await nothing();
  await sleep('1 day');
}
