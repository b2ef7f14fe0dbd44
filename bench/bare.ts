import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { usageOfGroup } from './processUsage.ts';
import type { Usage } from './processUsage.ts';
import type { Stack } from './stack.ts';
import { cpuBetween } from './stack.ts';

const taskQueue = 'bench-bare';

/** Runs `work` beside a worker of bare workflows on the stack's Temporal server; it takes the worker's process ID. */
export async function withBareWorker<T>({ installation }: Stack, work: (pid: number) => Promise<T>): Promise<T> {
  const entry = fileURLToPath(new URL('./bareWorker.ts', import.meta.url));
  const child = spawn(process.execPath, [entry], {
    env: installation.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  try {
    await once(child, 'message');
    return await work(child.pid!);
  } finally {
    child.kill('SIGKILL');
  }
}

export const startBare = (client: Client, type: string, workflowId: string, ...args: unknown[]) =>
  client.workflow.start(type, { taskQueue, workflowId, args });

export interface BareFigures {
  /** for all */
  seconds: number;
  /** processor time of worker and server for one, in seconds */
  cpuSeconds: number;
  /** history events of one */
  events: number;
}

/** Runs bare workflows at once, each with so many empty activities. */
export async function runBare(stack: Stack, workflows: number, activities: number): Promise<BareFigures> {
  return withBareWorker(stack, async (pid) => {
    const all = (): Record<string, Usage> => ({ bare: usageOfGroup(pid), temporal: stack.usage()['temporal']! });
    // The first workflow loads the code.
    await (await startBare(stack.client, 'bareActivities', 'bare-first', 1)).result();
    const [before, startedAt] = [all(), performance.now()];
    const handles = await Promise.all(
      Array.from({ length: workflows }, (_, n) =>
        startBare(stack.client, 'bareActivities', `bare-${workflows}-${n}`, activities),
      ),
    );
    await Promise.all(handles.map((handle) => handle.result()));
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = cpuBetween(before, all());
    const { historyLength } = await handles[0]!.describe();
    return { seconds, cpuSeconds: (cpu['bare']! + cpu['temporal']!) / workflows, events: historyLength };
  });
}
