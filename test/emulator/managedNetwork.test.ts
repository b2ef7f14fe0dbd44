import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure, workspaceBody } from './servicesHarness.ts';

let azure: Azure;
beforeAll(async () => {
  azure = await Azure.start();
});
afterAll(() => azure.stop());

const approved = { managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' }, publicNetworkAccess: 'Disabled' };
const fqdn = { properties: { type: 'FQDN', category: 'UserDefined', destination: 'pypi.org' } };
const approver = 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea';

interface Rule {
  name: string;
  properties: JsonObject & { status: string; category: string; type: string };
}

const rulesOf = async (id: string): Promise<Rule[]> =>
  (await azure.send('get', `${id}/outboundRules`)).body['value'] as unknown as Rule[];
const ruleStates = async (id: string): Promise<string[]> => [
  ...new Set((await rulesOf(id)).map(({ properties }) => properties.status)),
];
const networkOf = async (id: string): Promise<JsonObject & { status: { status: string } }> => {
  const { properties } = (await azure.send('get', id)).body as { properties: JsonObject };
  return properties['managedNetwork'] as JsonObject & { status: { status: string } };
};
const provision = (id: string) => azure.send('post', `${id}/provisionManagedNetwork`, { includeSpark: false });

/** Lets the operations end that were hung. */
const release = () => azure.send('delete', '/_emulator/faults');

/** Sends `request` until it is accepted. */
async function untilAccepted(request: () => ReturnType<Azure['send']>) {
  for (;;) {
    const answer = await request();
    if (answer.status !== 409) return answer;
  }
}

async function untilActive(id: string): Promise<void> {
  while ((await networkOf(id)).status.status !== 'Active');
}

async function untilRule(id: string, ...states: string[]): Promise<Rule['properties']> {
  for (;;) {
    const { properties } = (await azure.send('get', id)).body as unknown as Rule;
    if (states.includes(properties.status)) return properties;
  }
}

/** The private endpoints of others that a resource has connections from. */
async function foreignEndpoints(target: string): Promise<string[]> {
  const { properties } = (await azure.send('get', target)).body as { properties: JsonObject };
  const listed = (properties['privateEndpointConnections'] ?? []) as {
    properties: { privateEndpoint: { id: string }; privateLinkServiceConnectionState: { status: string } };
  }[];
  return listed.map(
    ({ properties: { privateEndpoint, privateLinkServiceConnectionState: state } }) =>
      `${privateEndpoint.id.split('/').pop()!.split('_').slice(0, -1).join('_')} ${state.status}`,
  );
}

describe('the managed network of a workspace', () => {
  it('has its system rules, inactive, and none of its connections before it is provisioned', async () => {
    const id = await azure.workspace('rg-mn-a', 'mnaaaa', approved);
    const names = (await rulesOf(id)).map(({ name }) => name.replace(/_[0-9a-f]{8}$/, '')).toSorted();
    expect(names).toEqual(
      [
        '__SYS_PE_crmnaaaa_registry',
        '__SYS_PE_kvmnaaaa_vault',
        '__SYS_PE_mlw-mnaaaa_amlworkspace',
        '__SYS_PE_stmnaaaa_blob',
        '__SYS_PE_stmnaaaa_file',
        '__SYS_ST_AzureActiveDirectory_TCP',
        '__SYS_ST_AzureFrontDoor.FirstParty',
        '__SYS_ST_AzureMachineLearning_TCP',
        '__SYS_ST_AzureMachineLearning_UDP',
        '__SYS_ST_AzureMonitor_TCP',
        '__SYS_ST_AzureResourceManager_TCP',
        '__SYS_ST_BatchNodeManagement_TCP',
        '__SYS_ST_MicrosoftContainerRegistry.westus2_TCP',
        '__SYS_ST_VirtualNetwork',
      ].toSorted(),
    );
    expect(await ruleStates(id)).toEqual(['Inactive']);
    expect(await networkOf(id)).toMatchObject({ status: { status: 'Inactive', sparkReady: false } });
    expect(
      await foreignEndpoints(`${azure.groupId('rg-mn-a')}/providers/Microsoft.Storage/storageAccounts/stmnaaaa`),
    ).toEqual([]);
  });

  it('is provisioned by a POST with a body, which connects it to the targets of its rules', async () => {
    const id = await azure.workspace('rg-mn-b', 'mnbbbb', approved);
    const empty = await azure.send('post', `${id}/provisionManagedNetwork`);
    expect(empty).toMatchObject({ status: 400, message: 'Request body could not be read' });
    await azure.hang('POST', `${id}/provisionManagedNetwork`);
    expect((await provision(id)).status).toBe(202);
    expect((await provision(id)).status).toBe(409);
    expect((await azure.send('put', `${id}/outboundRules/pypi`, fqdn)).status).toBe(409);
    expect((await azure.send('delete', id)).status).toBe(409);
    await release();
    await untilActive(id);
    expect(await ruleStates(id)).toEqual(['Active']);
    const target = (path: string) => `${azure.groupId('rg-mn-b')}/providers/Microsoft.${path}`;
    expect(await foreignEndpoints(target('Storage/storageAccounts/stmnbbbb'))).toEqual([
      '__SYS_PE_stmnbbbb_blob Approved',
      '__SYS_PE_stmnbbbb_file Approved',
    ]);
    expect(await foreignEndpoints(target('KeyVault/vaults/kvmnbbbb'))).toEqual(['__SYS_PE_kvmnbbbb_vault Approved']);
    expect(await foreignEndpoints(target('ContainerRegistry/registries/crmnbbbb'))).toEqual([
      '__SYS_PE_crmnbbbb_registry Approved',
    ]);
    expect(await foreignEndpoints(id)).toEqual(['__SYS_PE_mlw-mnbbbb_amlworkspace Approved']);
    expect(await provision(id)).toMatchObject({ status: 200, body: { status: 'Active', sparkReady: false } });

    // its deletion takes the connections along, some time later
    await azure.send('delete', id, undefined, { forceToPurge: 'true' });
    await azure.untilDeleted(id);
    while ((await foreignEndpoints(target('KeyVault/vaults/kvmnbbbb'))).length > 0);
  });

  it('is not provisioned under a lock, with computes, or where there is none', async () => {
    const id = await azure.workspace('rg-mn-c', 'mncccc', approved);
    const lock = `${id}/providers/Microsoft.Authorization/locks/keep`;
    await azure.send('put', lock, { properties: { level: 'ReadOnly' } });
    expect(await provision(id)).toMatchObject({ status: 409, code: 'ScopeLocked' });
    await azure.send('delete', lock);
    await azure.object(`computes:${id.toLowerCase()}`, ['cpu']);
    expect((await provision(id)).message).toContain('computes');
    expect((await provision(await azure.workspace('rg-mn-d', 'mndddd'))).message).toContain('no managed network');
  });

  it('is never less strict than it was, and keeps its rules when the workspace is written again', async () => {
    const id = await azure.workspace('rg-mn-e', 'mneeee', {
      managedNetwork: { isolationMode: 'AllowInternetOutbound' },
    });
    expect((await rulesOf(id)).map(({ properties }) => properties.type)).not.toContain('ServiceTag');
    await azure.send('patch', id, { properties: approved });
    const names = (await rulesOf(id)).map(({ name }) => name);
    expect(names).toHaveLength(14);
    for (const isolationMode of ['AllowInternetOutbound', 'Disabled']) {
      const downgrade = await azure.send('patch', id, { properties: { managedNetwork: { isolationMode } } });
      expect(downgrade).toMatchObject({ status: 400, code: 'ValidationError' });
    }
    const part = (path: string) => `${azure.groupId('rg-mn-e')}/providers/Microsoft.${path}`;
    const on = {
      storage: part('Storage/storageAccounts/stmneeee'),
      vault: part('KeyVault/vaults/kvmneeee'),
      registry: part('ContainerRegistry/registries/crmneeee'),
      insights: part('Insights/components/appi-mneeee'),
    };
    const { managedNetwork } = approved;
    const outboundRules = { pypi: fqdn.properties };
    await azure.putResource(
      id,
      workspaceBody(on, { ...approved, managedNetwork: { ...managedNetwork, outboundRules } }),
    );
    expect((await rulesOf(id)).map(({ name }) => name).toSorted()).toEqual([...names, 'pypi'].toSorted());
    await azure.putResource(id, workspaceBody(on, approved));
    expect(await rulesOf(id)).toHaveLength(15);
  });
});

describe('an outbound rule', () => {
  let id: string;
  beforeAll(async () => {
    id = await azure.workspace('rg-mn-r', 'mnrrrr', approved);
    await provision(id);
    await untilActive(id);
  });

  it('about a name makes a firewall, whose address the network then has', async () => {
    expect(await networkOf(id)).not.toHaveProperty('firewallPublicIpAddress');
    await azure.hang('PUT', `${id}/outboundRules/pypi`);
    expect((await azure.send('put', `${id}/outboundRules/pypi`, fqdn)).status).toBe(202);
    expect((await azure.send('put', `${id}/outboundRules/conda`, fqdn)).status).toBe(409);
    expect(await untilRule(`${id}/outboundRules/pypi`, 'Provisioning')).toMatchObject({ destination: 'pypi.org' });
    await release();
    await untilRule(`${id}/outboundRules/pypi`, 'Active');
    expect(await networkOf(id)).toMatchObject({ firewallPublicIpAddress: expect.stringMatching(/^\d+(\.\d+){3}$/) });
    expect((await azure.send('delete', `${id}/outboundRules/pypi`)).status).toBe(202);
    await azure.untilDeleted(`${id}/outboundRules/pypi`);
    expect(await networkOf(id)).not.toHaveProperty('firewallPublicIpAddress');
  });

  it('about a further target fails until the workspace’s identity may approve connections there', async () => {
    const account = `${azure.groupId('rg-mn-r')}/providers/Microsoft.Storage/storageAccounts/stmnextra`;
    await azure.putResource(account, {
      location: 'westus2',
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      properties: {},
    });
    const destination = { serviceResourceId: account, subresourceTarget: 'blob' };
    const rule = { properties: { type: 'PrivateEndpoint', category: 'UserDefined', destination } };
    const ruleId = `${id}/outboundRules/extra`;
    const put = () => untilAccepted(() => azure.send('put', ruleId, rule));
    await put();
    const failed = await untilRule(ruleId, 'Failed', 'Active');
    expect(failed).toMatchObject({ status: 'Failed', errorInformation: { code: 'AuthorizationFailed' } });
    expect(await foreignEndpoints(account)).toEqual([]);
    const { identity } = (await azure.send('get', id)).body as { identity: { principalId: string } };
    const role = `${azure.groupId('rg-mn-r')}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const roleDefinitionId = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${approver}`;
    await azure.send('put', role, { properties: { principalId: identity.principalId, roleDefinitionId } });
    do await put();
    while ((await untilRule(ruleId, 'Failed', 'Active')).status === 'Failed');
    expect(await foreignEndpoints(account)).toHaveLength(1);
  });

  it.each([
    ['of Azure', '__SYS_ST_AzureMonitor_TCP', fqdn.properties],
    ['whose name is too short', 'no', fqdn.properties],
    ['about a name of Storage', 'storage', { ...fqdn.properties, destination: 'a.blob.core.windows.net' }],
    ['about no name', 'none', { ...fqdn.properties, destination: 'pypi' }],
    [
      'about a target that does not exist',
      'target',
      { type: 'PrivateEndpoint', destination: { serviceResourceId: '/no', subresourceTarget: 'blob' } },
    ],
    [
      'with wrong ports',
      'tag',
      { type: 'ServiceTag', destination: { serviceTag: 'Storage', protocol: 'TCP', portRanges: 'https' } },
    ],
  ])('%s is refused', async (_, name, properties) => {
    const refused = await untilAccepted(() => azure.send('put', `${id}/outboundRules/${name}`, { properties }));
    expect(refused).toMatchObject({ status: 400, code: 'ValidationError' });
  });
});
