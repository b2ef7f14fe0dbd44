import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { attempt, createResource, failureOf, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
beforeEach(async () => {
  await harness.control('DELETE', 'faults');
  await harness.control('DELETE', 'policies');
});
afterAll(() => harness.close());

const rules = (...list: object[]) => harness.control('PUT', 'policies', { rules: list });
/** The harness with another suffix, so that a test has its own resources. */
const withSuffix = (suffix: string): EmulatorHarness => ({ ...harness, ref: { ...harness.ref, suffix } });
const puts = ({ ref }: EmulatorHarness, key: ResourceKey) =>
  harness.sent('PUT', new RegExp(`${plannedResource(ref, key).id}$`, 'i'));
async function createAll(own: EmulatorHarness, ...keys: ResourceKey[]): Promise<void> {
  for (const key of keys) await createResource(own, key);
}

const storage = 'Microsoft.Storage/storageAccounts';
const noKeys = {
  name: 'No-Keys',
  type: storage,
  field: 'properties.allowSharedKeyAccess',
  equals: true,
  effect: 'deny',
};

describe('A01 A tenant whose policy forbids account keys', () => {
  const workspaceKeys = [
    'logAnalytics',
    'applicationInsights',
    'storageAccount',
    'vault',
    'registry',
    'workspace',
  ] as const;

  test('A01 gets a storage account without keys and a workspace whose datastores use identities', async () => {
    await rules({ ...noKeys, reason: 'Local authentication methods are not allowed.' });
    const own = withSuffix('a01deny');
    await createAll(own, ...workspaceKeys);
    expect((await puts(own, 'storageAccount'))[0]?.body).toMatchObject({ properties: { allowSharedKeyAccess: false } });
    const [workspace] = await puts(own, 'workspace');
    expect(workspace).toMatchObject({
      query: { 'api-version': '2025-12-01' },
      body: { properties: { systemDatastoresAuthMode: 'Identity' } },
    });
  });

  test('A01 a policy that switches keys off silently changes nothing that Moat requested', async () => {
    const modify = { name: 'Keys-Off', type: storage, field: 'properties.allowSharedKeyAccess', value: false };
    await rules({ ...modify, effect: 'modify' });
    const own = withSuffix('a01modify');
    await createAll(own, 'storageAccount');
    expect(await puts(own, 'storageAccount')).toHaveLength(1);
  });
});

describe('A01 A property that a policy changes silently', () => {
  test.each([
    ['storageAccount', storage, 'publicNetworkAccess', 'Enabled', 'Disabled', 'storage account sta01x'],
    ['vault', 'Microsoft.KeyVault/vaults', 'properties.publicNetworkAccess', 'Enabled', 'Disabled', 'key vault kva01x'],
    ['networkSecurityGroup', 'Microsoft.Network/networkSecurityGroups', 'location', 'eastus', 'westus2', 'nsg-a01x'],
  ] as const)('A01 of the %s ends the run right after its PUT', async (key, type, property, actual, desired, name) => {
    const how = property === 'location' ? 'changed' : 'weakened';
    const field = `properties.${property.split('.').at(-1)}`;
    await rules({
      name: 'M',
      type,
      field: property === 'location' ? 'location' : field,
      value: actual,
      effect: 'modify',
    });
    const own = withSuffix('a01x');
    const failure = await failureOf(createResource(own, key));
    expect(failure).toMatchObject({ type: 'PolicyDenied', nonRetryable: true });
    expect(failure.retryHint).toBeUndefined();
    expect(failure.detail).toMatchObject({
      code: 'ChangedByPolicy',
      remedy: expect.stringContaining('az policy') as string,
    });
    expect(failure.message).toContain(
      `${name}: ${property} is "${actual}" instead of "${desired}": it was ${how} by a policy`,
    );
    expect(await puts(own, key)).toHaveLength(1);
  });

  test('A01 of an identity, whose PUT ends at once', async () => {
    const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
    await rules({ name: 'M', type, field: 'location', value: 'eastus', effect: 'modify' });
    const failure = await failureOf(createResource(withSuffix('a01sync'), 'identity'));
    expect(failure).toMatchObject({ type: 'PolicyDenied', nonRetryable: true });
    expect(failure.message).toContain('location is "eastus" instead of "westus2"');
  });

  test('A01 once more on a repeated POST, with one PUT each time', async () => {
    const own = withSuffix('a01again');
    await createAll(own, 'storageAccount');
    const field = 'properties.publicNetworkAccess';
    await harness.control('PUT', 'policies', {
      rules: [{ name: 'Open', type: storage, field, value: 'Enabled', effect: 'modify' }],
      remediate: true,
    });
    for (const times of [2, 3]) {
      expect(await failureOf(createResource(own, 'storageAccount', {}, true))).toMatchObject({ type: 'PolicyDenied' });
      expect(await puts(own, 'storageAccount')).toHaveLength(times);
    }
  });

  test('A01 that is a tag of the group repeats no request', async () => {
    await rules({ name: 'Tags', effect: 'modify', tags: { values: 'lower', add: { 'cost-center': '42' } } });
    const input = { ref: { ...harness.ref, name: 'a01tags' }, tags: { owner: 'Ana@Example.com' } };
    await attempt(harness.activities.ensureGroup, input);
    await createAll({ ...harness, ref: input.ref }, 'identity', 'storageAccount');
    expect(await harness.sent('PUT', /rg-moat-a01tags\/providers/i)).toHaveLength(2);
  });
});

const denying = (type: string, field: string, condition: object) => ({
  name: 'P',
  type,
  field,
  ...condition,
  effect: 'deny',
});

describe('Policies that Moat’s requests satisfy', () => {
  test('A02 the firewall’s default is Deny although public access is off', async () => {
    await rules(denying(storage, 'properties.networkAcls.defaultAction', { notEquals: 'Deny' }));
    const own = withSuffix('a02deny');
    await createAll(own, 'storageAccount', 'vault', 'registry');
    const { networkRuleSet, publicNetworkAccess } = await harness.azure
      .clients(own.ref.subscriptionId)
      .storage.storageAccounts.getProperties('rg-moat-churn1', 'sta02deny');
    expect({ networkRuleSet, publicNetworkAccess }).toMatchObject({
      networkRuleSet: { defaultAction: 'Deny' },
      publicNetworkAccess: 'Disabled',
    });
  });

  test('A04 the subnet’s PUT has its security group, also when it is sent again', async () => {
    const subnets = 'Microsoft.Network/virtualNetworks/subnets';
    await rules(denying(subnets, 'properties.networkSecurityGroup', { exists: false }));
    const own = withSuffix('a04nsg');
    await createAll(own, 'networkSecurityGroup', 'natAddress', 'natGateway');
    const type = 'Microsoft.Network/virtualNetworks';
    const effect = { failOperation: { code: 'InternalServerError', message: 'no' } };
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect });
    await createResource(own, 'virtualNetwork');
    const sent = await puts(own, 'virtualNetwork');
    expect(sent.map(({ status }) => status)).toEqual([201, 200]);
  });

  test('A11 a vault whose purge protection a policy has enabled is adopted: Moat never sends the property', async () => {
    const field = 'properties.enablePurgeProtection';
    await rules({ name: 'Purge', type: 'Microsoft.KeyVault/vaults', field, value: true, effect: 'modify' });
    const own = withSuffix('a11purge');
    await createAll(own, 'vault');
    expect(
      await attempt(harness.activities.beginResource, { ref: own.ref, key: 'vault', readFirst: true, options: {} }),
    ).toMatchObject({ state: 'Succeeded' });
    const sent = await puts(own, 'vault');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.body?.['properties']).not.toHaveProperty('enablePurgeProtection');
  });
});
