import { beforeAll, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('rg-service-reads');
const registry = (): string => arm.id('Microsoft.ContainerRegistry/registries', 'crreads');
const insights = (): string => arm.id('Microsoft.Insights/components', 'appi');
const vault = (): string => arm.id('Microsoft.KeyVault/vaults', 'kv-reads');

beforeAll(async () => {
  const logs = arm.id('Microsoft.OperationalInsights/workspaces', 'log-reads');
  await arm.put(logs, { location, properties: {} });
  await arm.put(insights(), { location, kind: 'web', properties: { WorkspaceResourceId: logs } });
  await arm.put(registry(), { location, sku: { name: 'Premium' }, properties: { adminUserEnabled: true } });
  const { tenantId } = arm.emulator;
  const sku = { family: 'A', name: 'standard' };
  await arm.put(vault(), { location, properties: { tenantId, sku, accessPolicies: [] } });
});

test('billing features have a daily cap that can be set', async () => {
  const path = `${insights()}/currentBillingFeatures`;
  const before = await arm.send('GET', path);
  expect(before.body).toMatchObject({ CurrentBillingFeatures: ['Basic'], DataVolumeCap: { Cap: 100 } });
  const body = { CurrentBillingFeatures: ['Basic'], DataVolumeCap: { Cap: 5, StopSendNotificationWhenHitCap: true } };
  expect((await arm.send('PUT', path, body)).body).toMatchObject(body);
  expect((await arm.send('GET', path)).body.DataVolumeCap).toMatchObject({ Cap: 5, WarningThreshold: 90 });
  expect((await arm.send('PUT', path, { CurrentBillingFeatures: ['Gold'] })).status).toBe(400);
  expect((await arm.send('DELETE', path)).status).toBe(501);
  expect((await arm.send('GET', `${insights()}/ApiKeys`)).body).toEqual({ value: [] });
});

test('a registry has usages, credentials and system scope maps', async () => {
  const usages = await arm.send('GET', `${registry()}/listUsages`);
  expect(usages.body.value).toContainEqual({ name: 'Size', limit: 536_870_912_000, currentValue: 0, unit: 'Bytes' });
  expect(usages.body.value).toContainEqual({ name: 'Webhooks', limit: 500, currentValue: 0, unit: 'Count' });
  const before = (await arm.send('POST', `${registry()}/listCredentials`)).body;
  const after = (await arm.send('POST', `${registry()}/regenerateCredential`, { name: 'password2' })).body;
  expect(after.passwords[0]).toEqual(before.passwords[0]);
  expect(after.passwords[1].value).not.toBe(before.passwords[1].value);
  const maps = await arm.send('GET', `${registry()}/scopeMaps`);
  expect(maps.body.value).toHaveLength(3);
  const pull = await arm.send('GET', `${registry()}/scopeMaps/_repositories_pull`);
  expect(pull.body.properties).toMatchObject({ type: 'SystemDefined', actions: ['repositories/*/content/read'] });
});

test('an access policy is added, extended, replaced and removed', async () => {
  const { tenantId } = arm.emulator;
  const objectId = '11111111-2222-3333-4444-555555555555';
  const change = async (kind: string, secrets: string[]) => {
    const accessPolicies = [{ tenantId, objectId, permissions: { secrets } }];
    const { status, body } = await arm.send('PUT', `${vault()}/accessPolicies/${kind}`, {
      properties: { accessPolicies },
    });
    expect(status).toBe(200);
    return body.properties.accessPolicies.map((policy: { permissions: object }) => policy.permissions);
  };
  expect(await change('add', ['get'])).toEqual([{ secrets: ['get'] }]);
  expect(await change('add', ['list', 'get'])).toEqual([{ secrets: ['get', 'list'] }]);
  expect(await change('remove', ['get'])).toEqual([{ secrets: ['list'] }]);
  expect(await change('replace', ['set'])).toEqual([{ secrets: ['set'] }]);
  const read = await arm.send('GET', vault());
  expect(read.body.properties.accessPolicies).toMatchObject([{ objectId, permissions: { secrets: ['set'] } }]);
  expect(await change('remove', ['set'])).toEqual([]);
  const missing = arm.id('Microsoft.KeyVault/vaults', 'kv-none');
  expect((await arm.send('PUT', `${missing}/accessPolicies/add`, { properties: {} })).status).toBe(404);
});

test.each([
  [registry, ['replications', 'webhooks', 'tokens', 'tasks', 'runs', 'cacheRules', 'agentPools']],
  [vault, ['keys', 'secrets']],
  [insights, ['providers/Microsoft.Insights/diagnosticSettings']],
])('%o lists nothing of what nobody can create here', async (scopeOf, collections) => {
  const scope = scopeOf();
  for (const collection of collections) {
    expect((await arm.send('GET', `${scope}/${collection}`)).body).toEqual({ value: [] });
    expect((await arm.send('GET', `${scope}/${collection}/none`)).status).toBe(404);
    expect((await arm.send('PUT', `${scope}/${collection}/none`, { location, properties: {} })).status).toBe(501);
  }
});

test('locks are listed below a scope, or at it alone', async () => {
  const locks = 'providers/Microsoft.Authorization/locks';
  const group = arm.group('rg-service-reads');
  for (const scope of [group, vault()])
    await arm.send('PUT', `${scope}/${locks}/keep`, { properties: { level: 'CanNotDelete' } });
  expect((await arm.send('GET', `${group}/${locks}`)).body.value).toHaveLength(2);
  const atScope = await arm.send('GET', `${group}/${locks}?$filter=atScope()`);
  expect(atScope.body.value).toMatchObject([{ id: `${group}/${locks}/keep` }]);
  for (const scope of [group, vault()]) await arm.send('DELETE', `${scope}/${locks}/keep`);
});

test('tags of a subscription are counted', async () => {
  await arm.send('PATCH', registry(), { tags: { team: 'a' } });
  await arm.send('PATCH', vault(), { tags: { team: 'b' } });
  const { body } = await arm.send('GET', `${arm.subscription}/tagNames`);
  expect(body.value).toMatchObject([
    { tagName: 'team', count: { value: 2 }, values: [{ tagValue: 'a' }, { tagValue: 'b' }] },
  ]);
});

test('a group and a subscription have no deployments', async () => {
  const deployments = 'providers/Microsoft.Resources/deployments';
  for (const scope of [arm.subscription, arm.group('rg-service-reads')])
    expect((await arm.send('GET', `${scope}/${deployments}`)).body).toEqual({ value: [] });
  const { status, body } = await arm.send('GET', `${arm.group('rg-service-reads')}/${deployments}/main`);
  expect([status, body.error]).toEqual([
    404,
    { code: 'DeploymentNotFound', message: "Deployment 'main' could not be found." },
  ]);
});
