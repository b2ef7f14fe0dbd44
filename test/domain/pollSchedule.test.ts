import { expect, test } from 'vitest';
import { secondsToNextPoll } from '../../src/domain/pollSchedule.ts';

/** Seconds after its start at which an operation is polled, up to `endSeconds`. */
function pollsOf({ retryAfter, usualMin, endSeconds }: { retryAfter: number; usualMin: number; endSeconds: number }) {
  const polls: number[] = [];
  let ranSeconds = 0;
  while (ranSeconds < endSeconds) {
    ranSeconds += secondsToNextPoll({ ranSeconds, retryAfterSeconds: retryAfter, usualMinSeconds: usualMin });
    polls.push(Math.round(ranSeconds));
  }
  return polls;
}

test('polls seldom until an operation can have succeeded, then as Azure asks', () => {
  expect(pollsOf({ retryAfter: 5, usualMin: 17.5, endSeconds: 35 })).toEqual([15, 20, 25, 30, 35]);
  expect(pollsOf({ retryAfter: 10, usualMin: 420, endSeconds: 440 })).toEqual([
    30, 40, 50, 60, 70, 90, 110, 140, 180, 230, 290, 370, 420, 435, 450,
  ]);
});

test('without a usual duration, the time between two polls grows slowly', () => {
  const polls = pollsOf({ retryAfter: 5, usualMin: 0, endSeconds: 240 });
  expect(polls.slice(0, 3)).toEqual([5, 10, 15]);
  expect(polls.at(-1)! - polls.at(-2)!).toBe(15);
});

test('never polls before Retry-After', () => {
  for (const ranSeconds of [0, 10, 100, 1_000])
    for (const usualMinSeconds of [0, 5, 90, 700])
      expect(secondsToNextPoll({ ranSeconds, retryAfterSeconds: 25, usualMinSeconds })).toBeGreaterThanOrEqual(25);
});

test('a failure is noticed after at most half a minute, or a third of the time that the operation took', () => {
  const polls = pollsOf({ retryAfter: 1, usualMin: 420, endSeconds: 420 });
  for (const [index, at] of polls.slice(1).entries()) {
    const before = polls[index]!;
    expect(at - before).toBeLessThanOrEqual(Math.max(30, before / 3));
  }
});
