import { setTimeout as sleep } from 'node:timers/promises';
import { isUnrecoverable } from './processErrors.ts';

export interface Wait {
  /** what is awaited, as in `waiting for Temporal at 127.0.0.1:7233` */
  what: string;
  /** milliseconds */
  limit: number;
  /** receives a line after three seconds, and then every fifteen */
  log?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Calls `attempt` until it returns something other than undefined. Throws an unrecoverable error at once, and an error with the last
 * failure as its cause when the limit has passed.
 */
export async function waitFor<T>(wait: Wait, attempt: () => Promise<T | undefined>): Promise<T> {
  const start = Date.now();
  let nextLine = start + 3_000;
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      if (isUnrecoverable(error)) throw error;
      last = error;
    }
    wait.signal?.throwIfAborted();
    const now = Date.now();
    if (now - start > wait.limit) throw new Error(`${wait.what}: no answer in ${wait.limit / 1000} s`, { cause: last });
    if (now > nextLine) {
      wait.log?.(`waiting for ${wait.what}`);
      nextLine = now + 15_000;
    }
    await sleep(100, undefined, wait.signal ? { signal: wait.signal } : {});
  }
}
