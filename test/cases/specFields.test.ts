import { expect, test } from 'vitest';
import { deployment } from '../../src/activities/resources/types/deployment.ts';
import type { DesiredState } from '../../src/activities/resources/resourceType.ts';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { specOf } from '../workflows/fixtures.ts';
import { churn1, startApi } from '../api/harness.ts';

const post = { method: 'POST', url: '/environments' } as const;
const bodyOf = async (change: object) => {
  const versions = { codeId: 'c', modelId: 'm', environmentId: 'e' };
  const options = { ...specDefaults, ...change, versions };
  return deployment.put!.body({ ref: { location: 'westus2' }, options } as unknown as DesiredState);
};

test('D11 a probe that is given in part is completed', async () => {
  const { app } = await startApi();
  const answer = await app.inject({
    ...post,
    payload: { ...churn1, probe: { periodSeconds: 20 }, jumpbox: { diskGb: 128 } },
  });
  expect(answer.statusCode).toBe(202);
  expect(answer.json().spec).toMatchObject({
    probe: { initialDelaySeconds: 10, periodSeconds: 20, failureThreshold: 60 },
    jumpbox: { sizes: specDefaults.jumpbox.sizes, diskGb: 128 },
  });
});

test('D11 by default a model may load for six minutes; the reported 500 s, 100 s and 30 probes are possible', async () => {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = specDefaults.probe;
  expect(initialDelaySeconds + periodSeconds * failureThreshold).toBeGreaterThan(360);
  const probe = { initialDelaySeconds: 500, periodSeconds: 100, failureThreshold: 30 };
  const { app } = await startApi();
  expect((await app.inject({ ...post, payload: { ...churn1, probe } })).statusCode).toBe(202);
  const sent = { initialDelay: 'PT8M20S', period: 'PT1M40S', failureThreshold: 30 };
  expect(await bodyOf({ probe })).toMatchObject({ properties: { livenessProbe: sent, readinessProbe: sent } });
});

test('D11 on the jumpbox, the container has as long to start as the deployment', () => {
  const probe = { initialDelaySeconds: 500, periodSeconds: 100, failureThreshold: 30 };
  const model = { format: 'custom', repository: 'https://example.com/a', ref: '0'.repeat(40), path: '.' } as const;
  const names = { clientId: 'c', registry: 'r', storageAccount: 's', container: 'b' };
  const { parameters } = jumpboxCommand('buildImage', { ...names, model, probe, allowPrivateRepositories: false });
  expect(parameters).toContainEqual({ name: 'MOAT_START_SECONDS', value: '3500' });
});

test('D11 a probe of more than an hour is refused with its sum', async () => {
  const { app } = await startApi();
  const probe = { initialDelaySeconds: 1, periodSeconds: 3600, failureThreshold: 1 };
  const answer = await app.inject({ ...post, payload: { ...churn1, probe } });
  expect(answer.json().errors).toEqual([
    { path: '/probe', message: expect.stringContaining('at most 3600 seconds') as string },
  ]);
});

const settingsFor = async (requestTimeoutSeconds: number) => {
  const { properties } = (await bodyOf({ requestTimeoutSeconds, maxConcurrentRequests: 4 })) as {
    properties: { requestSettings: object };
  };
  return properties.requestSettings;
};

test('S01 the request timeout reaches the deployment in the spelling that Azure returns', async () => {
  expect(await settingsFor(180)).toEqual({ requestTimeout: 'PT3M', maxConcurrentRequestsPerInstance: 4 });
  expect(await settingsFor(61)).toMatchObject({ requestTimeout: 'PT1M1S' });
});

const roleId = (type = 'roleDefinitions') =>
  `/subscriptions/00000000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/${type}/8311e382-0749-4cb8-b61a-304f252e45ec`;

test('The role of the jumpbox is taken by its ARM id, with or without a subscription, and shown in the spec', async () => {
  for (const id of [roleId(), roleId('roledefinitions').replace(/^\/subscriptions\/[^/]+/, '')]) {
    const jumpbox = { keyReaderRoleDefinitionId: id };
    const { app } = await startApi();
    const answer = await app.inject({ ...post, payload: { ...churn1, jumpbox } });
    expect(answer.statusCode).toBe(202);
    expect(answer.json().spec.jumpbox).toEqual({ ...specDefaults.jumpbox, ...jumpbox });
  }
});

test.each([
  ['/requestTimeoutSeconds', { requestTimeoutSeconds: 181 }],
  ['/maxConcurrentRequests', { maxConcurrentRequests: 0 }],
  ['/jumpbox/sizes', { jumpbox: { sizes: [] } }],
  ['/jumpbox/sizes/0', { jumpbox: { sizes: ['big'] } }],
  ['/jumpbox/diskGb', { jumpbox: { diskGb: 8 } }],
  ['/jumpbox/keyReaderRoleDefinitionId', { jumpbox: { keyReaderRoleDefinitionId: 'Key Reader' } }],
  ['/jumpbox/keyReaderRoleDefinitionId', { jumpbox: { keyReaderRoleDefinitionId: roleId('roleAssignments') } }],
  ['/jumpbox/keyReaderRoleDefinitionId', { jumpbox: { keyReaderRoleDefinitionId: `${roleId()}/` } }],
  ['/jumpbox/keyReaderRoleDefinitionId', { jumpbox: { keyReaderRoleDefinitionId: null } }],
  ['/probe/timeout', { probe: { timeout: 2 } }],
])('a value out of range is refused at %s', async (path, change) => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload: { ...churn1, ...change } });
  expect([answer.statusCode, answer.json().errors.map((error: { path: string }) => error.path)]).toEqual([400, [path]]);
});

test('A07 another jumpbox is the same spec, so that a failed run continues with it', () => {
  const other = { sizes: ['Standard_E2s_v5'], diskGb: 128, keyReaderRoleDefinitionId: roleId() };
  expect(specHash(specOf('churn1', { jumpbox: other }))).toBe(specHash(specOf('churn1')));
  expect(specHash(specOf('churn1', { tryLocally: true }))).toBe(specHash(specOf('churn1')));
  expect(specHash(specOf('churn1', { requestTimeoutSeconds: 90 }))).not.toBe(specHash(specOf('churn1')));
});
