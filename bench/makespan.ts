import { criticalPath, timedSequence } from './criticalPath.ts';
import { secondsInSeries, secondsInTemplates } from './otherOrders.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult, Row } from './part.ts';
import { provision } from './provision.ts';
import { withStack } from './stack.ts';
import { fitLine, median } from './statistics.ts';

/** Makespan of one run at a time scale, in seconds: the median of several runs. */
async function measureMakespan(context: PartContext, divisor: number, runs: number): Promise<number> {
  return withStack(context, { timeScale: `1/${divisor}` }, async (stack) => {
    const seconds: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const { readySeconds } = await provision(context, stack, [`makespan${run}`]);
      seconds.push(readySeconds[0]!);
      context.log(`run ${run} of ${runs} at 1/${divisor}: ${seconds.at(-1)!.toFixed(1)} s`);
    }
    return median(seconds);
  });
}

/** Limits of makespan over critical path by divisor of Azure's time. */
const limits: Record<number, number> = { 60: 1.15, 10: 1.05, 1: 1.05 };

function otherOrders(seconds: number): Row[] {
  const sequence = timedSequence();
  const [series, templates] = [secondsInSeries(sequence), secondsInTemplates(sequence)];
  const computed = 'computed from durations and dependencies, at Azure’s speed';
  return [
    { measure: 'critical path', value: seconds, unit: 's', note: computed },
    { measure: 'everything in series, as in the article', value: series, unit: 's', note: computed },
    { measure: 'two templates, as Bicep orders them', value: templates, unit: 's', note: computed },
    { measure: 'in series over critical path', value: series / seconds, unit: 'x' },
    { measure: 'templates over critical path', value: templates / seconds, unit: 'x' },
  ];
}

/** The ratio at Azure's speed from two slower clocks: a fixed part of each run, and a part that grows with the time scale. */
function computedAtFullTime(measured: readonly (readonly [scale: number, seconds: number])[], critical: number): Row {
  const { slope, intercept } = fitLine(measured);
  return {
    measure: 'makespan over critical path at 1',
    value: (slope + intercept) / critical,
    unit: 'x',
    goal: { atMost: limits[1]! },
    note: 'computed from the other two; --real measures it',
  };
}

async function run(context: PartContext): Promise<PartResult> {
  const { short, real } = context.options;
  const { seconds, tasks } = criticalPath();
  context.log(`critical path: ${tasks.join(', ')}`);
  const divisors = short ? [200] : real ? [60, 10, 1] : [60, 10];
  const measured: [scale: number, seconds: number][] = [];
  const rows = otherOrders(seconds);
  for (const divisor of divisors) {
    const makespan = await measureMakespan(context, divisor, short || divisor === 1 ? 1 : 3);
    measured.push([1 / divisor, makespan]);
    const at = divisor === 1 ? '1' : `1/${divisor}`;
    rows.push({ measure: `makespan at ${at}`, value: makespan, unit: 's' });
    rows.push({
      measure: `makespan over critical path at ${at}`,
      value: (makespan * divisor) / seconds,
      unit: 'x',
      goal: goalOf(context, { atMost: limits[divisor] ?? Infinity }, { atMost: 4 }),
    });
  }
  if (!short && !real) rows.push(computedAtFullTime(measured, seconds));
  const slowest = measured.at(-1)![1] / measured.at(-1)![0];
  rows.push({ measure: 'in series over makespan', value: secondsInSeries(timedSequence()) / slowest, unit: 'x' });
  rows.push({ measure: 'templates over makespan', value: secondsInTemplates(timedSequence()) / slowest, unit: 'x' });
  return { rows };
}

export const makespan: Part = {
  name: 'makespan',
  title: 'Makespan: how long one environment takes',
  about:
    'The time of one run from the POST until `ready`, as the median of three, at a clock 60 times and ten times as fast as Azure’s. *In series* starts each operation when the one before ' +
    'has ended. *Two templates* is what Bicep does: each deployment starts everything with its dependencies, but the scripts on the jumpbox run between deployments.',
  inShort: true,
  run,
};
