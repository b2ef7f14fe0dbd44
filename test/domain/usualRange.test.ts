import { describe, expect, it } from 'vitest';
import { seeded } from '../../chaos/random.ts';
import { predictedPercentile, usualRange } from '../../src/domain/durations.ts';

const random = seeded(20_261_127);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Durations as they occur: around a mean, with a long tail, of two kinds of runs, and with a few that are repeated after a fault. */
const durations = {
  'log-normal': () => 100 * Math.exp(0.15 * normal()),
  'with a long tail': () => 100 * Math.exp(normal()),
  'uniform between two limits': () => 50 + 100 * random.next(),
  'of two kinds': () => (random.next() < 0.3 ? 400 : 100) * Math.exp(0.1 * normal()),
  'with faults': () => 100 * Math.exp(0.1 * normal()) + (random.next() < 0.05 ? 300 * random.next() : 0),
};
const samples = [9, 10, 14, 20, 50];
const trials = 1_000;

/** How often the next duration satisfies the condition, by a history of `size` durations. */
function shareOf(next: () => number, size: number, holds: (history: number[], seconds: number) => boolean): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial++) if (holds(Array.from({ length: size }, next), next())) count++;
  return count / trials;
}

describe.each(Object.entries(durations))('of durations %s', (_, next) => {
  it.each(samples)('the range of %i runs holds 75 to 85 of 100 that follow', (size) => {
    const inside = shareOf(next, size, (history, seconds) => {
      const { min, max } = usualRange(history)!;
      return min <= seconds && seconds <= max;
    });
    expect(inside).toBeGreaterThan(0.75);
    expect(inside).toBeLessThan(0.85);
  });

  it('5 of 100 that follow are unusual, by 19 runs and by 50', () => {
    for (const size of [19, 50]) {
      const unusual = shareOf(next, size, (history, seconds) => seconds > predictedPercentile(history, 0.95)!);
      expect(unusual).toBeGreaterThan(0.025);
      expect(unusual).toBeLessThan(0.075);
    }
  });
});

const base = durations['log-normal'];
/** The speed of the cloud changes: in small steps, by half at once, or with the time of day. */
const drifts: Record<string, (index: number, level: number) => number> = {
  'in small steps': (_, level) => level * Math.exp(0.03 * normal()),
  'by half, at once': (index) => (index < 130 ? 1 : 1.5),
  'with the time of day': (index) => 1 + 0.3 * Math.sin(index / 15),
};

it.each(Object.entries(drifts))('durations that change %s: the range holds 75 to 85 of 100', (_, drift) => {
  const hits: boolean[] = [];
  for (let sequence = 0; sequence < 10; sequence++) {
    const seen: number[] = [];
    let level = 1;
    for (let index = 0; index < 260; index++) {
      level = drift(index, level);
      const next = level * base();
      const range = usualRange(seen.slice(-50));
      if (range) hits.push(range.min <= next && next <= range.max);
      seen.push(next);
    }
  }
  const inside = hits.filter(Boolean).length / hits.length;
  expect(inside).toBeGreaterThan(0.75);
  expect(inside).toBeLessThan(0.85);
});

const seconds = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

it('too few runs have no range: eight of the usual one, eighteen of what is unusual', () => {
  expect(usualRange(seconds(8))).toBeUndefined();
  expect(usualRange(seconds(9).toReversed())).toEqual({ min: 1, max: 9 });
  expect(predictedPercentile(seconds(18), 0.95)).toBeUndefined();
  expect(predictedPercentile(seconds(19), 0.95)).toBe(19);
});

it('is narrower after hits, and wider after misses', () => {
  // from outside inwards: every one is inside the range of those before
  const hits = seconds(19).map((_, index) => (index % 2 === 0 ? 1 + index / 2 : 19 - (index - 1) / 2));
  const { min, max } = usualRange(hits)!;
  expect([min, max].map(Math.round)).toEqual([3, 17]);
  // each one longer than all before
  expect(usualRange(seconds(19))).toEqual({ min: 1, max: 19 });
});
