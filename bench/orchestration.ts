import type { WorkflowExecutionInfo } from '@temporalio/client';
import { runBare } from './bare.ts';
import type { BareFigures } from './bare.ts';
import { criticalPath } from './criticalPath.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult, Row } from './part.ts';
import { provision, writesOf } from './provision.ts';
import type { ProvisionFigures } from './provision.ts';
import { requestLatencies } from './requestLatency.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { median, sum } from './statistics.ts';

/** History of a run's workflow; its size is in bytes. */
async function historyOf({ client }: Stack, { workflowId }: WorkflowExecutionInfo) {
  const { raw, historyLength } = await client.workflow.getHandle(workflowId).describe();
  return { events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
}

function rowsOfCpu(context: PartContext, { cpu }: ProvisionFigures, bare: BareFigures, writes: number): Row[] {
  const total = sum(Object.values(cpu));
  const rows = Object.entries(cpu).map(([name, value]) => ({ measure: `CPU of one run, ${name}`, value, unit: 's' }));
  return [
    {
      measure: 'CPU of one run',
      value: total,
      unit: 's',
      goal: goalOf(context, { atMost: 2 }, { atMost: 12 }),
      note: `${context.options.runs} at once`,
    },
    ...rows,
    { measure: 'CPU of one bare workflow', value: bare.cpuSeconds, unit: 's', note: `${writes} empty activities` },
    {
      measure: 'CPU of a run over a bare workflow',
      value: total / bare.cpuSeconds,
      unit: 'x',
      goal: goalOf(context, { atMost: 2 }, { atMost: 8 }),
    },
  ];
}

/** Events, bytes and requests of one run, which hardly depend on the machine. */
async function rowsOfSize(
  context: PartContext,
  stack: Stack,
  figures: ProvisionFigures,
  bare: BareFigures,
): Promise<Row[]> {
  const histories = await Promise.all(figures.runs.map((run) => historyOf(stack, run)));
  const events = median(histories.map(({ events }) => events));
  const kilobytes = median(histories.map(({ bytes }) => bytes)) / 1024;
  return [
    {
      measure: 'history events of one run',
      value: events,
      unit: 'events',
      goal: goalOf(context, { atMost: 400 }, { atMost: 700 }),
    },
    {
      measure: 'history of one run',
      value: kilobytes,
      unit: 'KB',
      goal: goalOf(context, { atMost: 150 }, { atMost: 400 }),
    },
    { measure: 'history events over a bare workflow', value: events / bare.events, unit: 'x' },
    {
      measure: 'ARM requests of one run',
      value: figures.armRequests,
      unit: 'requests',
      note: 'depends on the time scale',
    },
    { measure: 'requests refused by ARM’s buckets', value: figures.refused, unit: 'requests' },
  ];
}

/** Time that Moat adds to each task on the critical path, beside an activity of a bare workflow in series. */
async function rowsOfTime(context: PartContext, stack: Stack, scale: number, writes: number): Promise<Row[]> {
  const { seconds, tasks } = criticalPath();
  const alone = await provision(context, stack, ['alone']);
  const perTask = ((alone.readySeconds[0]! - seconds * scale) / tasks.length) * 1000;
  const bare = await runBare(stack, 1, writes);
  return [
    {
      measure: 'time added to a task, alone',
      value: perTask,
      unit: 'ms',
      note: `${tasks.length} tasks on the critical path`,
    },
    { measure: 'time of an empty activity, alone', value: (bare.seconds / writes) * 1000, unit: 'ms' },
  ];
}

async function run(context: PartContext): Promise<PartResult> {
  const { runs, short } = context.options;
  const divisor = short ? 200 : 60;
  const rows = await withStack(context, { timeScale: `1/${divisor}` }, async (stack) => {
    const names = Array.from({ length: runs }, (_, n) => `orchestration${n}`);
    // The first run loads code.
    if (!short) await provision(context, stack, ['warm']);
    context.log(`${runs} runs at once`);
    const figures = await provision(context, stack, names);
    const writes = await writesOf(stack, names.at(-1)!);
    const bare = await runBare(stack, runs, writes);
    return [
      ...rowsOfCpu(context, figures, bare, writes),
      ...(await rowsOfSize(context, stack, figures, bare)),
      ...(short ? [] : await rowsOfTime(context, stack, 1 / divisor, writes)),
    ];
  });
  context.log('latency of requests');
  return { rows: [...rows, ...(await requestLatencies(context))] };
}

export const orchestration: Part = {
  name: 'orchestration',
  title: 'Orchestration: beside a bare workflow',
  about:
    'What Moat adds to Temporal. A *bare workflow* has as many empty activities as a run has writes. Processor time is that of all processes: for a run ' +
    'Temporal, workers, API and emulator, for a bare workflow Temporal and its worker. Requests are sent one at a time, in turns with the plain Temporal call.',
  inShort: true,
  run,
};
