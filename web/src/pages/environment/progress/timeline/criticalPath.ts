import type { GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';

/** When a step ended, or is expected to end; a step that has not begun ends last. */
function endOf({ finishedAt, since, usual }: StepProgress): number {
  if (finishedAt !== null) return Date.parse(finishedAt);
  return since === null ? Infinity : Date.parse(since) + (usual?.maxSeconds ?? 0) * 1_000;
}

const lastOf = (steps: readonly StepProgress[]): StepProgress | undefined =>
  steps.filter(({ state }) => state !== 'skipped').toSorted((a, b) => endOf(b) - endOf(a))[0];

/** The steps that the run waits for: from the one that failed, or ends last, always the need that ends last. */
export function criticalPath(
  descriptions: GetAboutResponse['steps'],
  steps: readonly StepProgress[],
): ReadonlySet<string> {
  const path = new Set<string>();
  for (let step = steps.find(({ state }) => state === 'failed') ?? lastOf(steps); step;) {
    const { id } = step;
    path.add(id);
    const needs = descriptions.find((one) => one.id === id)?.needs ?? [];
    step = lastOf(steps.filter((one) => needs.includes(one.id)));
  }
  return path;
}
