import { sleep } from '@temporalio/workflow';
import { retryHint } from './runFailure.ts';

/** Tries of what ended Failed for a passing reason; being kept out by another operation does not count. */
const maximumTries = 5;
/** Being kept out is waited for at least a quarter of a minute each time: half an hour in all. */
const maximumWaits = 120;

/** Begins `work` again while it ends for a passing reason, and says so to `onAgain` before each wait. */
export async function retry<T>(work: (tries: number) => Promise<T>, onAgain?: (error: unknown) => void): Promise<T> {
  let waits = 0;
  for (let tries = 1; ; tries++) {
    try {
      return await work(tries);
    } catch (error) {
      const hint = retryHint(error);
      if (hint?.waits) waits += 1;
      if (!hint || (hint.waits ? waits > maximumWaits : tries - waits >= maximumTries)) throw error;
      onAgain?.(error);
      await sleep(Math.max(1, hint.afterMs));
    }
  }
}
