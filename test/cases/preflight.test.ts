import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { quotaOf, isDedicated } from '../../src/activities/preflight/rules/usages.ts';
import { notOffered } from '../../src/activities/preflight/rules/providers.ts';
import { defaultProbe, extraMinutes } from '../../src/domain/probe.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { attempt, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { specOf } from '../workflows/fixtures.ts';

let harness: EmulatorHarness;
const objects: string[] = [];
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
beforeEach(async () => {
  await harness.control('DELETE', 'faults');
});
afterEach(async () => {
  for (const key of objects.splice(0)) await harness.control('DELETE', `objects/${key}`);
});
afterAll(() => harness.close());

async function setObject(key: string, value: unknown): Promise<void> {
  objects.push(key);
  await harness.control('PUT', `objects/${key}`, { value });
}
async function findingsOf(rule: string, change: Partial<Spec> = {}) {
  const spec = specOf('churn1', change);
  const ref = { ...harness.ref, suffix: spec.suffix };
  const { findings } = await attempt(harness.activities.preflight, { ref, spec, specHash: 'h1' });
  return findings.filter((one) => one.rule === rule);
}

test('D01 six free cores: the size, the reserve and the three numbers are reported before anything is created', async () => {
  await setObject('quota:ml:standardDSv2Family:westus2', 6);
  expect(await findingsOf('ML-QUOTA', { instanceType: 'Standard_DS3_v2' })).toMatchObject([
    {
      severity: 'blocks',
      message:
        '1 × Standard_DS3_v2 needs 8 cores of standardDSv2Family in westus2 (with the 20 % that Azure reserves, 2 × 4); usage/limit: 0/6',
      remedy: expect.stringContaining('"instanceType"') as string,
    },
  ]);
  // the default fits into a new subscription
  expect(await findingsOf('ML-QUOTA')).toEqual([]);
});

test('A07 a size that the subscription does not get is passed over with a warning', async () => {
  await setObject('sku:compute:Standard_D2s_v5:westus2', 'NotAvailableForSubscription');
  const [found, ...more] = await findingsOf('VM-SIZE');
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    severity: 'warns',
    message: expect.stringMatching(/Standard_D2s_v5: not available.*Standard_D2as_v5 is available/),
  });
});

test('A07 without a usable size it blocks, and names each reason, jumpbox.sizes and location', async () => {
  await setObject('sku:compute:Standard_D2s_v5:westus2', 'NotAvailableForSubscription');
  await setObject('quota:compute:standardDASv5Family:westus2', 1);
  const sizes = ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_Unknown_v9'];
  expect(await findingsOf('VM-SIZE', { jumpbox: { sizes, diskGb: 64 } })).toMatchObject([
    {
      severity: 'blocks',
      message: expect.stringMatching(
        /NotAvailableForSubscription.*needs 2 cores of standardDASv5Family, usage\/limit: 0\/1.*Standard_Unknown_v9: not offered/,
      ) as string,
      remedy: expect.stringMatching(/"jumpbox\.sizes".*"location"/) as string,
    },
  ]);
});

test('D10 the provider that Application Insights needs by itself is named', async () => {
  await setObject('provider:microsoft.alertsmanagement', 'NotRegistered');
  expect(await findingsOf('PF-02')).toMatchObject([
    { severity: 'blocks', remedy: 'az provider register --namespace Microsoft.AlertsManagement --wait' },
  ]);
});

test('A lock on the subscription blocks before the group exists', async () => {
  const id = `/subscriptions/${harness.ref.subscriptionId}/providers/Microsoft.Authorization/locks/keep`;
  await harness.azure.generic.send('PUT', id, '2020-05-01', { body: { properties: { level: 'CanNotDelete' } } });
  expect(await findingsOf('PF-33')).toMatchObject([
    { severity: 'blocks', remedy: expect.stringContaining(id) as string },
  ]);
  await harness.azure.generic.send('DELETE', id, '2020-05-01');
});

test('A permission whose role assignment has a condition warns instead of passing', async () => {
  const condition = "@Resource[Microsoft.Authorization/roleAssignments] StringEquals 'x'";
  await setObject('permissions:*', [
    { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] },
    { actions: ['Microsoft.Authorization/roleAssignments/write'], condition },
  ]);
  expect(await findingsOf('PF-25')).toMatchObject([
    { severity: 'warns', message: expect.stringContaining('roleAssignments/write has a condition') as string },
    { severity: 'blocks', message: 'missing permission: Microsoft.Authorization/roleDefinitions/write' },
  ]);
});

test('Each type that the region does not offer blocks, with its name', async () => {
  const provider = {
    namespace: 'Microsoft.MachineLearningServices',
    resourceTypes: [
      { resourceType: 'workspaces', locations: ['West US 2'] },
      { resourceType: 'workspaces/onlineEndpoints', locations: ['East US'] },
      { resourceType: 'virtualclusters', locations: ['East US'] },
    ],
  };
  expect(notOffered(provider, 'westus2')).toMatchObject([
    {
      severity: 'blocks',
      message: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints is not offered in westus2',
    },
  ]);
});

const usageRow = (kind: string, value: string, limit: number, id = '/subscriptions/s/…/usages') => ({
  id,
  type: `Microsoft.MachineLearningServices/${kind}/usages`,
  name: { value },
  currentValue: 0,
  limit,
});

test('Low-priority rows and rows of a workspace do not count as quota; a negative limit is none; the total counts', () => {
  const family = 'standardDSv2Family';
  const rows = [
    usageRow('lowPriorityCores', family, 0),
    usageRow('dedicatedCores', family, 2, '/subscriptions/s/…/workspaces/w/usages'),
    usageRow('dedicatedCores', family, -1),
    usageRow('dedicatedCores', 'TotalDedicatedCores', 20),
  ].filter(isDedicated);
  expect(quotaOf(rows, family)).toEqual({ used: 0, limit: Infinity });
  expect(quotaOf(rows, 'TotalDedicatedCores')).toEqual({ used: 0, limit: 20 });
});

test('D11 a patient probe extends the timeout of its deployment', () => {
  expect(extraMinutes(defaultProbe)).toBe(0);
  expect(extraMinutes({ initialDelaySeconds: 500, periodSeconds: 100, failureThreshold: 30 })).toBe(49);
});
