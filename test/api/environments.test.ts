import { expect, test } from 'vitest';
import { churn1, startApi } from './harness.ts';

test('A new environment is accepted, with its place and its defaults', async () => {
  const { app } = await startApi();
  const answer = await app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  expect(answer.statusCode).toBe(202);
  expect(answer.headers['location']).toBe('/environments/churn1');
  expect(answer.json()).toMatchObject({
    name: 'churn1',
    state: 'provisioning',
    owner: 'local',
    spec: {
      name: 'churn1',
      location: 'westus2',
      suffix: expect.stringMatching(/^[a-z0-9]{8}$/),
      owner: 'local',
      ttl: '8h',
      model: 'custom',
      instanceType: 'Standard_DS3_v2',
      instanceCount: 1,
      workspacePublicNetworkAccess: 'disabled',
      onFailure: 'keep',
    },
  });
});
