import { sleep } from '@temporalio/workflow';
import { failureOf, retryHint, runFailure } from './runFailure.ts';

/** Attempts of an operation that ended Failed for a transient reason; those that another operation blocked do not count. */
const maximumAttempts = 5;
/** Attempts that another operation may block: at 15 seconds or more between them, half an hour. */
const maximumBlocked = 120;

/** Repeats `work` while its failure has a retry hint and is not `isFinal`. `onRetry` is called before each wait. */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  onRetry?: (error: unknown) => void,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<T> {
  let blocked = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const hint = retryHint(error);
      if (hint?.blockedByOperation) blocked += 1;
      const attempts = hint?.limit?.attempts ?? maximumAttempts;
      const exhausted = hint?.blockedByOperation ? blocked > maximumBlocked : attempt - blocked >= attempts;
      if (!hint || exhausted || isFinal(error))
        throw hint?.limit ? runFailure({ ...failureOf(error, null), type: hint.limit.type }) : error;
      onRetry?.(error);
      await sleep(Math.max(1, hint.afterMs));
    }
  }
}
