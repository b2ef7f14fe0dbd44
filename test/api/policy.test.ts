import { expect, test } from 'vitest';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';

const keys = [keyOf('ana', 'key-a'), keyOf('bob', 'key-b'), keyOf('root', 'key-r', { role: 'operator' })];
const everybody = {
  environments: 2,
  locations: ['westus2', 'westeurope'],
  instanceTypes: ['Standard_DS2_v2'],
  maxTtl: '4h',
};
const policy = { everybody, owners: { bob: { locations: null, maxTtl: '3d' } } };
const start = () => startApi({ keys, config: { policy } });

const errorsOf = {
  location: { path: '/location', message: 'must be one of westus2, westeurope' },
  instanceType: { path: '/instanceType', message: 'must be one of Standard_DS2_v2' },
  ttl: { path: '/ttl', message: 'must be at most 4h' },
};

test.each(['/environments', '/plans'])(
  'POST %s refuses what the policy does not allow, every member at once',
  async (url) => {
    const { app, environments, plans } = await start();
    const payload = { ...churn1, location: 'eastus', instanceType: 'Standard_DS3_v2', ttl: '5h' };
    const answer = await app.inject({ method: 'POST', url, payload, headers: bearer('key-a') });
    expect(answer.json()).toMatchObject({
      status: 403,
      code: 'ForbiddenByPolicy',
      detail: expect.stringContaining('ask an operator to change the policy'),
      errors: [errorsOf.location, errorsOf.instanceType, errorsOf.ttl],
    });
    expect([environments.all.size, plans.planned]).toEqual([0, []]);
  },
);

test('the policy for an owner counts, whoever sends the request; a lease without a duration is as long as it may be', async () => {
  const { app } = await start();
  const post = (secret: string, payload: object) =>
    app.inject({ method: 'POST', url: '/environments', payload, headers: bearer(secret) });
  const ana = await post('key-a', { ...churn1, instanceType: 'standard_ds2_V2' });
  expect([ana.statusCode, ana.json().spec.ttl]).toEqual([202, '4h']);
  const bob = await post('key-b', { ...churn1, name: 'churn2', location: 'eastus', ttl: '3d' });
  expect([bob.statusCode, bob.json().spec.ttl]).toEqual([202, '3d']);
  const forAna = await post('key-r', { ...churn1, name: 'churn3', owner: 'ana', ttl: '3d' });
  expect(forAna.json()).toMatchObject({ code: 'ForbiddenByPolicy', errors: [errorsOf.ttl] });
});

test('GET /me has the limits of the caller, and how many environments it has', async () => {
  const { app } = await start();
  await app.inject({ method: 'POST', url: '/environments', payload: churn1, headers: bearer('key-a') });
  const me = async (secret: string) => (await app.inject({ url: '/me', headers: bearer(secret) })).json().limits;
  expect(await me('key-a')).toEqual({ ...everybody, used: 1 });
  expect(await me('key-b')).toEqual({ ...everybody, locations: null, maxTtl: '3d', used: 0 });
});

test('GET /me answers also while environments cannot be counted', async () => {
  const { app, environments } = await start();
  environments.countOf = () => Promise.reject(new Error('away'));
  const answer = await app.inject({ url: '/me', headers: bearer('key-a') });
  expect([answer.statusCode, answer.json().limits.used]).toEqual([200, null]);
});
