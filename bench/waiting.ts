import { setTimeout as sleep } from 'node:timers/promises';
import { startBare, withBareWorker } from './bare.ts';
import { openKeptMemory } from './keptMemory.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { post } from './provision.ts';
import { usageOfGroup } from './processUsage.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';

/** The first ones load code and grow the heap; the memory of those after them is measured. */
const first = 20;
const measured = 180;
/** Resources of a run that were requested by the time when it waits for Azure only. */
const requestedResources = 12;
/** A run has two workflows: that of its environment, and its own. */
const workflowsOfRun = 2;
/** For requests that are being sent. */
const settleMs = 15_000;

interface Memory {
  /** KB after a collection of garbage: heaps and buffers */
  kept: number;
  /** KB of the resident set before it */
  resident: number;
}

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** What each of `count` runs or workflows added. */
const difference = (before: Memory, after: Memory, count: number): Memory => ({
  kept: (after.kept - before.kept) / count,
  resident: (after.resident - before.resident) / count,
});

/** Starts runs at Azure's speed and waits until all wait for Azure. */
async function startWaiting(context: PartContext, stack: Stack, added: string[], total: number): Promise<void> {
  await post(stack, added);
  for (let second = 0; ; second++) {
    const { length } = await stack.emulator.resources();
    if (length >= requestedResources * total) break;
    if (second % 15 === 14) context.log(`${length} of ${requestedResources * total} resources requested`);
    await sleep(1_000, undefined, { signal: context.signal });
  }
  await sleep(settleMs, undefined, { signal: context.signal });
}

/** Of a process that leads its process group. */
async function openMemory(pid: number, signal: AbortSignal): Promise<() => Promise<Memory>> {
  const keptMemory = await openKeptMemory(pid, signal);
  return async () => {
    const resident = usageOfGroup(pid).memoryMb * 1024;
    return { kept: await keptMemory(), resident };
  };
}

async function memoryOfRun(context: PartContext, stack: Stack): Promise<Memory> {
  await startWaiting(context, stack, names('first', first), first);
  const memory = await openMemory(stack.installation.pid('worker')!, context.signal);
  const before = await memory();
  await startWaiting(context, stack, names('waiting', measured), first + measured);
  return difference(before, await memory(), measured);
}

/** Of a worker of bare workflows, for as many as a run has. */
function memoryOfBare({ signal }: PartContext, stack: Stack): Promise<Memory> {
  const start = async (added: string[]): Promise<void> => {
    await Promise.all(added.map((name) => startBare(stack.client, 'bareWaiting', name)));
    await sleep(settleMs, undefined, { signal });
  };
  return withBareWorker(stack, async (pid) => {
    await start(names('bare-first', first * workflowsOfRun));
    const memory = await openMemory(pid, signal);
    const before = await memory();
    await start(names('bare-waiting', measured * workflowsOfRun));
    return difference(before, await memory(), measured);
  });
}

const row = (measure: string, value: number, note?: string) => ({ measure, value, unit: 'KB', ...(note && { note }) });

async function run(context: PartContext): Promise<PartResult> {
  return withStack(context, { timeScale: '1' }, async (stack) => {
    const waitingRun = await memoryOfRun(context, stack);
    await stack.stop('worker');
    const bare = await memoryOfBare(context, stack);
    return {
      rows: [
        row('kept by a waiting run', waitingRun.kept, `${measured} runs`),
        row('kept by two waiting bare workflows', bare.kept, 'a run is two workflows'),
        { ...row('kept by a waiting run beyond that', waitingRun.kept - bare.kept), goal: { atMost: 100 } },
        row('resident set, for a waiting run', waitingRun.resident, 'with garbage'),
        row('resident set, for two waiting bare workflows', bare.resident, 'with garbage'),
      ],
    };
  });
}

export const waiting: Part = {
  name: 'waiting',
  title: 'Waiting: memory of runs that wait for Azure',
  about:
    'What the worker keeps for each run that waits for Azure, at Azure’s speed, beside bare workflows that wait for a timer: those show what Temporal’s own cache needs. ' +
    '*Kept* are the heaps of all threads and their buffers after a collection of garbage, as Node.js’s inspector gives them. A resident set contains garbage and is coarse.',
  inShort: false,
  run,
};
