import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { retryAfterOf } from './armErrors.ts';

/** A read is sent so often in all; one activity may send dozens, and each that fails would begin them all anew. */
const tries = 4;
const firstWaitMs = 100;
/** A longer wait is left to Temporal, for this one holds an activity's slot. */
const longestWaitMs = 1_000;

const onlyReads = (method: string, url: string): boolean =>
  method === 'GET' || method === 'HEAD' || /\/checkNameAvailability\b/i.test(url);

/** Milliseconds to wait before the same read may be sent again; undefined where its answer stands. */
function waitOf({ status, headers }: PipelineResponse, again: number): number | undefined {
  if (status !== 429 && status !== 408 && status < 500) return undefined;
  const told = retryAfterOf(headers.toJSON());
  // Being throttled without being told how long is nothing to try out.
  if (told === null && status === 429) return undefined;
  const wait = told ?? firstWaitMs * 2 ** again;
  return status === 501 || wait > longestWaitMs ? undefined : wait;
}

/** Sends a read again, a few times and soon, when its connection broke or Azure had a moment's trouble. Writes are never sent again here. */
export const readRetryPolicy: PipelinePolicy = {
  name: 'readAgain',
  async sendRequest(request, next) {
    if (!onlyReads(request.method, request.url)) return next(request);
    for (let again = 0; ; again++) {
      let wait: number;
      try {
        const response = await next(request);
        const told = again + 1 < tries ? waitOf(response, again) : undefined;
        if (told === undefined) return response;
        wait = told;
      } catch (error) {
        const broken = typeof (error as { code?: unknown }).code === 'string' && !request.abortSignal?.aborted;
        if (!broken || again + 1 === tries) throw error;
        wait = firstWaitMs * 2 ** again;
      }
      await sleep(wait);
    }
  },
};
