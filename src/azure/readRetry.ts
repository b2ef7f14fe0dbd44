import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { retryAfterOf } from './parseArmError.ts';

/** Attempts of one read: an activity may send dozens, and one that fails would repeat them all. */
const maximumAttempts = 4;
const firstWaitMs = 100;
/** A longer wait is left to Temporal, for this one holds an activity's slot. */
const longestWaitMs = 1_000;

const onlyReads = (method: string, url: string): boolean =>
  method === 'GET' || method === 'HEAD' || /\/checkNameAvailability\b/i.test(url);

/** Milliseconds before a read is retried; undefined where its answer is final. */
function retryDelay({ status, headers }: PipelineResponse, attempt: number): number | undefined {
  if (status !== 429 && status !== 408 && status < 500) return undefined;
  const retryAfterMs = retryAfterOf(headers.toJSON());
  // Throttling without Retry-After is left to the activity's own delay.
  if (retryAfterMs === null && status === 429) return undefined;
  const wait = retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1);
  return status === 501 || wait > longestWaitMs ? undefined : wait;
}

/** Retries a read, a few times and soon, when its connection broke or Azure failed for a moment. Writes are never retried here. */
export const readRetryPolicy: PipelinePolicy = {
  name: 'readRetry',
  async sendRequest(request, next) {
    if (!onlyReads(request.method, request.url)) return next(request);
    for (let attempt = 1; ; attempt++) {
      let wait: number;
      try {
        const response = await next(request);
        const delayMs = attempt < maximumAttempts ? retryDelay(response, attempt) : undefined;
        if (delayMs === undefined) return response;
        wait = delayMs;
      } catch (error) {
        const broken = typeof (error as { code?: unknown }).code === 'string' && !request.abortSignal?.aborted;
        if (!broken || attempt === maximumAttempts) throw error;
        wait = firstWaitMs * 2 ** (attempt - 1);
      }
      await sleep(wait);
    }
  },
};
