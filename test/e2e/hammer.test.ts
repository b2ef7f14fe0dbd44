import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { moatUnderTest, uniqueName } from './support/target.ts';
import type { Environment, MoatClient } from './support/client.ts';

const requestCount = 500;
/** The load continues until the environment was re-created this often, up to a number of requests. */
const recreationCount = 5;
const requestLimit = 10_000;
const concurrency = 12;
const seed = 20_261;

let moat: Awaited<ReturnType<typeof moatUnderTest>>;
let client: MoatClient;
beforeAll(async () => {
  moat = await moatUnderTest('hammer');
  ({ client } = moat);
}, 120_000);
afterAll(() => moat?.close());

/** Linear congruential generator: values from 0 to 1, equal for equal seeds. */
function randomFrom(state: number): () => number {
  let next = state;
  return () => (next = (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

interface Operation {
  weight: number;
  method: string;
  /** path in the OpenAPI document */
  path: string;
  body?: (random: () => number) => unknown;
}

const environment = '/environments/{name}';
const operations = (spec: object): Operation[] => [
  { weight: 6, method: 'GET', path: environment },
  { weight: 4, method: 'POST', path: '/environments', body: () => spec },
  { weight: 3, method: 'PATCH', path: environment, body: (random) => ({ ttl: `${1 + Math.floor(random() * 7)}h` }) },
  {
    weight: 3,
    method: 'POST',
    path: `${environment}/score`,
    body: () => ({ data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }),
  },
  { weight: 2, method: 'POST', path: `${environment}/cancel` },
  { weight: 1, method: 'POST', path: `${environment}/cancel`, body: () => ({ teardown: true }) },
  { weight: 2, method: 'DELETE', path: environment },
];

/** Operations as often as their weight says, in seeded random order. */
function pick(from: readonly Operation[], random: () => number): Operation {
  const pool = from.flatMap((operation) => Array.from({ length: operation.weight }, () => operation));
  return pool[Math.floor(random() * pool.length)]!;
}

interface Contract {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

it('answers as the contract lists while an environment is torn down and re-created under load', async () => {
  const { paths } = (await client.call('GET', '/openapi.json')).body as Contract;
  const spec = { name: uniqueName('hammer'), location: 'westus2' };
  onTestFinished(() => client.remove(spec.name));
  await client.create(spec);
  await client.until(spec.name, 'ready');

  const random = randomFrom(seed);
  const all = operations(spec);
  const unexpected: string[] = [];
  const states: string[] = [];
  let sent = 0;
  /** How often the environment was seen as deleted and then as provisioning. */
  const recreations = (): number =>
    states
      .filter((state) => state === 'deleted' || state === 'provisioning')
      .join(' ')
      .split('deleted provisioning').length - 1;

  async function sendNext(): Promise<void> {
    sent += 1;
    const { method, path, body } = pick(all, random);
    const payload = body?.(random);
    const { status, headers, body: answer } = await client.call(method, path.replace('{name}', spec.name), payload);
    const listed = Object.keys(paths[path]![method.toLowerCase()]!.responses);
    const isServerError = status >= 500 && !(status === 503 && headers.has('retry-after'));
    if (isServerError || !listed.includes(String(status)))
      unexpected.push(`${method} ${path} ${JSON.stringify(payload)}: ${status} ${JSON.stringify(answer)}`);
    const { state } = (answer ?? {}) as Partial<Environment>;
    if (state !== undefined) states.push(state);
  }

  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (sent < requestCount || (recreations() < recreationCount && sent < requestLimit)) await sendNext();
    }),
  );
  expect(recreations()).toBeGreaterThanOrEqual(recreationCount);
  expect(unexpected).toEqual([]);
}, 300_000);
