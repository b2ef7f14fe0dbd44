import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import { attempt, failureOf, startEmulatorHarness, untilDone } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { reports } from './armReports.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  const { activities, ref } = harness;
  await untilDone(activities.ensureGroup, { ref, tags: { environment: ref.name, owner: 'ana', spec: 'h1' } });
});
afterEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const fault = (match: object, effect: object) => harness.control('POST', 'faults', { match, effect });

/** Ends the creation of the environment's public address with an error, as the deployment's would end. */
async function endWith(error: object) {
  const { activities, ref } = harness;
  await fault({ method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' }, { failOperation: error });
  const input = { ref, key: 'natAddress', readFirst: false, options: {} } as const;
  const { id, token } = await untilDone(activities.beginResource, input);
  return failureOf(untilDone(activities.observeResource, { id, token }));
}

test.each(['D02', 'D02absent', 'D03'] as const)(
  '%s an operation that ends so is DeploymentUnhealthy and not repeated',
  async (name) => {
    const { type, nonRetryable, retryHint, detail } = await endWith(reports[name].error);
    expect([type, nonRetryable, retryHint]).toEqual(['DeploymentUnhealthy', true, undefined]);
    expect(detail.message).toContain('User container has crashed');
  },
);

test('A06 an operation that ends because the storage account is busy is repeated, without counting', async () => {
  const { type, retryHint } = await endWith(reports.A06.error);
  expect(type).toBe('Busy');
  expect(retryHint).toMatchObject({ retry: true, blockedByOperation: true });
});

test('A15 an operation that ends for a missing role is repeated 20 times and then Forbidden', async () => {
  const { retryHint } = await endWith(reports.A15.error);
  expect(retryHint).toMatchObject({ retry: true, limit: { attempts: 20, type: 'Forbidden' } });
});

test('D01 a refused deployment has the numbers of its quota in message and remedy', async () => {
  const { activities, ref } = harness;
  const { status, error } = reports.D01;
  await fault({ method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' }, { status, body: { error } });
  const input = { ref, key: 'natAddress', readFirst: false, options: {} } as const;
  const { type, nonRetryable, detail } = await failureOf(attempt(activities.beginResource, input));
  expect([type, nonRetryable]).toEqual(['Quota', true]);
  expect(detail.message).toContain('Current usage/limit: 0/6. Additional needed: 8');
  expect(detail.remedy).toMatch(/^Standard_DS3_v2 has a limit of 6 cores/);
});

test('D02 the log of the container that starts first is read where the other has none; secrets are removed', async () => {
  const { activities, ref } = harness;
  const content = 'downloading https://stx.blob.core.windows.net/c/m.pkl?sig=abc\nPermissionError: model';
  const match = { method: 'POST', id: 'deployments/blue/getLogs' };
  await fault(match, { status: 200, body: { content: '' } });
  await fault(match, { status: 200, body: { content } });
  const { log } = await untilDone(activities.readContainerLog, { ref });
  expect(log).toBe('downloading https://stx.blob.core.windows.net/c/m.pkl\nPermissionError: model');
});

test('D02 a deployment that does not exist has no log', async () => {
  const { activities, ref } = harness;
  expect(await untilDone(activities.readContainerLog, { ref })).toEqual({ log: null });
});

test.each([
  [false, 'LinkNotDeletable'],
  [true, 'InUse'],
])('T03 a service association link with allowDelete %s blocks the deletion with code %s', async (allowDelete, code) => {
  const { activities, ref } = harness;
  const { id } = plannedResource(ref, 'virtualNetwork');
  const subnet = `${id}/subnets/snet-scoring`;
  const link = `${subnet}/serviceAssociationLinks/AppServiceLink`;
  const message = `Subnet snet-scoring is in use by ${link} and cannot be deleted.`;
  await fault({ method: 'DELETE', id }, { status: 400, code: 'InUseSubnetCannotBeDeleted', message });
  const properties = { serviceAssociationLinks: [{ id: link, name: 'AppServiceLink', properties: { allowDelete } }] };
  await fault({ method: 'GET', id: subnet }, { status: 200, body: { id: subnet, name: 'snet-scoring', properties } });
  const failure = await failureOf(attempt(activities.beginDeletion, { ref, id, readFirst: false }));
  expect(failure.detail).toMatchObject({ type: 'Blocked', code });
});

test('D07 a resource that is not visible after its creation leads to no second PUT', async () => {
  const { activities, ref } = harness;
  await harness.control('DELETE', 'requests');
  const input = { ref, key: 'networkSecurityGroup', readFirst: false, options: {} } as const;
  const { id, token } = await untilDone(activities.beginResource, input);
  const { status, error } = reports.D07;
  const match = { method: 'GET', type: 'Microsoft.Network/networkSecurityGroups' };
  await harness.control('POST', 'faults', { match, times: 1000, effect: { status, body: { error } } });
  for (const known of [token, null]) {
    const poll = () => failureOf(attempt(activities.observeResource, { id, token: known }));
    let unseen = await poll();
    while (unseen.type === 'InProgress') unseen = await poll();
    expect([unseen.type, unseen.nonRetryable]).toEqual(['NotYetConsistent', false]);
  }
  expect(await harness.sent('PUT', /networkSecurityGroups/)).toHaveLength(1);
});
