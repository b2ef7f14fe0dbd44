import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EnsureOptions } from '../../src/activities/resources/resourceType.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { attempt, createResource, failureOf, startEmulatorHarness, untilDone } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
beforeEach(() => harness.control('DELETE', 'policies'));
afterAll(() => harness.close());

const types = {
  storageAccount: 'Microsoft.Storage/storageAccounts',
  vault: 'Microsoft.KeyVault/vaults',
  registry: 'Microsoft.ContainerRegistry/registries',
  workspace: 'Microsoft.MachineLearningServices/workspaces',
  logAnalytics: 'Microsoft.OperationalInsights/workspaces',
} as const;

/** Every PUT of the type gets this value instead of the one that was sent. */
const modify = (key: keyof typeof types, field: string, value: unknown) =>
  harness.control('PUT', 'policies', { rules: [{ name: 'M', type: types[key], field, value, effect: 'modify' }] });

/** Creates the resource of another environment; returns what the activities report. */
async function create(suffix: string, key: ResourceKey, readFirst = false, options: EnsureOptions = {}) {
  const ref = { ...harness.ref, suffix };
  const { id, token, state, policyChanges } = await untilDone(harness.activities.beginResource, {
    ref,
    key,
    readFirst,
    options,
  });
  if (state === 'Succeeded') return { id, policyChanges };
  const requested = { ref, key, options };
  return {
    id,
    policyChanges: (await untilDone(harness.activities.observeResource, { id, token, requested })).policyChanges,
  };
}

describe('A01 A policy that makes a property stricter', () => {
  test.each([
    ['storageAccount', 'properties.minimumTlsVersion', 'minimumTlsVersion', 'TLS1_2', 'TLS1_3'],
    ['vault', 'properties.softDeleteRetentionInDays', 'properties.softDeleteRetentionInDays', 7, 90],
    ['logAnalytics', 'properties.retentionInDays', 'properties.retentionInDays', 30, 365],
  ] as const)(
    'A01 is accepted and reported, on a repeated POST too: %s',
    async (key, field, property, requested, actual) => {
      await modify(key, field, actual);
      const { id, policyChanges } = await create('strict', key);
      expect(policyChanges).toEqual([{ resource: id, property, requested, actual }]);
      expect((await create('strict', key, true)).policyChanges).toEqual(policyChanges);
      expect(await harness.sent('PUT', new RegExp(`${id}$`, 'i'))).toHaveLength(1);
    },
  );

  test('A01 is accepted where the spec requests public access, and a later spec may request it again', async () => {
    for (const key of ['logAnalytics', 'applicationInsights', 'storageAccount', 'vault', 'registry'] as const)
      await create('open', key);
    const options = { workspacePublicNetworkAccess: 'enabled' } as const;
    await modify('workspace', 'properties.publicNetworkAccess', 'Disabled');
    const { id, policyChanges } = await create('open', 'workspace', false, options);
    const property = 'properties.publicNetworkAccess';
    expect(policyChanges).toEqual([{ resource: id, property, requested: 'Enabled', actual: 'Disabled' }]);
    await harness.control('DELETE', 'policies');
    expect((await create('open', 'workspace', true, options)).policyChanges).toBeUndefined();
    const sent = await harness.sent('PUT', new RegExp(`${id}$`, 'i'));
    expect(sent).toHaveLength(2);
  });
});

describe('A01 A policy that weakens a property', () => {
  test.each([
    ['storageAccount', 'properties.allowSharedKeyAccess', true, 'allowSharedKeyAccess is true instead of false'],
    ['storageAccount', 'properties.allowBlobPublicAccess', true, 'allowBlobPublicAccess is true instead of false'],
    ['storageAccount', 'properties.supportsHttpsTrafficOnly', false, 'enableHttpsTrafficOnly is false instead of true'],
    ['storageAccount', 'properties.minimumTlsVersion', 'TLS1_0', 'minimumTlsVersion is "TLS1_0" instead of "TLS1_2"'],
    [
      'storageAccount',
      'properties.networkAcls.defaultAction',
      'Allow',
      'networkRuleSet.defaultAction is "Allow" instead of "Deny"',
    ],
    [
      'vault',
      'properties.enableRbacAuthorization',
      false,
      'properties.enableRbacAuthorization is false instead of true',
    ],
    ['registry', 'properties.adminUserEnabled', true, 'adminUserEnabled is true instead of false'],
    ['logAnalytics', 'properties.retentionInDays', 7, 'properties.retentionInDays is 7 instead of 30'],
  ] as const)(
    'A01 fails with the property, its requested and its actual value: %s %s',
    async (key, field, value, text) => {
      await modify(key, field, value);
      const own = { ...harness, ref: { ...harness.ref, suffix: `weak${field.length}` } };
      const failure = await failureOf(createResource(own, key));
      expect(failure).toMatchObject({ type: 'PolicyDenied', nonRetryable: true, detail: { code: 'ChangedByPolicy' } });
      expect(failure.message).toContain(`${text}: it was weakened by a policy`);
    },
  );

  test('A01 fails for a stricter value that Moat cannot work with', async () => {
    await modify('vault', 'properties.networkAcls.bypass', 'None');
    const own = { ...harness, ref: { ...harness.ref, suffix: 'bypass' } };
    const failure = await failureOf(createResource(own, 'vault'));
    expect(failure.message).toContain(
      'properties.networkAcls.bypass is "None" instead of "AzureServices": it was changed',
    );
  });
});

test('A01 a value in another case, an added property and an added tag are no change', async () => {
  await harness.control('PUT', 'policies', {
    rules: [
      { name: 'Case', type: types.vault, field: 'properties.publicNetworkAccess', value: 'disabled', effect: 'modify' },
      { name: 'Added', type: types.vault, field: 'properties.enabledForDeployment', value: true, effect: 'modify' },
      { name: 'Tag', effect: 'modify', tags: { add: { 'cost-center': '42' } } },
    ],
  });
  expect((await create('sametext', 'vault')).policyChanges).toBeUndefined();
  await modify('storageAccount', 'properties.minimumTlsVersion', 'tls1_2');
  expect((await create('sametext', 'storageAccount')).policyChanges).toBeUndefined();
});
