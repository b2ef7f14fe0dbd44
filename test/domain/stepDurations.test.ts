import { expect, it } from 'vitest';
import { usualDuration } from '../../src/domain/durations.ts';
import type { SecondsRange } from '../../src/domain/durations.ts';
import { networkEstimates, stepEstimates, usualOfStep } from '../../src/domain/stepDurations.ts';
import { pendingStep } from '../../src/domain/progress.ts';
import { stepIds } from '../../src/domain/steps.ts';
import { specOf } from '../workflows/fixtures.ts';
import { recordSequence } from '../workflows/recordSequence.ts';
import type { RecordedTask } from '../workflows/recordSequence.ts';

/** From the start of each step's first task to its end, by the table of tasks. */
function stepWindows(bound: keyof SecondsRange, spec = specOf('recorded')): Record<string, number> {
  const tasks = recordSequence(spec);
  const ends = new Map<RecordedTask, number>();
  const startOf = ({ needs }: RecordedTask): number => Math.max(0, ...needs.map((need) => ends.get(need)!));
  for (const one of tasks) ends.set(one, startOf(one) + usualDuration(one.task)[bound]);
  return Object.fromEntries(
    stepIds.map((id) => {
      const own = tasks.filter(({ step }) => step === id);
      const end = ends.get(own.find(({ task }) => task === 'end')!)!;
      return [id, Math.round(end - Math.min(...own.map(startOf)))];
    }),
  );
}

it('the estimates of the steps follow from those of the tasks and from the sequence', () => {
  const [min, max] = [stepWindows('min'), stepWindows('max')];
  expect(stepEstimates).toEqual(Object.fromEntries(stepIds.map((id) => [id, { min: min[id], max: max[id] }])));
});

it('with a managed network only the step that provisions it takes longer', () => {
  const spec = specOf('recorded', { isolation: 'managedNetwork' });
  const [min, max] = [stepWindows('min', spec), stepWindows('max', spec)];
  expect({ ...stepEstimates, ...networkEstimates }).toEqual(
    Object.fromEntries(stepIds.map((id) => [id, { min: min[id], max: max[id] }])),
  );
  const step = { ...pendingStep('endpoint'), state: 'running' as const, since };
  const network = { ...after(1), timeScale: 1, hasNetwork: true };
  expect(usualOfStep(step, {}, network)).toMatchObject({ maxSeconds: networkEstimates.endpoint!.max });
});

const since = '2026-11-23T18:00:00.000Z';
const running = { ...pendingStep('workspace'), state: 'running' as const, since };
const after = (seconds: number) => ({ now: Date.parse(since) + 1000 * seconds, timeScale: 1 / 60 });
const history = { workspace: Array.from({ length: 19 }, (_, index) => 100 + 10 * index) };

it('a running step has its usual range by history, and is unusual beyond the 95th percentile', () => {
  const usual = { minSeconds: 100, maxSeconds: 280, source: 'history', runs: 19 };
  expect(usualOfStep(running, history, after(280))).toEqual({ ...usual, unusual: false });
  expect(usualOfStep({ ...running, state: 'retrying' }, history, after(281))).toEqual({ ...usual, unusual: true });
});

const first = (count: number) => ({ workspace: history.workspace.slice(0, count) });

it('by fewer than 19 runs none is unusual, and by fewer than nine there is no range', () => {
  expect(usualOfStep(running, first(18), after(9999))).toMatchObject({ source: 'history', unusual: false });
  expect(usualOfStep(running, first(8), after(9999))).toMatchObject({ source: 'table' });
});

it('without history it has the estimate in the time of the target, which is never unusual', () => {
  expect(usualOfStep(running, { workspace: [1, 2, 3, 4, 5, 6, 7, 8] }, after(9999))).toEqual({
    minSeconds: 3.017,
    maxSeconds: 9.633,
    source: 'table',
    runs: 0,
    unusual: false,
  });
});

it('a step that does not run has none', () => {
  expect(usualOfStep(pendingStep('workspace'), history, after(1))).toBeUndefined();
  expect(usualOfStep({ ...running, state: 'succeeded', finishedAt: since }, history, after(1))).toBeUndefined();
});
