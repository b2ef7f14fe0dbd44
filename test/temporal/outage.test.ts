import { Client, Connection } from '@temporalio/client';
import { afterAll, expect, it } from 'vitest';
import type { Environment } from '../../src/domain/environment.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import type { EnvironmentReader } from '../../src/temporal/environmentReader.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import { createWatch } from '../../src/temporal/watchEnvironment.ts';
import { specOf } from '../workflows/fixtures.ts';

// Nothing listens on port 1; without interceptors the client does not try again for twenty seconds.
const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
const client = new Client({ connection });
const environments = createEnvironments(client, { target: 'emulator', subscriptionId: 'sub', temporalUi: null });
const sweeps = createSweeps(client);
afterAll(() => connection.close());

it.each<[string, () => Promise<unknown>]>([
  ['POST /environments', () => environments.create(specOf('away1'))],
  ['GET /environments', () => environments.list({ limit: 10 })],
  ['GET /environments/{name}', () => environments.get('away1')],
  ['GET /environments/{name}/events', () => environments.watch('away1', undefined, new AbortController().signal)],
  ['PATCH /environments/{name}', () => environments.change('away1', { ttl: '4h' }, undefined)],
  ['DELETE /environments/{name}', () => environments.remove('away1')],
  ['POST /environments/{name}/score', () => environments.score('away1', {}, 'key')],
  ['GET /environments/{name}/runs', () => environments.runs('away1')],
  ['GET /sweeps', () => sweeps.list(10)],
  ['POST /sweeps', () => sweeps.start(true)],
])('While Temporal is away, %s says so and when to ask again', async (_call, ask) => {
  await expect(ask()).rejects.toMatchObject({
    code: 'Unavailable',
    message: 'Temporal is unavailable.',
    retryAfter: 5,
  });
});

it('Who follows an environment is told nothing while Temporal is away, and the rest when it is back', async () => {
  const states = ['provisioning', 'away', 'away', 'ready'];
  async function get(name: string): Promise<Environment> {
    const state = states.shift();
    if (state === 'away') await client.workflow.getHandle('away1').describe();
    return { name, state, run: null } as Environment;
  }
  const watch = createWatch({ get } as EnvironmentReader);
  const seen = [];
  for await (const { environment } of (await watch('away1', undefined, new AbortController().signal))!)
    seen.push(environment.state);
  expect(seen).toEqual(['provisioning', 'ready']);
  expect(states).toEqual([]);
});
