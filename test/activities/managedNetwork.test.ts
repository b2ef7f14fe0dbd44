import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutboundRule } from '../../src/domain/environment.ts';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import { heldMinutes } from '../../src/domain/operationTimeouts.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { attempt, createResource, failureOf, startEmulatorHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

const network = { isolation: 'managedNetwork', egressPublicNetworkAccess: 'disabled' } as const;
let harness: EmulatorHarness;
let suffixes = 0;

beforeAll(async () => {
  harness = await startEmulatorHarness();
  await untilDone(harness.activities.ensureGroup, { ref: harness.ref, tags: { environment: 'churn1' } });
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

/** A workspace with a managed network of its own, in the group that all tests share. */
async function createWorkspace(): Promise<{ own: EmulatorHarness; id: string }> {
  const own = { ...harness, ref: { ...harness.ref, suffix: `net${(suffixes += 1)}` } };
  await Promise.all(
    (['storageAccount', 'vault', 'registry', 'logAnalytics'] as const).map((key) => createResource(own, key)),
  );
  await createResource(own, 'applicationInsights');
  return { own, id: await createResource(own, 'workspace', network) };
}

interface Shown {
  properties: {
    managedNetwork: {
      isolationMode: string;
      status: { status: string };
      outboundRules: Record<string, { status: string; category: string; type: string }>;
    };
  };
}
const shown = async (id: string) =>
  ((await harness.azure.generic.send('GET', id, '2025-12-01')) as Shown).properties.managedNetwork;
const ownRules = async (id: string) =>
  Object.entries((await shown(id)).outboundRules)
    .filter(([, { category }]) => category === 'UserDefined')
    .map(([name, { status }]) => `${name} ${status}`)
    .toSorted();
const provision = ({ activities, ref }: EmulatorHarness, id: string, outboundRules: OutboundRule[] = []) =>
  untilDone(activities.provisionNetwork, { ref, id, outboundRules });
/** The requests that started an operation. */
const accepted = async (method: string, path: RegExp) =>
  (await harness.sent(method, path)).filter(({ status }) => status === 202);

const pypi: OutboundRule = { name: 'pypi', type: 'fqdn', destination: 'pypi.org' };
const monitor: OutboundRule = {
  name: 'monitor',
  type: 'serviceTag',
  serviceTag: 'AzureMonitor',
  protocol: 'TCP',
  portRanges: '80,443',
};

const targetRule = (resourceId: string): OutboundRule => ({
  name: 'data',
  type: 'privateEndpoint',
  resourceId,
  subresource: 'blob',
});

describe('The managed network', () => {
  test('of a workspace lets out what is approved only, and is written once', async () => {
    const { own, id } = await createWorkspace();
    expect(await shown(id)).toMatchObject({
      isolationMode: 'AllowOnlyApprovedOutbound',
      status: { status: 'Inactive' },
    });
    expect(await shown(id)).not.toMatchObject({ firewallSku: 'Basic' });
    const body = (egressPublicNetworkAccess: 'enabled' | 'disabled') =>
      createResource(own, 'workspace', { ...network, egressPublicNetworkAccess }, true);
    await body('disabled');
    expect(await accepted('PUT', new RegExp(`${id}$`, 'i'))).toHaveLength(1);
    // a network that lets out less never lets out more again
    await expect(body('enabled')).rejects.toThrow('cannot be changed from AllowOnlyApprovedOutbound');
  });

  test('is provisioned once, with the rules of the spec, and is Active then', async () => {
    const { own, id } = await createWorkspace();
    await untilDone(own.activities.grantApprover, { ref: own.ref });
    await provision(own, id, [pypi, monitor]);
    const { status, outboundRules } = await shown(id);
    expect(status.status).toBe('Active');
    expect(new Set(Object.values(outboundRules).map((rule) => rule.status))).toEqual(new Set(['Active']));
    expect(await ownRules(id)).toEqual(['monitor Active', 'pypi Active']);
    const requests = async () => [
      ...(await accepted('PUT', new RegExp(`${id}/outboundRules/`, 'i'))),
      ...(await accepted('POST', new RegExp(`${id}/provisionManagedNetwork`, 'i'))),
    ];
    expect(await requests()).toHaveLength(3);
    await provision(own, id, [pypi, monitor]);
    expect(await requests()).toHaveLength(3);
  });

  test('gets other rules one at a time, and loses those that the spec does not have', async () => {
    const { own, id } = await createWorkspace();
    await provision(own, id, [pypi]);
    const other: OutboundRule = { ...pypi, destination: 'files.pythonhosted.org' };
    await provision(own, id, [other, monitor]);
    expect(await ownRules(id)).toEqual(['monitor Active', 'pypi Active']);
    expect((await shown(id)).outboundRules['pypi']).toMatchObject({ destination: 'files.pythonhosted.org' });
    await provision(own, id);
    expect(await ownRules(id)).toEqual([]);
    const refused = (await harness.sent('PUT', new RegExp(`${id}/outboundRules/`, 'i'))).filter(
      (one) => one.status >= 400,
    );
    expect(refused).toEqual([]);
  });

  test('whose worker was killed while it was provisioned is provisioned only once', async () => {
    const { own, id } = await createWorkspace();
    const input = { ref: own.ref, id, outboundRules: [pypi] };
    // each attempt is the last of its worker: nothing is passed on
    for (let killed = 0; killed < 4; killed++)
      await failureOf(attempt(own.activities.provisionNetwork, input)).catch(() => undefined);
    await provision(own, id, [pypi]);
    expect(await accepted('POST', new RegExp(`${id}/provisionManagedNetwork`, 'i'))).toHaveLength(1);
    expect(await accepted('PUT', new RegExp(`${id}/outboundRules/`, 'i'))).toHaveLength(1);
  });

  test('that Azure could not provision is provisioned again', async () => {
    const { own, id } = await createWorkspace();
    await harness.control('POST', 'faults', {
      match: { method: 'POST', action: 'provisionManagedNetwork' },
      times: 1,
      effect: { failOperation: { code: 'InternalServerError', message: 'Azure had an error' } },
    });
    await provision(own, id);
    expect((await shown(id)).status.status).toBe('Active');
    expect(await accepted('POST', new RegExp(`${id}/provisionManagedNetwork`, 'i'))).toHaveLength(2);
  });

  test('goes with its workspace: the deletion ends when its private endpoints have left their targets', async () => {
    const { own, id } = await createWorkspace();
    await provision(own, id);
    const account = plannedResource(own.ref, 'storageAccount').id;
    const connections = async () =>
      (
        (await harness.azure.generic.send('GET', account, '2024-01-01')) as {
          properties: { privateEndpointConnections: object[] };
        }
      ).properties.privateEndpointConnections;
    expect(await connections()).toHaveLength(2);
    await harness.control('PUT', 'objects/networkDisconnectSeconds', { value: 1000 });
    expect(await untilDone(own.activities.deleteResource, { ref: own.ref, id })).toEqual({ accepted: true });
    expect(await connections()).toEqual([]);
  });

  test('takes no deployment before it is Active: the failure may be repeated, and has the command', async () => {
    const { own, id } = await createWorkspace();
    await createResource(own, 'onlineEndpoint');
    const versions = {
      codeId: `${id}/codes/c/versions/1`,
      modelId: `${id}/models/m/versions/1`,
      environmentId: `${id}/environments/e/versions/1`,
    };
    const spec = { ...specDefaults, ...network, versions, format: 'custom' } as const;
    const begin = () =>
      attempt(own.activities.beginResource, {
        ref: own.ref,
        key: 'deployment',
        readFirst: false,
        options: spec,
      } as const);
    const { id: deploymentId, token } = await begin();
    const { detail, retryHint } = await failureOf(
      untilDone(own.activities.observeResource, { id: deploymentId, token }),
    );
    expect([detail.type, detail.code]).toEqual(['NotYetConsistent', 'WorkspaceManagedNetworkNotReady']);
    expect(detail.remedy).toContain('az ml workspace provision-network');
    expect(retryHint?.retry).toBe(true);
  });

  test('holds its workspace while it is provisioned: the deletion waits', async () => {
    const { own, id } = await createWorkspace();
    const match = { method: 'POST', action: 'provisionManagedNetwork' };
    await harness.control('POST', 'faults', { match, effect: { hangOperation: true } });
    await failureOf(attempt(own.activities.provisionNetwork, { ref: own.ref, id, outboundRules: [] }));
    expect((await failureOf(attempt(own.activities.deleteResource, { ref: own.ref, id }))).type).toBe('Busy');
    await harness.control('DELETE', 'faults');
    expect(await untilDone(own.activities.deleteResource, { ref: own.ref, id })).toEqual({ accepted: true });
    expect(heldMinutes(id)).toBeGreaterThan(90);
    expect(heldMinutes(plannedResource(own.ref, 'vault').id)).toBe(30);
  });

  test('under a lock fails with the command that deletes the lock', async () => {
    const { own, id } = await createWorkspace();
    const lock = `${id}/providers/Microsoft.Authorization/locks/keep`;
    await harness.azure.generic.send('PUT', lock, '2020-05-01', { body: { properties: { level: 'ReadOnly' } } });
    const { type, detail } = await failureOf(provision(own, id));
    expect(type).toBe('Blocked');
    expect(detail.remedy).toContain('az lock delete');
  });
});

describe('A rule about a further target', () => {
  test('comes into force by the role of the workspace’s identity', async () => {
    const { own, id } = await createWorkspace();
    const target = plannedResource({ ...own.ref, suffix: 'net1' }, 'storageAccount').id;
    await untilDone(own.activities.grantApprover, { ref: own.ref });
    await untilDone(own.activities.grantApprover, { ref: own.ref });
    await provision(own, id, [targetRule(target)]);
    expect(await ownRules(id)).toEqual(['data Active']);
  });

  test('that lies in another group is approved there, by a role that goes with the environment', async () => {
    const { own, id } = await createWorkspace();
    const group = `/subscriptions/${own.ref.subscriptionId}/resourceGroups/rg-data`;
    const account = `${group}/providers/Microsoft.Storage/storageAccounts/stdata1`;
    const { generic } = harness.azure;
    const { location } = own.ref;
    await generic.send('PUT', group, '2021-04-01', { body: { location } });
    const body = { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} };
    await generic.send('PUT', account, '2024-01-01', { body });
    await untilDone(own.activities.grantApprover, { ref: own.ref, outboundRules: [targetRule(account)] });
    await provision(own, id, [targetRule(account)]);
    expect(await ownRules(id)).toEqual(['data Active']);
    const granted = (await attempt(own.activities.listRoles, { ref: own.ref })).ids.filter((one) =>
      one.startsWith(account),
    );
    expect(granted).toHaveLength(1);
    await attempt(own.activities.revokeRoles, { ref: own.ref });
    expect((await attempt(own.activities.listRoles, { ref: own.ref })).ids).not.toContain(granted[0]);
  });

  test('is Failed without it, and the failure has the command that grants it', async () => {
    const { own, id } = await createWorkspace();
    const target = plannedResource({ ...own.ref, suffix: 'net1' }, 'storageAccount').id;
    const { type, detail } = await failureOf(provision(own, id, [targetRule(target)]));
    expect([type, detail.code]).toEqual(['Forbidden', 'OutboundRuleFailed']);
    expect(detail.message).toContain('outbound rule data is Failed');
    expect(detail.remedy).toContain(
      `--role "Azure AI Enterprise Network Connection Approver" --scope ${target}; then POST the environment again`,
    );
    await untilDone(own.activities.grantApprover, { ref: own.ref });
    await provision(own, id, [targetRule(target)]);
    expect(await ownRules(id)).toEqual(['data Active']);
  });
});
