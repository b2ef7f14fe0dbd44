import { location } from './armHarness.ts';
import type { Arm } from './armHarness.ts';
import { furtherOperations } from './furtherOperations.ts';

/** One type: a resource of it, in the order of creation, and what each write of it is answered. */
export interface Operations {
  id: string;
  body: object;
  /** PUT of a new one, PUT again, PATCH of its tags, DELETE, DELETE again; `-`: Azure has no such operation, or the emulator refuses it */
  statuses: string;
  /** the success statuses of PUT, PATCH and DELETE in azure-rest-api-specs */
  documented: string;
}

const synchronous = '200/201 200 200/204';
const network = '200/201 200 200/202/204';
const recordSets: [path: string, records: object][] = [
  ['A/www', { aRecords: [{ ipv4Address: '10.0.0.9' }] }],
  ['AAAA/www', { aaaaRecords: [{ ipv6Address: '2001:db8::9' }] }],
  ['CNAME/alias', { cnameRecord: { cname: 'www.example.com' } }],
  ['MX/www', { mxRecords: [{ preference: 1, exchange: 'mail.example.com' }] }],
  ['PTR/www', { ptrRecords: [{ ptrdname: 'www.example.com' }] }],
  ['SRV/www', { srvRecords: [{ priority: 1, weight: 1, port: 1, target: 'www.example.com' }] }],
  ['TXT/www', { txtRecords: [{ value: ['text'] }] }],
];
const dns = '200/201/202 200/202 200/202/204';
const asset = '200/201 - 200/204';
const learning = '200/201 200/202 200/202/204';

const identity = { type: 'SystemAssigned' };
const role = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

function identityAndNetwork(arm: Arm): Operations[] {
  const { id } = arm;
  const network_ = id('Microsoft.Network/virtualNetworks', 'vnet-1');
  const subnet = `${network_}/subnets/snet-1`;
  const sku = { name: 'Standard' };
  const prefix = { addressPrefix: '10.0.0.0/24' };
  const rule = { priority: 100, access: 'Allow', direction: 'Inbound', protocol: '*', sourceAddressPrefix: '*' };
  const ports = { destinationAddressPrefix: '*', sourcePortRange: '*', destinationPortRange: '443' };
  const ip = { subnet: { id: subnet }, privateIPAllocationMethod: 'Dynamic' };
  const plain = { location };
  const row = (type: string, name: string, properties: object, more: object = {}): Operations => {
    const body = { location, ...more, properties };
    return { id: id(`Microsoft.Network/${type}`, name), body, statuses: '201 200 200 202 204', documented: network };
  };
  const roleDefinition = {
    roleName: 'op table',
    permissions: [{ actions: ['*/read'], notActions: [] }],
    assignableScopes: [arm.subscription],
  };
  const assignment = {
    roleDefinitionId: `${arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: '5f0e1d6c-3b6a-4b52-9d1e-0a7c4e2f8b90',
    principalType: 'ServicePrincipal',
  };
  return [
    { id: arm.group('second'), body: plain, statuses: '201 200 200 202 404', documented: '200/201 200 200/202' },
    {
      id: id('Microsoft.Resources/deployments', 'main'),
      body: { properties: { mode: 'Incremental', template: { contentVersion: '1.0.0.0', resources: [] } } },
      statuses: '201 200 - 202 204',
      documented: '200/201 - 202/204',
    },
    {
      id: id('Microsoft.ManagedIdentity/userAssignedIdentities', 'uai-1'),
      body: plain,
      statuses: '201 200 200 200 204',
      documented: synchronous,
    },
    {
      id: id('Microsoft.Authorization/roleAssignments', '0b7e7f44-0000-4000-8000-000000000001'),
      body: { properties: assignment },
      statuses: '201 200 - 200 204',
      documented: asset,
    },
    {
      id: id('Microsoft.Authorization/roleDefinitions', '0b7e7f44-0000-4000-8000-000000000002'),
      body: { properties: roleDefinition },
      statuses: '201 201 - 200 204',
      documented: '201 - 200/204',
    },
    {
      id: `${arm.group('second')}/providers/Microsoft.Authorization/locks/keep`,
      body: { properties: { level: 'CanNotDelete' } },
      statuses: '201 200 - 200 204',
      documented: asset,
    },
    row('networkSecurityGroups', 'nsg-1', {}),
    { ...row('networkSecurityGroups', 'nsg-1/securityRules/r', { ...rule, ...ports }), statuses: '201 200 - 202 204' },
    row('virtualNetworks', 'vnet-1', {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'snet-1', properties: prefix }],
    }),
    {
      ...row('virtualNetworks', 'vnet-1/subnets/snet-2', { addressPrefix: '10.0.1.0/24' }),
      statuses: '201 200 - 202 204',
    },
    row('publicIPAddresses', 'pip-1', { publicIPAllocationMethod: 'Static' }, { sku }),
    row('natGateways', 'ng-1', {}, { sku }),
    row('networkInterfaces', 'nic-1', { ipConfigurations: [{ name: 'a', properties: ip }] }),
    {
      id: id('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net'),
      body: { location: 'global' },
      statuses: '202 202 202 202 204',
      documented: dns,
    },
    {
      id: id('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net/virtualNetworkLinks/link'),
      body: { location: 'global', properties: { virtualNetwork: { id: network_ } } },
      statuses: '202 202 202 202 204',
      documented: dns,
    },
    ...recordSets.map(([set, records]) => ({
      id: id('Microsoft.Network/privateDnsZones', `privatelink.vaultcore.azure.net/${set}`),
      body: { properties: { ttl: 10, ...records } },
      statuses: '201 200 - 200 204',
      documented: synchronous,
    })),
  ];
}

function services(arm: Arm): Operations[] {
  const { id } = arm;
  const account = id('Microsoft.Storage/storageAccounts', 'stoptable1');
  const vault = id('Microsoft.KeyVault/vaults', 'kvoptable1');
  const logs = id('Microsoft.OperationalInsights/workspaces', 'log-1');
  const zone = id('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net');
  const endpoint = id('Microsoft.Network/privateEndpoints', 'pe-1');
  const subnet = { id: `${id('Microsoft.Network/virtualNetworks', 'vnet-1')}/subnets/snet-1` };
  const vaultProperties = { sku: { family: 'A', name: 'standard' }, tenantId: arm.emulator.tenantId };
  const connection = { name: 'c', properties: { privateLinkServiceId: vault, groupIds: ['vault'] } };
  const config = { name: 'vault', properties: { privateDnsZoneId: zone } };
  return [
    {
      id: account,
      body: { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} },
      statuses: '202 200 200 200 204',
      documented: '200/202 200 200/204',
    },
    {
      id: `${account}/blobServices/default`,
      body: { properties: {} },
      statuses: '200 200 - - -',
      documented: '200 - -',
    },
    {
      id: `${account}/blobServices/default/containers/one`,
      body: { properties: {} },
      statuses: '201 200 - 200 204',
      documented: asset,
    },
    {
      id: vault,
      body: { location, properties: { ...vaultProperties, enableRbacAuthorization: true } },
      statuses: '200 200 200 200 204',
      documented: '200/201 200/201 200/204',
    },
    {
      id: id('Microsoft.ContainerRegistry/registries', 'croptable1'),
      body: { location, sku: { name: 'Premium' }, properties: {} },
      statuses: '201 200 200 202 204',
      documented: '200/201 200/201 200/202/204',
    },
    { id: logs, body: { location }, statuses: '201 200 200 200 204', documented: '200/201/202 200 200/202/204' },
    {
      id: id('Microsoft.Insights/components', 'appi-1'),
      body: { location, kind: 'web', properties: { Application_Type: 'web', WorkspaceResourceId: logs } },
      statuses: '200 200 200 200 204',
      documented: '200 200 200/204',
    },
    {
      id: endpoint,
      body: { location, properties: { subnet, privateLinkServiceConnections: [connection] } },
      statuses: '201 200 200 202 204',
      documented: network,
    },
    {
      id: `${endpoint}/privateDnsZoneGroups/default`,
      body: { properties: { privateDnsZoneConfigs: [config] } },
      statuses: '201 200 - 202 204',
      documented: network,
    },
  ];
}

function machines(arm: Arm): Operations[] {
  const vm = arm.id('Microsoft.Compute/virtualMachines', 'vm-1');
  const networkInterface = arm.id('Microsoft.Network/networkInterfaces', 'nic-1');
  const image = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };
  const publicKeys = [{ path: '/home/moat/.ssh/authorized_keys', keyData: 'ssh-rsa AAAAB3NzaC1yc2E= moat' }];
  const linuxConfiguration = { disablePasswordAuthentication: true, ssh: { publicKeys } };
  const body = {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_F2s_v2' },
      storageProfile: {
        imageReference: image,
        osDisk: { createOption: 'FromImage', name: 'disk-1', deleteOption: 'Detach' },
      },
      osProfile: { computerName: 'vm', adminUsername: 'moat', linuxConfiguration },
      networkProfile: { networkInterfaces: [{ id: networkInterface, properties: { deleteOption: 'Detach' } }] },
    },
  };
  const run = { location, properties: { source: { script: 'true' }, asyncExecution: false, timeoutInSeconds: 60 } };
  return [
    // Deleted after its machine, which creates it.
    {
      id: arm.id('Microsoft.Compute/disks', 'disk-1'),
      body: { location },
      statuses: '- - - 202 204',
      documented: '200/202 200/202 200/202/204',
    },
    { id: vm, body, statuses: '201 200 200 202 204', documented: network },
    { id: `${vm}/runCommands/one`, body: run, statuses: '201 - 200 200 204', documented: network },
  ];
}

function learningTypes(arm: Arm): Operations[] {
  const workspace = arm.id('Microsoft.MachineLearningServices/workspaces', 'mlw-1');
  const storageAccount = arm.id('Microsoft.Storage/storageAccounts', 'stoptable1');
  const keyVault = arm.id('Microsoft.KeyVault/vaults', 'kvoptable1');
  const endpoint = `${workspace}/onlineEndpoints/ep-optable`;
  const store = { datastoreType: 'AzureBlob', accountName: 'stoptable1', containerName: 'one' };
  const managedNetwork = { isolationMode: 'AllowOnlyApprovedOutbound' };
  const deployment = { endpointComputeType: 'Managed', instanceType: 'Standard_F2s_v2' };
  const assets = { codes: { codeUri: 'https://x/a' }, models: { modelUri: 'a' }, environments: { image: 'a/b:c' } };
  const child = (path: string, properties: object): Operations => ({
    id: `${workspace}/${path}`,
    body: { properties },
    statuses: '201 200 - 200 204',
    documented: asset,
  });
  return [
    {
      id: workspace,
      body: { location, identity, properties: { storageAccount, keyVault, managedNetwork } },
      statuses: '202 202 200 202 204',
      documented: '200/201/202 200/202 200/202/204',
    },
    child('datastores/mine', { ...store, credentials: { credentialsType: 'None' } }),
    ...Object.entries(assets).flatMap(([kind, properties]) => [
      child(`${kind}/one`, {}),
      child(`${kind}/one/versions/1`, properties),
    ]),
    {
      id: endpoint,
      body: { location, identity, properties: { authMode: 'Key' } },
      statuses: '201 200 202 202 204',
      documented: learning,
    },
    {
      id: `${endpoint}/deployments/blue`,
      body: { location, sku: { name: 'Default', capacity: 1 }, properties: deployment },
      statuses: '201 200 202 202 204',
      documented: learning,
    },
  ];
}

/** Every type that can be written, each after those that it needs. */
export const operationTable = (arm: Arm): Operations[] => [
  ...identityAndNetwork(arm),
  ...services(arm),
  ...machines(arm),
  ...learningTypes(arm),
  ...furtherOperations(arm),
];
