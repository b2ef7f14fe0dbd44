import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blobDatastore } from '../../src/activities/resources/blobDatastore.ts';
import { plannedResource, resourceName } from '../../src/domain/resources.ts';
import {
  activityEnvironment,
  attempt,
  failureOf,
  startProvisionedHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startProvisionedHarness();
}, 60_000);
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const storageId = () => plannedResource(harness.ref, 'storageAccount').id;
const egress = 'Egress for Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const connection = (status: string, description = egress) => ({
  id: `${storageId()}/privateEndpointConnections/mlw.e.blue`,
  name: 'mlw.e.blue',
  properties: {
    privateEndpoint: { id: '/subscriptions/2/resourceGroups/managed/providers/Microsoft.Network/privateEndpoints/x' },
    privateLinkServiceConnectionState: { status, description },
  },
});
/** ARM answers the next reads of the storage account with these connections. */
const withConnections = (...privateEndpointConnections: object[]) => {
  const properties = { provisioningState: 'Succeeded', privateEndpointConnections };
  const body = { id: storageId(), name: resourceName(harness.ref, 'storageAccount'), location: 'westus2', properties };
  return harness.control('POST', 'faults', {
    match: { method: 'GET', id: storageId() },
    times: null,
    effect: { status: 200, body },
  });
};

const check = (info: object = {}) => attempt(harness.activities.checkEgressConnections, { ref: harness.ref }, info);
const released = () => attempt(harness.activities.observeEgressConnections, { ref: harness.ref });
const missing = () =>
  harness.control('POST', 'faults', {
    match: { method: 'GET', id: 'datastores/workspaceblobstore' },
    times: null,
    effect: { status: 404, code: 'UserError', message: 'Could not find datastore' },
  });
const read = (n: number) => activityEnvironment({ attempt: n }).run(() => blobDatastore(harness.azure, harness.ref));

describe('The managed connections of a deployment', () => {
  test.each(['Pending', 'Rejected'])('that are %s are waited for, then named with the command', async (status) => {
    await withConnections(connection(status));
    expect(await failureOf(check())).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    const failure = await failureOf(check({ heartbeatDetails: { attempts: { NotYetConsistent: 59 } } }));
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toContain(`privateEndpointConnections/mlw.e.blue is ${status}`);
    expect(failure.detail.remedy).toContain(
      `az network private-endpoint-connection approve --id ${storageId()}/privateEndpointConnections/mlw.e.blue`,
    );
  });

  test('that are approved pass', async () => {
    await withConnections(connection('Approved'));
    await check();
  });

  test.each([
    ['Approved', egress, true],
    ['Pending', egress, true],
    ['Disconnected', egress, false],
    ['Approved', 'of another team', false],
  ])('in state %s, described "%s", hold the teardown: %s', async (status, description, holds) => {
    await withConnections(connection(status, description));
    if (holds) expect(await failureOf(released())).toMatchObject({ type: 'InProgress' });
    else await released();
  });
});

describe('A default datastore that Azure never creates', () => {
  test('is waited for, then replaced by one of Moat’s own in the same account, which is used from then on', async () => {
    await missing();
    expect(await failureOf(read(1))).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    expect(await failureOf(read(24))).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    const own = { name: 'moatblobstore', account: resourceName(harness.ref, 'storageAccount'), container: 'moat' };
    expect(await read(25)).toEqual(own);
    expect(await read(1)).toEqual(own);
    const [put] = await harness.sent('PUT', /datastores\/moatblobstore$/);
    expect(put?.body).toMatchObject({ properties: { credentials: { credentialsType: 'None' } } });
    expect(await harness.sent('PUT', /blobServices\/default\/containers\/moat$/)).toHaveLength(1);
    const image = 'crk3x9a0q7.azurecr.io/moat/custom';
    const uploaded = { image: `${image}@sha256:1`, tag: `${image}:1`, codePath: 'c', modelPath: 'm' };
    await untilDone(harness.activities.registerVersions, { ref: harness.ref, uploaded, format: 'custom' });
    const [model] = await harness.sent('PUT', /\/models\/[^/]+\/versions\//);
    expect(JSON.stringify(model?.body)).toContain('/datastores/moatblobstore/paths/m');
  });
});

test('D09 a deployment that stays Creating for an hour is Stuck, with since when and the correlation id', async () => {
  const { id } = plannedResource(harness.ref, 'deployment');
  const body = {
    id,
    name: 'blue',
    location: 'westus2',
    properties: { endpointComputeType: 'Managed', provisioningState: 'Creating' },
  };
  await harness.control('POST', 'faults', { match: { method: 'GET', id }, times: null, effect: { status: 200, body } });
  const poll = (busyMs: number) =>
    failureOf(
      attempt(
        harness.activities.observeResource,
        { id, token: null },
        {
          heartbeatDetails: { attempts: {}, busySince: Date.now() - busyMs },
          workflowExecution: { workflowId: 'provision', runId: '00000000-0000-4000-8000-00000000000b' },
        },
      ),
    );
  const waiting = await poll(30_000);
  expect(waiting).toMatchObject({ type: 'InProgress', nonRetryable: false });
  expect(waiting.message).toMatch(/^online deployment .*blue: Creating, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const stuck = await poll(61_000);
  expect(stuck).toMatchObject({ type: 'Stuck', nonRetryable: true });
  expect(stuck.message).toContain('not finished within 60 minutes of Azure’s time');
  expect(stuck.detail.correlationId).toBe('00000000-0000-4000-8000-00000000000b');
  expect(stuck.detail.remedy).toContain(`az resource delete --ids ${id}`);
});
