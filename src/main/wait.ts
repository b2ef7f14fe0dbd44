import { setTimeout as sleep } from 'node:timers/promises';

export interface Wait {
  /** what is waited for, as in `waiting for Temporal at 127.0.0.1:7233` */
  what: string;
  /** milliseconds */
  limit: number;
  /** hears of a wait that is not over after three seconds, and again every fifteen */
  tell?: (line: string) => void;
  signal?: AbortSignal;
}

/** Tries until `attempt` gives something other than undefined. Throws when the limit is over, with the last failure as its cause. */
export async function waitFor<T>(wait: Wait, attempt: () => Promise<T | undefined>): Promise<T> {
  const start = Date.now();
  let nextWord = start + 3_000;
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      last = error;
    }
    wait.signal?.throwIfAborted();
    const now = Date.now();
    if (now - start > wait.limit) throw new Error(`${wait.what}: no answer in ${wait.limit / 1000} s`, { cause: last });
    if (now > nextWord) {
      wait.tell?.(`waiting for ${wait.what}`);
      nextWord = now + 15_000;
    }
    await sleep(100, undefined, wait.signal ? { signal: wait.signal } : {});
  }
}
