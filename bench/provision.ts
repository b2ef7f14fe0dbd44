import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { PartContext } from './part.ts';
import { cpuBetween } from './stack.ts';
import type { Stack } from './stack.ts';

/** What a number of provisioning runs at once cost. */
export interface ProvisionFigures {
  /** from the first POST until each environment was ready, ascending */
  readySeconds: number[];
  /** processor time of one run by process, in seconds */
  cpu: Record<string, number>;
  /** resident set of the workers: before, and the highest while the runs were in progress */
  memoryMb: { before: number; highest: number };
  /** requests to ARM of one run, and all that ARM's buckets refused */
  armRequests: number;
  refused: number;
  runs: WorkflowExecutionInfo[];
}

const concurrentPosts = 10;

async function post(stack: Stack, names: readonly string[]): Promise<void> {
  const queue = names.values();
  const loop = async (): Promise<void> => {
    for (const name of queue) {
      const { status, body } = await stack.api('POST', '/environments', { name, location: 'westus2' });
      if (status !== 202) throw new Error(`POST ${name}: ${status} ${JSON.stringify(body)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrentPosts }, loop));
}

async function closedRuns({ client }: Stack, names: ReadonlySet<string>): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowType = 'provision' AND ExecutionStatus != 'Running'`;
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list({ query }))
    if (names.has(run.workflowId.split(':')[0]!.replace('environment-', ''))) runs.push(run);
  return runs;
}

/** Waits until all runs have ended, by one count a second, so that waiting costs next to nothing. Returns the highest memory of the workers. */
async function untilEnded(context: PartContext, stack: Stack, known: number, wanted: number): Promise<number> {
  const query = `WorkflowType = 'provision' AND ExecutionStatus != 'Running'`;
  const startedAt = Date.now();
  let highest = 0;
  for (let second = 0; ; second++) {
    const { count } = await stack.client.workflow.count(query);
    highest = Math.max(highest, stack.usage()['worker']!.memoryMb);
    const ended = count - known;
    if (ended >= wanted) return highest;
    if (second % 15 === 14)
      context.log(`${ended} of ${wanted} have ended after ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
    await sleep(1_000, undefined, { signal: context.signal });
  }
}

/** Provisions so many environments at once. Throws when one does not become ready. */
export async function provision(
  context: PartContext,
  stack: Stack,
  names: readonly string[],
): Promise<ProvisionFigures> {
  const { client, emulator } = stack;
  const { count: known } = await client.workflow.count(`WorkflowType = 'provision' AND ExecutionStatus != 'Running'`);
  const [usage, throttling, startedAt] = [stack.usage(), await emulator.throttling(), Date.now()];
  await post(stack, names);
  const highest = await untilEnded(context, stack, known, names.length);
  const cpu = cpuBetween(usage, stack.usage());
  const { taken, refused } = await emulator.throttling();
  const runs = await closedRuns(stack, new Set(names));
  const failed = runs.filter(({ status }) => status.name !== 'COMPLETED');
  if (failed.length > 0) throw new Error(`${failed.length} runs did not complete, such as ${failed[0]!.workflowId}`);
  return {
    readySeconds: runs.map(({ closeTime }) => (closeTime!.getTime() - startedAt) / 1000).toSorted((a, b) => a - b),
    cpu: Object.fromEntries(Object.entries(cpu).map(([name, seconds]) => [name, seconds / names.length])),
    memoryMb: { before: usage['worker']!.memoryMb, highest },
    armRequests: (taken - throttling.taken) / names.length,
    refused: refused - throttling.refused,
    runs,
  };
}

/** Number of writes of an environment's run that ARM accepted: each takes one activity at least. */
export async function writesOf({ emulator }: Stack, name: string): Promise<number> {
  const group = `/resourcegroups/rg-moat-${name}/`;
  const requests = await emulator.requests();
  return requests.filter(({ path, status }) => `${path.toLowerCase()}/`.includes(group) && (status ?? 500) < 300)
    .length;
}
