import { setTimeout as sleep } from 'node:timers/promises';
import { startBare, withBareWorker } from './bare.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { post } from './provision.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';

/** The first ones load code and grow the heap; the memory of those after them is measured. */
const first = 20;
const measured = 180;
/** Resources of a run that were requested by the time when it waits for Azure only. */
const requestedResources = 12;
/** A run has two workflows: that of its environment, and its own. */
const workflowsOfRun = 2;
/** For the garbage collector. */
const settleMs = 15_000;

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** Starts runs at Azure's speed and waits until all wait for Azure. Returns the worker's resident set in KB. */
async function memoryWith(context: PartContext, stack: Stack, added: string[], total: number): Promise<number> {
  await post(stack, added);
  for (let second = 0; ; second++) {
    const { length } = await stack.emulator.resources();
    if (length >= requestedResources * total) break;
    if (second % 15 === 14) context.log(`${length} of ${requestedResources * total} resources requested`);
    await sleep(1_000, undefined, { signal: context.signal });
  }
  await sleep(settleMs, undefined, { signal: context.signal });
  return stack.usage()['worker']!.memoryMb * 1024;
}

/** KB that a worker of bare workflows needs for each waiting workflow. */
function bareMemory({ signal }: PartContext, stack: Stack): Promise<number> {
  return withBareWorker(stack, async (usage) => {
    const memoryWith = async (added: string[]): Promise<number> => {
      await Promise.all(added.map((name) => startBare(stack.client, 'bareWaiting', name)));
      await sleep(settleMs, undefined, { signal });
      return usage().memoryMb * 1024;
    };
    const before = await memoryWith(names('bare-first', first * workflowsOfRun));
    const after = await memoryWith(names('bare-waiting', measured * workflowsOfRun));
    return (after - before) / (measured * workflowsOfRun);
  });
}

async function run(context: PartContext): Promise<PartResult> {
  return withStack(context, { timeScale: '1' }, async (stack) => {
    const before = await memoryWith(context, stack, names('first', first), first);
    const after = await memoryWith(context, stack, names('waiting', measured), first + measured);
    const perRun = (after - before) / measured;
    await stack.stop('worker');
    const bare = (await bareMemory(context, stack)) * workflowsOfRun;
    return {
      rows: [
        { measure: 'worker memory of a waiting run', value: perRun, unit: 'KB', note: `${measured} runs` },
        { measure: 'of two waiting bare workflows', value: bare, unit: 'KB', note: 'a run is two workflows' },
        { measure: 'a waiting run beyond that', value: perRun - bare, unit: 'KB', goal: { atMost: 100 } },
      ],
    };
  });
}

export const waiting: Part = {
  name: 'waiting',
  title: 'Waiting: memory of runs that wait for Azure',
  about:
    'What the resident set of the worker grows by with each run that waits for Azure, at Azure’s speed, beside bare workflows that wait for a timer: those show what Temporal’s own cache needs. ' +
    'Resident sets are coarse; the figure is a mean.',
  inShort: false,
  run,
};
