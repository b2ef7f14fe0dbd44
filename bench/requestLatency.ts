import { goalOf } from './part.ts';
import type { PartContext, Row } from './part.ts';
import { startBare } from './bare.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { quantile } from './statistics.ts';

/** Milliseconds of each call. */
type Latencies = number[];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Both calls in turns, so that both see the same machine. */
async function inTurns(
  { signal }: PartContext,
  count: number,
  one: (n: number) => Promise<unknown>,
  other: (n: number) => Promise<unknown>,
): Promise<[Latencies, Latencies]> {
  const [ones, others]: [Latencies, Latencies] = [[], []];
  for (let n = 0; n < count; n++) {
    signal.throwIfAborted();
    ones.push(await timed(() => one(n)));
    others.push(await timed(() => other(n)));
  }
  return [ones, others];
}

const row = (measure: string, value: number, unit: string): Row => ({ measure, value, unit });

function rowsOf(what: string, plain: string, [ours, bare]: [Latencies, Latencies], p99Goal?: Row['goal']): Row[] {
  return [
    row(`${what}, p50`, quantile(ours, 0.5), 'ms'),
    row(`${what}, p99`, quantile(ours, 0.99), 'ms'),
    row(`${plain}, p50`, quantile(bare, 0.5), 'ms'),
    row(`${plain}, p99`, quantile(bare, 0.99), 'ms'),
    row(`${what} over ${plain}, p50`, quantile(ours, 0.5) / quantile(bare, 0.5), 'x'),
    {
      ...row(`${what} over ${plain}, p99`, quantile(ours, 0.99) / quantile(bare, 0.99), 'x'),
      ...(p99Goal && { goal: p99Goal }),
    },
  ];
}

const nameOf = (n: number): string => `latency${n}`;

async function expectStatus(stack: Stack, wanted: number, method: string, path: string, body?: object): Promise<void> {
  const { status, body: answer } = await stack.api(method, path, body);
  if (status !== wanted) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
}

async function listOnce({ client }: Stack): Promise<void> {
  await client.workflowService.listWorkflowExecutions({
    namespace: 'default',
    pageSize: 20,
    query: `WorkflowType = 'environment'`,
  });
}

/** POST beside the start of a workflow, GET beside a describe, a list of 20 beside a list of Temporal. No worker runs: only the API is measured. */
export async function requestLatencies(context: PartContext): Promise<Row[]> {
  const count = context.options.short ? 20 : 200;
  return withStack(context, { timeScale: '1/60' }, async (stack) => {
    const { client } = stack;
    const warm = { name: 'warmup', location: 'westus2' };
    await expectStatus(stack, 202, 'POST', '/environments', warm);
    await stack.stop('worker');
    const posts = await inTurns(
      context,
      count,
      (n) => expectStatus(stack, 202, 'POST', '/environments', { ...warm, name: nameOf(n) }),
      (n) => startBare(client, 'bareActivities', `bare-${n}`, 1),
    );
    const reads = await inTurns(
      context,
      count,
      (n) => expectStatus(stack, 200, 'GET', `/environments/${nameOf(n)}`),
      (n) => client.workflow.getHandle(`environment-${nameOf(n)}`).describe(),
    );
    const lists = await inTurns(
      context,
      count,
      () => expectStatus(stack, 200, 'GET', '/environments?limit=20'),
      () => listOnce(stack),
    );
    return [
      ...rowsOf('POST', 'a bare start', posts, goalOf(context, { atMost: 1.5 }, { atMost: 20 })),
      ...rowsOf('GET', 'a describe', reads),
      ...rowsOf('list of 20', 'a list of Temporal', lists),
    ];
  });
}
