import { Client, Connection } from '@temporalio/client';
import { afterAll, expect, it } from 'vitest';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { createPlans } from '../../src/temporal/plans.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import { specOf, withRequests } from '../workflows/fixtures.ts';

// Nothing listens on port 1. Without interceptors the client does not retry for twenty seconds.
const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
const client = new Client({ connection });
const environments = withRequests(
  createEnvironments(client, { target: 'emulator', subscriptionId: 'sub', temporalUi: null }),
);
const sweeps = createSweeps(client);
const plans = createPlans(client, { subscriptionId: 'sub', timeScale: 1 });
afterAll(() => connection.close());

it.each<[string, () => Promise<unknown>]>([
  ['POST /environments', () => environments.create(specOf('churn1'))],
  ['GET /environments', () => environments.list({ limit: 10 })],
  ['GET /environments/{name}', () => environments.get('churn1')],
  ['GET /environments/{name}/events', () => environments.watch('churn1', undefined, new AbortController().signal)],
  ['PATCH /environments/{name}', () => environments.change('churn1', { ttl: '4h' }, undefined)],
  ['DELETE /environments/{name}', () => environments.remove('churn1')],
  ['POST /environments/{name}/score', () => environments.score('churn1', {}, 'key')],
  ['GET /environments/{name}/runs', () => environments.runs('churn1')],
  ['POST /plans', () => plans.plan(specOf('churn1'))],
  ['GET /sweeps', () => sweeps.list({ limit: 10 })],
  ['POST /sweeps', () => sweeps.start(true, 'ops')],
])('while Temporal is unavailable, %s fails with Unavailable and a retry delay', async (_call, request) => {
  await expect(request()).rejects.toMatchObject({
    code: 'Unavailable',
    message: 'Temporal is unavailable.',
    retryAfter: 5,
  });
});
