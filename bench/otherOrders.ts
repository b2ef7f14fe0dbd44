import { longestPath } from './criticalPath.ts';
import type { TimedTask } from './criticalPath.ts';
import { sum } from './statistics.ts';

/** Seconds when every task starts after the one before it has ended, as in the article. */
export const secondsInSeries = (sequence: readonly TimedTask[]): number => sum(sequence.map(({ seconds }) => seconds));

/** A template can contain resources only: scripts on the jumpbox run between two deployments. */
const isResource = ({ task, seconds }: TimedTask): boolean => task.startsWith('ensure:') || seconds === 0;

/**
 * Seconds with templates: a deployment starts each of its resources as soon as its dependencies exist, but it ends before a script starts, and the next
 * deployment starts when the scripts have ended. Each stage has all tasks of its kind whose needs are in it or in an earlier one, and takes its longest
 * chain.
 */
export function secondsInTemplates(sequence: readonly TimedTask[]): number {
  const done = new Set<TimedTask>();
  let seconds = 0;
  for (let template = true; done.size < sequence.length; template = !template) {
    const stage: TimedTask[] = [];
    for (const task of sequence)
      if (!done.has(task) && isResource(task) === template && task.needs.every((need) => done.has(need))) {
        stage.push(task);
        done.add(task);
      }
    // Tasks of earlier stages have no entry in this stage's path, so they count as ended.
    seconds += longestPath(stage).seconds;
  }
  return seconds;
}
