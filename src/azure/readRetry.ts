import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { retryAfterOf } from './parseArmError.ts';

/** Attempts of one read: an activity may send dozens, and a retry of the activity would repeat them all. */
const maximumAttempts = 4;
const firstWaitMs = 100;
/** Waiting here holds an activity slot; after a longer Retry-After, Temporal retries the activity. */
const longestWaitMs = 1_000;

const onlyReads = (method: string, url: string): boolean =>
  method === 'GET' || method === 'HEAD' || /\/checkNameAvailability\b/i.test(url);

/** Milliseconds before a read is retried; undefined where its answer is final. */
function retryDelay({ status, headers }: PipelineResponse, attempt: number): number | undefined {
  if (status !== 429 && status !== 408 && status < 500) return undefined;
  const retryAfterMs = retryAfterOf(headers.toJSON());
  // After throttling without Retry-After, Temporal retries the activity with its delay.
  if (retryAfterMs === null && status === 429) return undefined;
  const wait = retryAfterMs ?? waitAfter(attempt);
  return status === 501 || wait > longestWaitMs ? undefined : wait;
}

const waitAfter = (attempt: number): number => firstWaitMs * 2 ** (attempt - 1);

/** Like `retryDelay`, for what a request threw: the clients of some services throw Azure's answer; else the connection broke. */
function retryDelayAfter(thrown: unknown, attempt: number): number | undefined {
  const { code, response } = thrown as { code?: unknown; response?: PipelineResponse };
  if (response) return retryDelay(response, attempt);
  return typeof code === 'string' ? waitAfter(attempt) : undefined;
}

/** Retries a read a few times, after short delays, when its connection broke or Azure answered with a transient error. Never retries writes. */
export const readRetryPolicy: PipelinePolicy = {
  name: 'readRetry',
  async sendRequest(request, next) {
    if (!onlyReads(request.method, request.url)) return next(request);
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === maximumAttempts;
      let delayMs: number | undefined;
      try {
        const response = await next(request);
        delayMs = isLast ? undefined : retryDelay(response, attempt);
        if (delayMs === undefined) return response;
      } catch (error) {
        delayMs = isLast || request.abortSignal?.aborted ? undefined : retryDelayAfter(error, attempt);
        if (delayMs === undefined) throw error;
      }
      await sleep(delayMs);
    }
  },
};
