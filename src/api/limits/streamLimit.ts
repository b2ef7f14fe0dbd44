import { Problem } from '../../domain/problem.ts';
import type { Caller } from '../../domain/roles.ts';
import { HttpProblem } from '../problems.ts';

/** Seconds after which a client should open a refused stream again. */
const retryAfter = 15;

/** How many event streams this process keeps open. */
export interface StreamLimits {
  total: number;
  /** of one caller, by name; it does not hold on loopback where nobody authenticates */
  perCaller: number;
}

/** Counts the open event streams. */
export interface StreamLimit {
  /** Counts a stream of the caller, until the returned function is called. Throws TooManyRequests or Unavailable where there are too many. */
  enter(caller: Caller): () => void;
}

/** Limits the event streams of this process: each holds a connection and memory for as long as its client wants. */
export function createStreamLimit({ total, perCaller }: StreamLimits): StreamLimit {
  const open = new Map<string, number>();
  let all = 0;
  const add = (name: string, change: 1 | -1): void => {
    const count = (open.get(name) ?? 0) + change;
    if (count === 0) open.delete(name);
    else open.set(name, count);
    all += change;
  };
  return {
    enter({ name, via }) {
      if (via !== 'local' && (open.get(name) ?? 0) >= perCaller)
        throw new HttpProblem(
          'TooManyRequests',
          `${name} has ${perCaller} event streams open, the most of one caller. Close one first.`,
          { retryAfter },
        );
      if (all >= total)
        throw new Problem('Unavailable', `${total} event streams are open, the most of one process.`, { retryAfter });
      add(name, 1);
      return () => add(name, -1);
    },
  };
}
