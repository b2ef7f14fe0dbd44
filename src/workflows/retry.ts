import { sleep } from '@temporalio/workflow';
import { retryHint } from './runFailure.ts';

/** Attempts of an operation that ended Failed for a passing reason; waiting for another operation does not count. */
const maximumAttempts = 5;
/** Another operation is waited for at least a quarter of a minute each time: half an hour in all. */
const maximumWaits = 120;

/** Repeats `work` while it fails for a passing reason. `onRetry` is called before each wait. */
export async function retry<T>(work: (attempt: number) => Promise<T>, onRetry?: (error: unknown) => void): Promise<T> {
  let waits = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const hint = retryHint(error);
      if (hint?.waits) waits += 1;
      if (!hint || (hint.waits ? waits > maximumWaits : attempt - waits >= maximumAttempts)) throw error;
      onRetry?.(error);
      await sleep(Math.max(1, hint.afterMs));
    }
  }
}
