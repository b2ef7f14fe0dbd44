import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { coresNeeded } from '../../src/activities/preflight/rules/quotaRules.ts';
import { nameErrors } from '../../src/domain/nameCheck.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { groupName, resourceId } from '../../src/domain/naming.ts';
import { blocking } from '../../src/domain/preflightReport.ts';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, failureOf, createResource, startEmulatorHarness, deleteResource } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
const objects: string[] = [];
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterEach(async () => {
  for (const key of objects.splice(0)) await harness.control('DELETE', `objects/${key}`);
});
afterAll(() => harness.close());

async function setObject(key: string, value: unknown): Promise<void> {
  objects.push(key);
  await harness.control('PUT', `objects/${key}`, { value });
}

const preflight = (more: Partial<Spec> = {}) => {
  const spec = specOf('churn1', more);
  const ref = { ...harness.ref, name: spec.name, suffix: spec.suffix };
  return attempt(harness.activities.preflight, { ref, spec, specHash: 'h1' });
};
const blockingFindings = async (more: Partial<Spec> = {}) => blocking((await preflight(more)).findings);

test('Without problems nothing blocks, and what no API can check is assumed.', async () => {
  const { findings, inventory } = await preflight();
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['PF-42 assumed', 'PF-43 assumed']);
  expect(inventory).toEqual([]);
});

test('All blocking findings are reported at once, each with a remedy.', async () => {
  await setObject('provider:microsoft.keyvault', 'NotRegistered');
  await setObject('permissions:*', [{ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }]);
  await setObject('quota:ml:standardDSv2Family:westus2', 3);
  const found = await blockingFindings();
  expect(found.map(({ rule }) => rule)).toEqual(['PF-25', 'PF-25', 'PF-02', 'ML-QUOTA']);
  expect(found.every(({ remedy }) => remedy !== '')).toBe(true);
  expect(found[2]).toMatchObject({
    message: 'resource provider Microsoft.KeyVault is NotRegistered',
    remedy: 'az provider register --namespace Microsoft.KeyVault --wait',
  });
  expect(found[3]!.message).toBe(
    '1 × Standard_DS2_v2 needs 4 cores of standardDSv2Family in westus2 (with the 20 % that Azure reserves, 2 × 2); usage/limit: 0/3',
  );
});

test('The resource providers that an online endpoint needs are checked too.', async () => {
  await setObject('provider:microsoft.policyinsights', 'NotRegistered');
  await setObject('provider:microsoft.cdn', 'NotRegistered');
  expect((await blockingFindings()).map(({ remedy }) => remedy)).toEqual([
    'az provider register --namespace Microsoft.PolicyInsights --wait',
    'az provider register --namespace Microsoft.Cdn --wait',
  ]);
});

test('Each missing permission of a read-only caller is reported.', async () => {
  await setObject('permissions:*', [{ actions: ['*/read'], notActions: [] }]);
  expect((await blockingFindings()).map(({ rule }) => rule)).toEqual([
    'PF-01',
    'PF-01',
    'PF-01',
    'PF-01',
    'PF-25',
    'PF-25',
  ]);
  // Key Vault Contributor lacks this permission, so the remedy must name another role
  const remedy = expect.stringContaining('--role "Key Vault Purge Operator"') as string;
  expect((await preflight()).findings).toContainEqual(
    expect.objectContaining({ rule: 'DEL-4', severity: 'warns', remedy }),
  );
});

test('An instance type that is not offered for online endpoints blocks.', async () => {
  const [found] = await blockingFindings({ instanceType: 'Standard_B1s' });
  expect(found).toMatchObject({ rule: 'ML-QUOTA', message: expect.stringContaining('Standard_B1s') as string });
});

test('A jumpbox that does not fit into the compute quota blocks.', async () => {
  await setObject('quota:compute:cores:westus2', 1);
  expect(await blockingFindings()).toMatchObject([
    { rule: 'VM-SIZE', message: expect.stringContaining('Standard_D2s_v5: needs 2 cores of cores, usage/limit: 0/1') },
  ]);
});

test('Azure reserves a fifth more instances, for most families.', () => {
  expect(coresNeeded({ cores: 4, skipReserve: false }, 10)).toBe(48);
  expect(coresNeeded({ cores: 2, skipReserve: false }, 1)).toBe(4);
  expect(coresNeeded({ cores: 24, skipReserve: true }, 1)).toBe(24);
});

test('A check without read permission is unknown, and does not stop the run.', async () => {
  const match = { method: 'GET', id: 'deletedVaults' };
  const effect = { status: 403, code: 'AuthorizationFailed', message: 'no' };
  await harness.control('POST', 'faults', { match, effect });
  const { findings } = await preflight();
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'PF-42', severity: 'unknown' }));
});

test('A check that failed inside Azure is retried, not skipped.', async () => {
  const effect = { status: 503, code: 'ServiceUnavailable' };
  await harness.control('POST', 'faults', { match: { method: 'GET', id: 'deletedVaults' }, effect, times: 4 });
  expect(await failureOf(preflight())).toMatchObject({ type: 'Transient', nonRetryable: false });
});

test('The preflight creates nothing.', async () => {
  await harness.control('DELETE', 'requests');
  await preflight({ name: 'looked1' });
  expect(await harness.sent('PUT', /./)).toEqual([]);
  expect(await harness.sent('DELETE', /./)).toEqual([]);
});

describe('Names', () => {
  test.each(['ab', 'Abc', 'a-b', 'abcdefghijk-'])('that Azure would reject are found: suffix %s', (suffix) => {
    expect(nameErrors({ ...harness.ref, suffix }).map(({ member }) => member)).toContain('suffix');
  });

  test('that Azure accepts pass.', () => {
    expect(nameErrors({ ...harness.ref, name: 'a'.repeat(24), suffix: 'a'.repeat(10) })).toEqual([]);
  });

  test('that are taken in Azure are found.', async () => {
    const other = { ...harness.ref, name: 'other1', suffix: 'taken1' };
    await attempt(harness.activities.ensureGroup, { ref: other, tags: {} });
    for (const key of ['storageAccount', 'vault', 'registry'] as const)
      await createResource({ ...harness, ref: other }, key);
    const found = await blockingFindings({ suffix: 'taken1' });
    expect(found.map(({ rule }) => rule)).toEqual(['PF-41', 'PF-41', 'PF-41']);
    expect((await preflight({ name: 'other1', suffix: 'taken1' })).inventory).toHaveLength(3);
    expect(await blockingFindings({ name: 'other1', suffix: 'taken1' })).toEqual([]);
  });

  test('held by a soft-deleted vault are found, with the command that purges it.', async () => {
    const ref = { ...harness.ref, name: 'soft1', suffix: 'soft1' };
    const here = { ...harness, ref };
    await attempt(harness.activities.ensureGroup, { ref, tags: {} });
    await deleteResource(here, await createResource(here, 'vault'));
    const found = await blockingFindings({ name: 'soft1', suffix: 'soft1' });
    const remedy = 'az keyvault purge --name kvsoft1 --location westus2';
    expect(found).toContainEqual(expect.objectContaining({ rule: 'PF-42', remedy }));
  });
});

describe('A group of the environment’s name', () => {
  test('that is foreign blocks.', async () => {
    const { resourceGroups } = harness.azure.clients(harness.ref.subscriptionId).resources;
    await resourceGroups.createOrUpdate(groupName({ name: 'foreign1' }), { location: 'westus2' });
    expect(await blockingFindings({ name: 'foreign1' })).toMatchObject([{ rule: 'SEAL' }]);
  });

  test('that was created for another spec blocks, for the same one it does not.', async () => {
    const ref = { ...harness.ref, name: 'spec1' };
    await attempt(harness.activities.ensureGroup, { ref, tags: { spec: 'h2' } });
    expect(await blockingFindings({ name: 'spec1' })).toMatchObject([{ rule: 'SPEC' }]);
    await attempt(harness.activities.tagGroup, { ref, tags: { spec: 'h1' } });
    expect(await blockingFindings({ name: 'spec1' })).toEqual([]);
  });

  test('that is locked blocks, with the command that removes the lock.', async () => {
    const ref = { ...harness.ref, name: 'locked1' };
    await attempt(harness.activities.ensureGroup, { ref, tags: {} });
    const id = resourceId(ref, { type: 'Microsoft.Authorization/locks', name: 'keep' });
    await harness.azure.generic.send('PUT', id, '2016-09-01', { body: { properties: { level: 'CanNotDelete' } } });
    const found = await blockingFindings({ name: 'locked1' });
    expect(found).toMatchObject([
      { rule: 'PF-33', remedy: expect.stringMatching(/^az lock delete --ids \/sub/) as string },
    ]);
  });
});

test('A lock on the subscription blocks before there is a group: it would show at the teardown only.', async () => {
  const { generic } = harness.azure;
  const id = `/subscriptions/${harness.ref.subscriptionId}/providers/Microsoft.Authorization/locks/keep-all`;
  await generic.send('PUT', id, '2016-09-01', { body: { properties: { level: 'CanNotDelete' } } });
  const remedy = `az lock delete --ids ${id}`;
  expect(await blockingFindings({ name: 'unlocked1' })).toMatchObject([{ rule: 'PF-33', remedy }]);
  await generic.send('DELETE', id, '2016-09-01');
  expect(await blockingFindings({ name: 'unlocked1' })).toEqual([]);
});
