import { expect, it } from 'vitest';
import { pendingStep } from '../../src/domain/progress.ts';
import type { StepProgress } from '../../src/domain/progress.ts';
import { steps } from '../../src/domain/steps.ts';
import type { StepId } from '../../src/domain/steps.ts';
import { criticalPath } from '../../web/src/pages/environment/progress/timeline/criticalPath.ts';
import { timeScale } from '../../web/src/pages/environment/progress/timeline/timeScale.ts';
import { nameAndType } from '../../web/src/components/resourceName.ts';

const minute = 60_000;
const at = (minutes: number): string => new Date(minutes * minute).toISOString();
const descriptions = steps.map(({ id, title, needs }) => ({ id, title, needs: [...needs] }));

/** A run by when its steps began and ended, in minutes; the others are pending. */
const run = (times: Partial<Record<StepId, [from: number, to: number | null]>>): StepProgress[] =>
  steps.map(({ id }) => {
    const [from, to = null] = times[id] ?? [];
    if (from === undefined) return pendingStep(id);
    return { ...pendingStep(id), state: 'running', since: at(from), finishedAt: to === null ? null : at(to) };
  });

const begun = { preflight: [0, 1], resourceGroup: [1, 2], network: [2, 4] } satisfies Parameters<typeof run>[0];
const pathOf = (shown: StepProgress[]): string => [...criticalPath(descriptions, shown)].toReversed().join(' ');

it('the critical path leads over what ended last', () => {
  const ended = { workspace: [2, 9], jumpbox: [4, 12], image: [12, 20], endpoint: [9, 30] } satisfies Parameters<
    typeof run
  >[0];
  expect(pathOf(run({ ...begun, ...ended, verify: [30, 33], score: [30, 31] }))).toBe(
    'preflight resourceGroup network workspace jumpbox image endpoint verify',
  );
});

it('the critical path of a run that failed ends with the step that failed', () => {
  const failed = run({ ...begun, workspace: [2, 9], jumpbox: [4, 12] }).map((step) =>
    step.id === 'workspace' ? { ...step, state: 'failed' as const } : step,
  );
  expect(pathOf(failed)).toBe('preflight resourceGroup network workspace');
});

it('a long wait is folded, and keeps the order of times; a short run is drawn to scale', () => {
  const { at: place, folds, ticks } = timeScale(0, 40 * minute, [0, 5 * minute, 35 * minute, 40 * minute]);
  expect(folds).toMatchObject([{ from: 5 * minute, to: 35 * minute }]);
  expect([0, 5, 35, 40].map((time) => Math.round(place(time * minute)))).toEqual([0, 33, 67, 100]);
  expect(ticks).toEqual([0, 5 * minute, 35 * minute, 40 * minute]);
  expect(timeScale(0, 4_000, [0, 500, 3_500, 4_000]).folds).toEqual([]);
});

it('names a resource with its parents, and its type', () => {
  const group = '/subscriptions/s/resourceGroups/rg-moat-churn1';
  expect(nameAndType(group)).toEqual({ name: 'rg-moat-churn1', type: 'resource group' });
  expect(nameAndType(`${group}/providers/Microsoft.Network/privateDnsZones/a.b/virtualNetworkLinks/link`)).toEqual({
    name: 'a.b/link',
    type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  });
});
