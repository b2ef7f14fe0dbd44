import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { RunEvidence, RunRecord } from '../../src/domain/environment.ts';
import { plannedRepairs } from '../../src/domain/repairs.ts';
import { ana, startDriftHarness, unplannedAddress } from './driftHarness.ts';
import type { DriftHarness } from './driftHarness.ts';

let drift: DriftHarness;
beforeAll(async () => {
  drift = await startDriftHarness(inject('temporal').address, 'drift');
}, 120_000);
afterAll(() => drift.close());

const openStorage = () =>
  drift.byHand('PATCH', drift.idOf('storageAccount'), '2023-05-01', {
    properties: {
      publicNetworkAccess: 'Enabled',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [{ value: '203.0.113.7' }] },
    },
  });

const receiptOf = ({ receipt }: RunRecord) => receipt as Required<RunEvidence>;
const putsOf = async (key: 'storageAccount' | 'onlineEndpoint'): Promise<number> =>
  (await drift.emulator.sent('PUT', new RegExp(`${drift.idOf(key)}$`, 'i'))).length;

async function storage() {
  let properties: Record<string, unknown> = {};
  await drift.mutate((cloud) => (properties = cloud.of('storageAccount')));
  return properties;
}

test('what was opened by hand is closed again, and the receipt names who opened it and when', async () => {
  await drift.begin('repair');
  const before = new Date().toISOString();
  await openStorage();
  const { run, environment } = await drift.verify();
  expect(run).toMatchObject({ outcome: 'succeeded', failure: null });
  expect(environment).toMatchObject({ state: 'ready', proof: { complete: true } });
  expect(await storage()).toMatchObject({
    publicNetworkAccess: 'Disabled',
    networkAcls: { defaultAction: 'Deny', ipRules: [] },
  });
  const { repairs, proof } = receiptOf(run);
  expect(repairs.map(({ check }) => check)).toEqual([
    'public network access of the storage account',
    'network rules of the storage account',
  ]);
  for (const { resource, action, changedBy, reason, at } of repairs) {
    expect({ resource, action, reason }).toEqual({
      resource: drift.idOf('storageAccount'),
      action: 'written',
      reason: null,
    });
    expect(changedBy).toMatchObject({ caller: ana, operation: 'Microsoft.Storage/storageAccounts/write' });
    expect(changedBy!.at > before && changedBy!.at < at && at < proof.at).toBe(true);
  }
  expect(proof.changes).toContainEqual({ check: repairs[0]!.check, from: 'arm', before: 'failed', after: 'passed' });
  expect(await drift.published(2)).toEqual(['environment.isolation-broken', 'environment.isolation-restored']);
});

test('it stays open where the spec says report', async () => {
  await drift.begin('report');
  await openStorage();
  const { run } = await drift.verify();
  expect(run).toMatchObject({ outcome: 'failed', failure: { type: 'IsolationBroken' }, receipt: { repairs: [] } });
  expect(run.failure!.message).toMatch(
    /network rules of the storage account: last changed by ana@example.com at 20.* \(Microsoft.Storage\/storageAccounts\/write\)$/,
  );
  expect(await storage()).toMatchObject({ publicNetworkAccess: 'Enabled' });

  // every row from ARM that fails can be repaired, but for these
  const rows = receiptOf(run).proof.rows.filter(({ from }) => from === 'arm');
  const failed = rows.map((row) => ({
    ...row,
    verdict: 'failed' as const,
    observed: `anas on nic-${drift.emulator.ref.suffix}`,
  }));
  const repaired = new Set(plannedRepairs(drift.emulator.ref, failed).map(({ check }) => check));
  expect(rows.map(({ check }) => check).filter((check) => !repaired.has(check))).toEqual([
    'egress of the deployments',
    'private endpoint connections of the workspace',
    'private endpoint connections of the storage account',
    'private endpoint connections of the key vault',
    'private endpoint connections of the container registry',
    'managed connections of the deployments',
    'security group and gateway of the subnet snet-scoring',
  ]);
  const gone = failed.map((row) => ({ ...row, observed: 'does not exist' }));
  const created = plannedRepairs(drift.emulator.ref, gone).map(({ key }) => key);
  expect(created.filter((key) => !key.startsWith('zoneLink:'))).toEqual([]);
});

const network = '2024-05-01';
const blobZone = 'privatelink.blob.core.windows.net';

async function attachPublicAddress(): Promise<void> {
  const location = 'westus2';
  await drift.byHand('PUT', unplannedAddress.replace(/\/providers.*/, ''), '2022-09-01', { location });
  const address = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
  await drift.byHand('PUT', unplannedAddress, network, address);
  const subnet = { id: `${drift.idOf('virtualNetwork')}/subnets/snet-scoring` };
  const properties = { subnet, publicIPAddress: { id: unplannedAddress } };
  await drift.byHand('PUT', drift.idOf('networkInterface'), network, {
    location,
    properties: { ipConfigurations: [{ name: 'ipconfig1', properties }] },
  });
}

const allowAll = {
  properties: {
    priority: 300,
    direction: 'Outbound',
    access: 'Allow',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  },
};

// the emulator forgets its activity log when its state is replaced: what is changed by hand comes last
test('rules, addresses, links, records and the services are closed in one run', async () => {
  await drift.begin('repair');
  await drift.mutate((cloud) => {
    const rules = `${cloud.id('networkSecurityGroup')}/securityRules`;
    cloud.remove(`${rules}/DenyInternet`);
    cloud.copy(`${rules}/AzureResourceManager`, `${rules}/AllowInternetWhileBuilding`, { priority: 301 });
    cloud.records(blobZone)[0]!.properties['aRecords'] = [{ ipv4Address: '192.168.0.250' }];
    cloud.of('zoneLink:privatelink.azurecr.io')['virtualNetwork'].id += '-other';
    cloud.of('vault')['networkAcls'].ipRules = [{ value: '203.0.113.7/32' }];
    cloud.of('registry')['networkRuleSet'].ipRules = [{ action: 'Allow', value: '203.0.113.7' }];
    for (const key of ['vault', 'registry', 'workspace', 'onlineEndpoint'] as const)
      cloud.of(key)['publicNetworkAccess'] = 'Enabled';
  });
  await attachPublicAddress();
  await drift.byHand('PUT', `${drift.idOf('networkSecurityGroup')}/securityRules/AllowAll`, network, allowAll);
  await drift.byHand('DELETE', drift.idOf(`zoneLink:${blobZone}`), '2020-06-01');
  const { run } = await drift.verify();
  const { repairs, proof } = receiptOf(run);
  expect(proof.rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(run.outcome).toBe('succeeded');
  expect(await drift.published(2)).toHaveLength(2);
  const callers = Object.fromEntries(repairs.map(({ check, changedBy }) => [check, changedBy?.caller ?? null]));
  expect(callers).toEqual({
    'public network access of the workspace': null,
    'public network access of the key vault': null,
    'public network access of the container registry': null,
    'public network access of the online endpoint': null,
    'network rules of the key vault': null,
    'network rules of the container registry': null,
    [`DNS records in ${blobZone}`]: null,
    [`virtual network link of ${blobZone}`]: ana,
    'virtual network link of privatelink.azurecr.io': null,
    'rules of the network security group': ana,
    'outbound Internet rule of the image build': null,
    'public IP addresses': ana,
  });
  const unknown = repairs.find(({ check }) => check === 'public network access of the workspace');
  expect(unknown?.reason).toMatch(/^the activity log shows no change since 20/);
  expect(repairs.filter(({ action }) => action === 'deleted').map(({ check }) => check)).toEqual([
    'outbound Internet rule of the image build',
  ]);
  let traffic: unknown;
  await drift.mutate((cloud) => (traffic = cloud.of('onlineEndpoint')['traffic']));
  expect(traffic).toEqual({ blue: 100 });
});

test('what Azure cannot change fails the run with its remedy; the rest is closed nevertheless', async () => {
  await drift.begin('repair');
  await drift.mutate((cloud) => {
    cloud.of('onlineEndpoint')['publicNetworkAccess'] = 'Enabled';
    cloud.of('deployment')['egressPublicNetworkAccess'] = 'Enabled';
    cloud.state.objects[`connections:${cloud.id('storageAccount').toLowerCase()}`] = [{ status: 'Approved' }];
  });
  const { run, environment } = await drift.verify();
  expect(run).toMatchObject({ outcome: 'failed', failure: { type: 'IsolationBroken', step: 'verify' } });
  expect(run.failure!.message).toMatch(
    /^private endpoint connections of the storage account: .*\negress of the|^egress of/m,
  );
  expect(run.failure!.remedy).toContain('Azure fixes the flag when a deployment is created');
  expect(run.failure!.remedy).toContain('az network private-endpoint-connection reject');
  expect(receiptOf(run).repairs.map(({ check }) => check)).toEqual(['public network access of the online endpoint']);
  const access = environment.proof!.rows.find(({ check }) => check === 'public network access of the online endpoint');
  expect(access!.verdict).toBe('passed');
  expect(await drift.published(1)).toEqual(['environment.isolation-broken']);
});

test('a group whose seal does not verify is not changed', async () => {
  await drift.begin('repair');
  await openStorage();
  const group = drift.idOf('storageAccount').replace(/\/providers.*/, '');
  const tags = { operation: 'Merge', properties: { tags: { 'moat-seal': '0'.repeat(64) } } };
  await drift.byHand('PATCH', `${group}/providers/Microsoft.Resources/tags/default`, '2021-04-01', tags);
  const before = await putsOf('storageAccount');
  const { run } = await drift.verify();
  expect(await putsOf('storageAccount')).toBe(before);
  expect(await storage()).toMatchObject({ publicNetworkAccess: 'Enabled' });
  expect(receiptOf(run).repairs).toEqual([]);
  expect(run).toMatchObject({ outcome: 'failed', failure: { type: 'IsolationBroken' } });
  expect(run.failure!.message).toContain(
    'not repaired: public network access of the storage account, network rules of the storage account: resource group',
  );
  expect(run.failure!.remedy).toContain('restore MOAT_SEAL_KEY');
});

test('an activity log that cannot be read prevents no repair', async () => {
  await drift.begin('repair');
  await openStorage();
  await drift.emulator.control('POST', 'faults', {
    match: { method: 'GET', id: 'eventtypes' },
    effect: { status: 403, code: 'AuthorizationFailed', message: 'no access' },
  });
  const { run } = await drift.verify();
  await drift.emulator.control('DELETE', 'faults');
  expect(run.outcome).toBe('succeeded');
  for (const { changedBy, reason } of receiptOf(run).repairs)
    expect({ changedBy, reason }).toEqual({
      changedBy: null,
      reason: 'the activity log could not be read: AuthorizationFailed: no access',
    });
});

test('a service that still answers for a while after it was closed is proved again', async () => {
  await drift.begin('repair');
  await openStorage();
  drift.delayed.proofs = 3;
  const { run } = await drift.verify();
  expect(run.outcome).toBe('succeeded');
  expect(drift.delayed.proofs).toBeLessThan(0);
});
