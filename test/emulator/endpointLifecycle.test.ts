import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure } from './servicesHarness.ts';

const location = 'westus2';
const body: JsonObject = { location, identity: { type: 'SystemAssigned' }, properties: { authMode: 'Key' } };
const deployment: JsonObject = {
  location,
  sku: { name: 'Default', capacity: 1 },
  properties: { endpointComputeType: 'Managed', instanceType: 'Standard_F2s_v2' },
};

let azure: Azure;
let endpoint = '';
let blue = '';

beforeAll(async () => {
  azure = await Azure.start();
  endpoint = `${await azure.workspace('rg-lifecycle', 'lifecyc')}/onlineEndpoints/ep-lifecycle`;
  blue = `${endpoint}/deployments/blue`;
  await azure.putResource(endpoint, body);
  await azure.putResource(blue, deployment);
});
afterAll(() => azure.stop());

const stateOf = async (id: string): Promise<unknown> =>
  ((await azure.send('get', id)).body['properties'] as JsonObject)['provisioningState'];

const release = async (id: string): Promise<void> => {
  await azure.send('delete', '/_emulator/faults');
  await azure.untilSettled(id);
};

test.each([
  ['a PUT', 'put', body],
  ['a PATCH of its tags alone', 'patch', { tags: { team: 'ml' } }],
] as const)(
  'D05 while %s updates an endpoint, nothing else changes it or its deployments',
  async (_, method, change) => {
    await azure.hang(method.toUpperCase(), endpoint);
    expect((await azure.send(method, endpoint, change)).status).toBe(method === 'put' ? 200 : 202);
    expect(await stateOf(endpoint)).toBe('Updating');
    const words = 'Cannot create a deployment in endpoint ep-lifecycle because it is in Updating provisioning state.';
    for (const name of ['blue', 'green'])
      expect(await azure.send('put', `${endpoint}/deployments/${name}`, deployment)).toMatchObject({
        status: 400,
        code: 'BadRequest',
        message: words,
      });
    const others = [
      azure.send('put', endpoint, body),
      azure.send('patch', endpoint, { tags: {} }),
      azure.send('delete', endpoint),
      azure.send('delete', blue),
      azure.send('post', `${endpoint}/regenerateKeys`, { keyType: 'Primary' }),
    ];
    for (const answer of await Promise.all(others)) expect(answer).toMatchObject({ status: 409, code: 'Conflict' });
    expect((await azure.send('post', `${endpoint}/listKeys`)).status).toBe(200);
    await release(endpoint);
    expect((await azure.send('put', blue, deployment)).status).toBe(200);
    await azure.untilSettled(blue);
  },
);

test('while a deployment is updated, nothing else changes it', async () => {
  await azure.hang('PATCH', blue);
  expect((await azure.send('patch', blue, { tags: { team: 'ml' } })).status).toBe(202);
  expect(await stateOf(blue)).toBe('Updating');
  const refused = [azure.send('put', blue, deployment), azure.send('patch', blue, {}), azure.send('delete', blue)];
  for (const answer of await Promise.all(refused)) expect(answer).toMatchObject({ status: 409, code: 'Conflict' });
  await release(blue);
});
