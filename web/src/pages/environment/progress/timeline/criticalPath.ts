import type { GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';

const endOf = ({ finishedAt, since, usual }: StepProgress): number =>
  finishedAt === null ? Date.parse(since ?? '') + (usual?.maxSeconds ?? 0) * 1_000 : Date.parse(finishedAt);

/** The steps that the run waited for: from the one that failed, or ends last, always the need that ended last. */
export function criticalPath(
  descriptions: GetAboutResponse['steps'],
  steps: readonly StepProgress[],
): ReadonlySet<string> {
  const path = new Set<string>();
  const lastOf = (candidates: readonly StepProgress[]): StepProgress | undefined =>
    candidates.filter(({ since }) => since !== null).toSorted((a, b) => endOf(b) - endOf(a))[0];
  for (let step = lastOf(steps); step;) {
    const { id } = step;
    path.add(id);
    const needs = descriptions.find((one) => one.id === id)?.needs ?? [];
    step = lastOf(steps.filter((one) => needs.includes(one.id)));
  }
  return path;
}
