import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredRuns } from '../src/temporal/environmentReader.ts';
import { storedRecord } from '../src/temporal/lostEnvironment.ts';
import { environmentWorkflowId } from '../src/workflows/messages.ts';
import { makeKnownEnvironments } from './knownEnvironments.ts';
import { inTurns, timed } from './latency.ts';
import { goalOf } from './part.ts';
import type { Curve, Part, PartContext, PartResult, Row } from './part.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { quantile } from './statistics.ts';

interface Measured {
  size: number;
  /** milliseconds of each request, by its name */
  latencies: Record<string, number[]>;
  /** milliseconds */
  sweepMs: number;
  apiMemoryMb: number;
}

/** Requests by name; `known` is the name of an environment. */
const requests: Record<string, (known: string) => string> = {
  list: () => '/environments?limit=20',
  'list by state': () => '/environments?limit=20&state=ready',
  summary: () => '/environments/summary',
  GET: (known) => `/environments/${known}`,
};

/** A sweep that only reports, from its request to its end. */
async function sweepDryRun({ api }: Stack, { signal }: PartContext): Promise<void> {
  const { status, body } = await api('POST', '/sweeps', { dryRun: true });
  if (status !== 202) throw new Error(`POST /sweeps: ${status} ${JSON.stringify(body)}`);
  const { id } = body as { id: string };
  for (;;) {
    const { body: sweep } = await api('GET', `/sweeps/${encodeURIComponent(id)}`);
    const { finishedAt } = sweep as { finishedAt: string | null };
    if (finishedAt) return;
    await sleep(20, undefined, { signal });
  }
}

async function measureSize(context: PartContext, stack: Stack, size: number, known: string[]): Promise<Measured> {
  const count = context.options.short ? 20 : 200;
  const names = Object.keys(requests);
  const calls = names.map((name) => async (n: number) => {
    const path = requests[name]!(known[(n * 7919) % known.length]!);
    const { status } = await stack.api('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
  });
  // The first calls compile code.
  await inTurns(context, 3, calls);
  const latencies = await inTurns(context, count, calls);
  const sweepMs = await timed(() => sweepDryRun(stack, context));
  return {
    size,
    latencies: Object.fromEntries(names.map((name, index) => [name, latencies[index]!])),
    sweepMs,
    apiMemoryMb: stack.usage()['api']!.memoryMb,
  };
}

const isDeleted = (index: number): boolean => index % 2 === 1;

/** What others are made like. */
interface Models {
  ready: StoredRuns;
  deleted: StoredRuns;
}

async function untilState({ api }: Stack, { signal }: PartContext, name: string, wanted: string): Promise<void> {
  for (;;) {
    const { state } = (await api('GET', `/environments/${name}`)).body as { state: string };
    if (state === wanted) return;
    if (state === 'failed' || state === 'blocked') throw new Error(`${name} is ${state}`);
    await sleep(100, undefined, { signal });
  }
}

/** Provisions two environments and deletes one of them. */
export async function makeModels(context: PartContext, stack: Stack): Promise<Models> {
  const stored = async (name: string): Promise<StoredRuns> =>
    storedRecord(await stack.client.workflow.getHandle(environmentWorkflowId(name)).describe())!;
  const provision = async (name: string): Promise<void> => {
    await stack.api('POST', '/environments', { name, location: 'westus2' });
    await untilState(stack, context, name, 'ready');
  };
  await Promise.all(['model1', 'model2'].map(provision));
  await stack.api('DELETE', '/environments/model2');
  await untilState(stack, context, 'model2', 'deleted');
  return { ready: await stored('model1'), deleted: await stored('model2') };
}

/** Adds environments up to this number; every second one was deleted. Returns the names of those that are live. */
async function addKnown({ client }: Stack, models: Models, from: number, to: number): Promise<string[]> {
  const names = await makeKnownEnvironments(client, {
    count: to - from,
    prefix: `known${from}x`,
    like: (index) => (isDeleted(index) ? models.deleted : models.ready),
  });
  return names.filter((_, index) => !isDeleted(index));
}

function rowsOf(context: PartContext, { size, latencies, sweepMs, apiMemoryMb }: Measured): Row[] {
  const prefix = `${size.toLocaleString('en-US')} known`;
  const limit = goalOf(context, { atMost: 50 }, { atMost: 1_000 });
  const memory = goalOf(context, { atMost: 200 }, { atMost: 500 });
  const rows = Object.entries(latencies).flatMap(([name, values]): Row[] => [
    { measure: `${prefix}: ${name}, p50`, value: quantile(values, 0.5), unit: 'ms' },
    {
      measure: `${prefix}: ${name}, p99`,
      value: quantile(values, 0.99),
      unit: 'ms',
      ...(name === 'list' && { goal: limit }),
    },
  ]);
  return [
    ...rows,
    { measure: `${prefix}: dry run of a sweep`, value: sweepMs / 1000, unit: 's' },
    { measure: `${prefix}: memory of the API`, value: apiMemoryMb, unit: 'MB', goal: memory },
  ];
}

function curveOf(measured: readonly Measured[]): Curve {
  const series = Object.keys(requests).map((name) => ({
    name,
    points: measured.map(({ size, latencies }): [number, number] => [size, quantile(latencies[name]!, 0.99)]),
  }));
  return {
    file: 'size',
    title: 'Requests, p99',
    x: 'known environments',
    y: 'milliseconds',
    logarithmic: true,
    series,
  };
}

async function run(context: PartContext): Promise<PartResult> {
  const sizes = context.options.sizes.toSorted((a, b) => a - b);
  return withStack(context, { timeScale: '1/200' }, async (stack) => {
    const memoryAtStart = stack.usage()['api']!.memoryMb;
    const models = await makeModels(context, stack);
    const results: Measured[] = [];
    const known: string[] = [];
    let size = 0;
    for (const next of sizes) {
      context.log(`making ${next - size} more environments known`);
      const madeMs = await timed(async () => known.push(...(await addKnown(stack, models, size, next))));
      context.log(`took ${Math.round(madeMs / 1000)} s`);
      size = next;
      // Visibility follows within a second.
      await sleep(3_000, undefined, { signal: context.signal });
      results.push(await measureSize(context, stack, size, known));
    }
    const atStart: Row = { measure: 'memory of the API after its start', value: memoryAtStart, unit: 'MB' };
    return { rows: [atStart, ...results.flatMap((one) => rowsOf(context, one))], curves: [curveOf(results)] };
  });
}

export const size: Part = {
  name: 'size',
  title: 'Size: many environments known',
  about:
    'Requests with so many environments in Temporal, of which half are deleted, one request at a time and each kind in turns. The environments are made directly in Temporal, with the records and runs of two that were provisioned, of which one was deleted.',
  inShort: true,
  run,
};
