import { expect, test } from 'vitest';
import { bearer, keyOf } from './apiKeys.ts';
import { startApi } from './harness.ts';

const body = { name: 'scoring1', location: 'westus2', suffix: 'mevnet', adopt: true, resourceGroup: 'rg-article' };
const adoptionDigest = '0'.repeat(32);

test('an adoption needs the digest of its plan; the plan needs none', async () => {
  const { app, environments, plans } = await startApi();
  const answer = await app.inject({ method: 'POST', url: '/environments', payload: body });
  expect([answer.statusCode, answer.json().errors]).toEqual([
    400,
    [{ path: '/adoptionDigest', message: expect.stringContaining('POST /plans') as string }],
  ]);
  expect(environments.all.size).toBe(0);
  expect((await app.inject({ method: 'POST', url: '/plans', payload: body })).statusCode).toBe(200);
  expect(plans.planned).toMatchObject([{ adopt: true, resourceGroup: 'rg-article', suffix: 'mevnet' }]);
  const created = await app.inject({ method: 'POST', url: '/environments', payload: { ...body, adoptionDigest } });
  expect(created.statusCode).toBe(202);
});

test.each<[string, object, string]>([
  ['without the suffix of the existing names', { suffix: undefined }, '/suffix'],
  ['with the other method', { isolation: 'managedNetwork' }, '/isolation'],
  ['with existing resources', { existing: { registry: '/subscriptions/x' } }, '/existing'],
  ['of a group, without adopt', { adopt: false }, '/resourceGroup'],
])('%s, it is refused', async (_, change, path) => {
  const { app } = await startApi();
  const payload = { ...body, adoptionDigest, ...change };
  const answer = await app.inject({ method: 'POST', url: '/environments', payload });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors.map((one: { path: string }) => one.path)).toContain(path);
});

test('only an operator may adopt, and plan it, for whichever owner', async () => {
  const keys = [keyOf('ana', 'key-a'), keyOf('root', 'key-r', { role: 'operator' })];
  const { app, environments } = await startApi({ keys });
  const send = (url: string, secret: string) =>
    app.inject({ method: 'POST', url, payload: { ...body, adoptionDigest, owner: 'ana' }, headers: bearer(secret) });
  for (const url of ['/plans', '/environments'])
    expect((await send(url, 'key-a')).json()).toMatchObject({ status: 403, code: 'Forbidden' });
  expect(environments.all.size).toBe(0);
  expect((await send('/plans', 'key-r')).statusCode).toBe(200);
  expect((await send('/environments', 'key-r')).json()).toMatchObject({ owner: 'ana' });
});
