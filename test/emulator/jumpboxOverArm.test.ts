import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import type { CommandInputs } from '../../src/jumpbox/commands.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { Azure } from './servicesHarness.ts';

const location = 'westus2';
const group = 'rg-moat-arm';
const endpointName = 'over-arm';
const internetRule = 'networkSecurityGroups/nsg/securityRules/AllowInternetWhileBuilding';
let azure: Azure;
let clientId: string;
let container: string;
let attempts = 0;

const id = (path: string): string => `${azure.groupId(group)}/providers/Microsoft.${path}`;
const network = (path: string): string => id(`Network/${path}`);
const workspace = (path = ''): string => id(`MachineLearningServices/workspaces/mlw-overarm${path}`);
const propertiesOf = async (resource: string): Promise<Record<string, string>> =>
  (await azure.send('get', resource)).body['properties'] as Record<string, string>;

const rule = (priority: number, access: string, to: string): JsonObject => ({
  priority,
  access,
  direction: 'Outbound',
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: to,
  destinationPortRange: '*',
});

async function makeNetwork(): Promise<void> {
  const securityRules = [
    { name: 'AzureResourceManager', properties: rule(160, 'Allow', 'AzureResourceManager') },
    { name: 'DenyInternet', properties: rule(4000, 'Deny', 'Internet') },
  ];
  await azure.putResource(network('networkSecurityGroups/nsg'), { location, properties: { securityRules } });
  const publicIp = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
  await azure.putResource(network('publicIPAddresses/pip'), publicIp);
  const publicIpAddresses = [{ id: network('publicIPAddresses/pip') }];
  await azure.putResource(network('natGateways/nat'), {
    location,
    sku: { name: 'Standard' },
    properties: { publicIpAddresses },
  });
  const subnet = {
    addressPrefix: '192.168.0.0/24',
    networkSecurityGroup: { id: network('networkSecurityGroups/nsg') },
    natGateway: { id: network('natGateways/nat') },
    defaultOutboundAccess: false,
  };
  await azure.putResource(network('virtualNetworks/vnet'), {
    location,
    properties: {
      addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
      subnets: [{ name: 'snet', properties: subnet }],
    },
  });
}

async function makePrivateLink(name: string, target: string, groupId: string, zone: string): Promise<void> {
  const zoneId = network(`privateDnsZones/${zone}`);
  await azure.putResource(zoneId, { location: 'global' });
  const virtualNetwork = { id: network('virtualNetworks/vnet') };
  await azure.putResource(`${zoneId}/virtualNetworkLinks/link`, {
    location: 'global',
    properties: { virtualNetwork, registrationEnabled: false },
  });
  const connection = { name, properties: { privateLinkServiceId: target, groupIds: [groupId] } };
  await azure.putResource(network(`privateEndpoints/${name}`), {
    location,
    properties: {
      subnet: { id: network('virtualNetworks/vnet/subnets/snet') },
      privateLinkServiceConnections: [connection],
    },
  });
  const privateDnsZoneConfigs = [{ name: 'zone', properties: { privateDnsZoneId: zoneId } }];
  await azure.putResource(network(`privateEndpoints/${name}/privateDnsZoneGroups/default`), {
    properties: { privateDnsZoneConfigs },
  });
}

async function makeJumpbox(): Promise<string> {
  const identity = id('ManagedIdentity/userAssignedIdentities/uai');
  await azure.send('put', identity, { location });
  const { clientId: created, principalId } = await propertiesOf(identity);
  clientId = created!;
  const subnet = { id: network('virtualNetworks/vnet/subnets/snet') };
  await azure.putResource(network('networkInterfaces/nic'), {
    location,
    properties: { ipConfigurations: [{ name: 'ipconfig1', properties: { subnet } }] },
  });
  const key = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 jumpbox';
  await azure.putResource(id('Compute/virtualMachines/vm'), {
    location,
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
    properties: {
      hardwareProfile: { vmSize: 'Standard_F2s_v2' },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: { createOption: 'FromImage', deleteOption: 'Delete' },
      },
      osProfile: {
        computerName: 'vm',
        adminUsername: 'moat',
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          ssh: { publicKeys: [{ path: '/home/moat/.ssh/authorized_keys', keyData: key }] },
        },
      },
      networkProfile: { networkInterfaces: [{ id: network('networkInterfaces/nic') }] },
    },
  });
  return principalId!;
}

async function assign(principalId: string, scope: string, roleId: string, guid: string): Promise<void> {
  const roleDefinitionId = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-${guid}`;
  const { status, message } = await azure.send('put', path, { properties: { principalId, roleDefinitionId } });
  if (status >= 300) throw new Error(message);
}

async function run<Name extends CommandName>(name: Name, input: CommandInputs[Name]): Promise<CommandResults[Name]> {
  const { script, parameters, timeoutSeconds } = jumpboxCommand(name, input);
  const command = id(`Compute/virtualMachines/vm/runCommands/${name}-${++attempts}`);
  const source = { script };
  await azure.putResource(command, { location, properties: { source, parameters, timeoutInSeconds: timeoutSeconds } });
  const { body } = await azure.send('get', command, undefined, { $expand: 'instanceView' });
  return readOutcome(name, (body['properties'] as { instanceView: object }).instanceView);
}

async function deploy(built: CommandResults['buildImage']): Promise<void> {
  const place = `https://stoverarm.blob.core.windows.net/${container}`;
  await azure.putResource(workspace(`/onlineEndpoints/${endpointName}`), {
    location,
    kind: 'Managed',
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key', publicNetworkAccess: 'Disabled' },
  });
  await azure.putResource(workspace('/codes/c/versions/1'), { properties: { codeUri: `${place}/${built.codePath}` } });
  await azure.putResource(workspace('/models/m/versions/1'), {
    properties: { modelUri: `${place}/${built.modelPath}` },
  });
  await azure.putResource(workspace('/environments/e/versions/1'), { properties: { image: built.image } });
  const deployment = workspace(`/onlineEndpoints/${endpointName}/deployments/blue`);
  const made = await azure.putResource(deployment, {
    location,
    sku: { name: 'Default', capacity: 1 },
    properties: {
      endpointComputeType: 'Managed',
      instanceType: 'Standard_DS3_v2',
      egressPublicNetworkAccess: 'Disabled',
      model: workspace('/models/m/versions/1'),
      environmentId: workspace('/environments/e/versions/1'),
      codeConfiguration: { codeId: workspace('/codes/c/versions/1'), scoringScript: 'score.py' },
    },
  });
  expect(made).toMatchObject({ properties: { provisioningState: 'Succeeded' } });
  await azure.send('patch', workspace(`/onlineEndpoints/${endpointName}`), { properties: { traffic: { blue: 100 } } });
  await azure.untilSettled(workspace(`/onlineEndpoints/${endpointName}`));
}

beforeAll(async () => {
  azure = await Azure.start();
  const on = await azure.createWorkspaceDependencies(group, 'overarm');
  const closed = { publicNetworkAccess: 'Disabled' };
  await azure.send('patch', on.storage, { properties: closed });
  await azure.send('patch', on.registry, { properties: closed });
  await azure.untilSettled(on.registry);
  const { storage, vault, registry, insights } = on;
  const properties = {
    storageAccount: storage,
    keyVault: vault,
    containerRegistry: registry,
    applicationInsights: insights,
  };
  await Promise.all([
    azure.putResource(workspace(), {
      location,
      identity: { type: 'SystemAssigned' },
      properties: { ...properties, v1LegacyMode: false },
    }),
    makeNetwork(),
  ]);
  await makePrivateLink('ple-blob', storage, 'blob', 'privatelink.blob.core.windows.net');
  await makePrivateLink('ple-cr', registry, 'registry', 'privatelink.azurecr.io');
  await makePrivateLink('ple-mlw', workspace(), 'amlworkspace', 'privatelink.api.azureml.ms');
  const principalId = await makeJumpbox();
  await assign(principalId, registry, '8311e382-0749-4cb8-b61a-304f252e45ec', '000000000001');
  await assign(principalId, storage, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', '000000000002');
  await assign(principalId, workspace(), 'f6c7c914-8db3-469d-8ca1-694a8f32e121', '000000000003');
  container = (await propertiesOf(workspace('/datastores/workspaceblobstore')))['containerName']!;
});
afterAll(() => azure.stop());

describe('an environment created over ARM', () => {
  test('is built, deployed and scored by the jumpbox, and not reachable from outside', async () => {
    await azure.putResource(network(internetRule), { properties: rule(300, 'Allow', 'Internet') });
    await run('setUp', {});
    const registry = 'croverarm.azurecr.io';
    const built = await run('buildImage', {
      clientId,
      registry,
      storageAccount: 'stoverarm',
      container,
      model: samples.custom,
      allowPrivateRepositories: false,
    });
    await azure.send('delete', network(internetRule));
    await azure.untilDeleted(network(internetRule));
    await deploy(built);
    const scoringUri = (await propertiesOf(workspace(`/onlineEndpoints/${endpointName}`)))['scoringUri']!;
    const endpointId = workspace(`/onlineEndpoints/${endpointName}`);
    const request = { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] };
    const { status, body } = await run('score', { clientId, endpointId, scoringUri, request });
    expect(status).toBe(200);
    expect((body as number[])[0]).toBeCloseTo(11055.977245525679, 6);
    const { rows } = await run('verify', {
      targets: [
        { name: 'scoring', method: 'POST', url: scoringUri },
        { name: 'registry', method: 'GET', url: `https://${registry}/v2/` },
      ],
    });
    expect(rows.map(({ status }) => status)).toEqual([401, 401]);
    expect(rows.every(({ addresses }) => addresses.every((address) => address.startsWith('192.168.0.')))).toBe(true);
    const outside = await azure.send('post', '/_emulator/outside', { url: scoringUri, method: 'POST' });
    expect(outside.body).toMatchObject({ status: 403 });
  });
});
