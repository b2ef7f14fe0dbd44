import { runBare } from './bare.ts';
import { goalOf } from './part.ts';
import type { Curve, Part, PartContext, PartResult, Row } from './part.ts';
import { provision, writesOf } from './provision.ts';
import { withStack } from './stack.ts';
import { median, sum } from './statistics.ts';

interface Fleet {
  size: number;
  workers: 1 | 2;
  runsPerMinute: number;
  /** seconds */
  cpuPerRun: number;
  armRequests: number;
  refused: number;
  /** resident set that the workers gained, for each run */
  kilobytesPerRun: number;
  /** seconds from the first POST */
  ready: { first: number; median: number; last: number };
  /** of as many bare workflows at once, each with as many empty activities as a run has writes */
  barePerMinute: number;
}

async function measureFleet(context: PartContext, size: number, workers: 1 | 2): Promise<Fleet> {
  context.log(`${size} at once, ${workers === 1 ? 'one worker' : 'two workers'}`);
  const timeScale = context.options.short ? '1/200' : '1/60';
  return withStack(context, { timeScale, workers }, async (stack) => {
    // The first run loads code and fills caches.
    await provision(context, stack, ['warm']);
    const writes = await writesOf(stack, 'warm');
    const names = Array.from({ length: size }, (_, n) => `fleet${n}`);
    const { readySeconds, cpu, armRequests, refused, memoryMb } = await provision(context, stack, names);
    const bare = await runBare(stack, size, writes);
    const last = readySeconds.at(-1)!;
    return {
      size,
      workers,
      runsPerMinute: (size / last) * 60,
      cpuPerRun: sum(Object.values(cpu)),
      armRequests,
      refused,
      kilobytesPerRun: ((memoryMb.highest - memoryMb.before) * 1024) / size,
      ready: { first: readySeconds[0]!, median: median(readySeconds), last },
      barePerMinute: (size / bare.seconds) * 60,
    };
  });
}

function rowsOf(context: PartContext, fleet: Fleet): Row[] {
  const { size, workers, ready } = fleet;
  const row = (what: string, value: number, unit: string): Row => ({
    measure: `${size} at once, ${workers === 1 ? 'one worker' : 'two workers'}: ${what}`,
    value,
    unit,
  });
  return [
    row('runs per minute', fleet.runsPerMinute, 'runs'),
    {
      ...row('throughput over bare workflows', fleet.runsPerMinute / fleet.barePerMinute, 'x'),
      ...(size === 200 && workers === 1 && { goal: { atLeast: 0.8 } }),
    },
    { ...row('CPU per run', fleet.cpuPerRun, 's'), goal: goalOf(context, { atMost: 2 }, { atMost: 12 }) },
    row('first ready', ready.first, 's'),
    row('median ready', ready.median, 's'),
    row('last ready', ready.last, 's'),
    {
      ...row('median over last', ready.median / ready.last, 'x'),
      ...(size === 200 && workers === 1 && { goal: { atMost: 0.6 } }),
    },
    row('ARM requests per run', fleet.armRequests, 'requests'),
    row('refused by ARM’s buckets', fleet.refused, 'requests'),
    { ...row('worker memory per run', fleet.kilobytesPerRun, 'KB'), note: 'highest resident set less that before' },
  ];
}

/** Whether the cost of a run stays the same however many there are. */
function linearity(fleets: readonly Fleet[]): Row[] {
  const [smallest, largest] = [fleets[0]!, fleets.at(-1)!];
  if (smallest === largest) return [];
  return [
    {
      measure: `CPU per run with ${largest.size} over ${smallest.size} at once`,
      value: largest.cpuPerRun / smallest.cpuPerRun,
      unit: 'x',
      goal: { atMost: 1.25 },
      note: '1 is linear',
    },
  ];
}

function curvesOf(fleets: readonly Fleet[]): Curve[] {
  const x = 'environments at once';
  const points = (workers: 1 | 2, value: (fleet: Fleet) => number): [number, number][] =>
    fleets.filter((fleet) => fleet.workers === workers).map((fleet) => [fleet.size, value(fleet)]);
  const byWorkers = (value: (fleet: Fleet) => number): Curve['series'] => [
    { name: 'one worker', points: points(1, value) },
    { name: 'two workers', points: points(2, value) },
  ];
  const ready = (['first', 'median', 'last'] as const).map((name) => ({
    name,
    points: points(1, (fleet) => fleet.ready[name]),
  }));
  const throughput = byWorkers(({ runsPerMinute }) => runsPerMinute);
  const bare = { name: 'bare workflows, one worker', points: points(1, ({ barePerMinute }) => barePerMinute) };
  return [
    { file: 'fleet-cpu', title: 'CPU of a run', x, y: 'seconds', series: byWorkers(({ cpuPerRun }) => cpuPerRun) },
    { file: 'fleet-throughput', title: 'Throughput', x, y: 'runs per minute', series: [...throughput, bare] },
    { file: 'fleet-ready', title: 'Ready after, one worker', x, y: 'seconds', series: ready },
  ];
}

async function run(context: PartContext): Promise<PartResult> {
  const { fleets: sizes, short } = context.options;
  const fleets: Fleet[] = [];
  for (const workers of short ? ([1] as const) : ([1, 2] as const))
    for (const size of sizes) fleets.push(await measureFleet(context, size, workers));
  const oneWorker = fleets.filter(({ workers }) => workers === 1);
  return {
    rows: [...fleets.flatMap((fleet) => rowsOf(context, fleet)), ...linearity(oneWorker)],
    curves: curvesOf(fleets),
  };
}

export const fleet: Part = {
  name: 'fleet',
  title: 'Fleet: many environments at once',
  about:
    'So many environments are requested at once, at time scale 1/60, on one worker and on two. `CPU per run` is that of all processes and should not rise with the number. ' +
    'Times to ready are from the first POST.',
  inShort: false,
  run,
};
