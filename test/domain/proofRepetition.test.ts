import { describe, expect, it } from 'vitest';
import { proofQueues, repetitionEnd } from '../../src/domain/proofRepetition.ts';
import type { ReadyEnvironment } from '../../src/domain/proofRepetition.ts';

const hour = 3_600_000;
const intervalMs = 24 * hour;
const now = Date.parse('2026-11-24T00:00:00Z');

const ready = (name: string, hoursAgo: number | null, subscriptionId = 'one'): ReadyEnvironment => ({
  name,
  subscriptionId,
  provedAt: hoursAgo === null ? null : new Date(now - hoursAgo * hour).toISOString(),
});
const queuesOf = (...environments: ReadyEnvironment[]) =>
  proofQueues(environments, { intervalMs, now, endsAt: now + 24 * hour });

describe('the proofs to repeat', () => {
  it('are those of at least half an interval ago, the oldest first; one that was never proved comes before them', () => {
    const [queue] = queuesOf(ready('day', 24), ready('recent', 11.9), ready('never', null), ready('half', 12));
    expect(queue!.names).toEqual(['never', 'day', 'half']);
  });

  it('are spread over the interval, separately for each subscription', () => {
    const environments = ['a', 'b', 'c'].map((name) => ready(name, 20));
    expect(queuesOf(...environments, ready('other', 20, 'two'))).toEqual([
      { subscriptionId: 'one', names: ['a', 'b', 'c'], nextAt: now, spacingMs: 8 * hour },
      { subscriptionId: 'two', names: ['other'], nextAt: now, spacingMs: 24 * hour },
    ]);
    expect(queuesOf()).toEqual([]);
  });
});

it.each([
  ['at its time', 0, 22.8],
  ['late', 17, 5.8],
  ['too late', 23, -0.2],
])('a repetition that starts %s ends before the next one', (_, hours, remaining) => {
  const startsAt = now + hours * hour;
  expect(repetitionEnd({ intervalMs, now: startsAt }) - startsAt).toBeCloseTo(remaining * hour, 0);
});
