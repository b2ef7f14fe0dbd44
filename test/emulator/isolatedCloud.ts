import type { JsonObject, Resource } from '../../src/emulator/arm/model.ts';
import { group, region, MemoryCloud } from './memoryCloud.ts';

/** the workspace's own id */
export const guid = '0f9e8d7c-1111-2222-3333-444455556666';
export const endpointName = 'demo-k3x9';
export const scoringUri = `https://${endpointName}.${region}.inference.ml.azure.com/score`;
export const registry = 'crk3x9.azurecr.io';
export const storageAccount = 'stk3x9';
export const container = `azureml-blobstore-${guid}`;
export const clientId = 'c11e47';
const principalId = 'p41c1';
const network = 'Microsoft.Network';
const ml = 'Microsoft.MachineLearningServices/workspaces';

export interface IsolatedCloud {
  cloud: MemoryCloud;
  vm: Resource;
  endpoint: Resource;
  /** allows or denies the Internet in the network security group */
  openInternet(open: boolean): void;
  /** removes the link of a private DNS zone */
  unlink(zone: string): void;
  /** gives the jumpbox's identity a role, effective at an instant */
  assign(role: keyof typeof roles, effectiveAt?: number): void;
}

const roles = {
  push: ['8311e382-0749-4cb8-b61a-304f252e45ec', 'Microsoft.ContainerRegistry/registries/crk3x9'],
  blobs: ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Microsoft.Storage/storageAccounts/stk3x9'],
  keys: ['11111111-2222-3333-4444-555555555555', `${ml}/mlw-k3x9/onlineEndpoints/${endpointName}`],
  token: ['11111111-2222-3333-4444-666666666666', `${ml}/mlw-k3x9/onlineEndpoints/${endpointName}`],
  score: ['11111111-2222-3333-4444-777777777777', `${ml}/mlw-k3x9/onlineEndpoints/${endpointName}`],
} as const;

/** What each role on the endpoint permits. */
const endpointActions = { keys: 'listKeys', token: 'token', score: 'score' } as const;

function addRules(cloud: MemoryCloud): void {
  cloud.add(`${network}/networkSecurityGroups`, 'nsg', {});
  const rules = [
    ['AzureActiveDirectory', 140, 'Allow', 'AzureActiveDirectory'],
    ['AzureResourceManager', 160, 'Allow', 'AzureResourceManager'],
    ['Storage', 170, 'Allow', `Storage.${region}`],
    ['Registry', 190, 'Allow', `AzureContainerRegistry.${region}`],
    ['DenyInternet', 4000, 'Deny', 'Internet'],
  ] as const;
  for (const [name, priority, access, destinationAddressPrefix] of rules) {
    cloud.add(`${network}/networkSecurityGroups/securityRules`, `nsg/${name}`, {
      priority,
      access,
      direction: 'Outbound',
      protocol: '*',
      sourceAddressPrefix: '*',
      destinationAddressPrefix,
      destinationPortRange: '*',
    });
  }
}

const groupIds: Record<string, string> = {
  'privatelink.blob.core.windows.net': 'blob',
  'privatelink.azurecr.io': 'registry',
  'privatelink.api.azureml.ms': 'amlworkspace',
};

function addPrivateLink(
  cloud: MemoryCloud,
  target: Resource,
  addresses: string[],
  zone: string,
  records: string[],
): void {
  const configurations = addresses.map((privateIPAddress) => ({
    properties: { privateIPAddress, subnet: { id: `${group}/providers/${network}/virtualNetworks/vnet/subnets/snet` } },
  }));
  const nic = cloud.add(`${network}/networkInterfaces`, `ple-${target.name}.nic`, { ipConfigurations: configurations });
  const state = { status: 'Approved' };
  cloud.add(`${network}/privateEndpoints`, `ple-${target.name}`, {
    networkInterfaces: [{ id: nic.id }],
    privateLinkServiceConnections: [
      {
        properties: {
          privateLinkServiceId: target.id,
          groupIds: [groupIds[zone]!],
          privateLinkServiceConnectionState: state,
        },
      },
    ],
  });
  const virtualNetwork = { id: `${group}/providers/${network}/virtualNetworks/vnet` };
  cloud.add(`${network}/privateDnsZones`, zone, {});
  cloud.add(`${network}/privateDnsZones/virtualNetworkLinks`, `${zone}/link`, { virtualNetwork });
  for (const record of records) {
    cloud.add(`${network}/privateDnsZones/A`, `${zone}/${record}`, {
      aRecords: [{ ipv4Address: addresses.at(-1) ?? '' }],
    });
  }
}

const id = (type: string, name: string): JsonObject => ({ id: `${group}/providers/${type}/${name}` });

/** An environment before its image is built, with the jumpbox in its subnet. */
export function isolatedCloud(): IsolatedCloud {
  const cloud = new MemoryCloud();
  addRules(cloud);
  cloud.add(`${network}/publicIPAddresses`, 'nat-ip', { ipAddress: '20.1.2.3' });
  cloud.add(`${network}/natGateways`, 'nat', { publicIpAddresses: [id(`${network}/publicIPAddresses`, 'nat-ip')] });
  cloud.add(`${network}/virtualNetworks`, 'vnet', {});
  const subnet = cloud.add(`${network}/virtualNetworks/subnets`, 'vnet/snet', {
    networkSecurityGroup: id(`${network}/networkSecurityGroups`, 'nsg'),
    natGateway: id(`${network}/natGateways`, 'nat'),
    defaultOutboundAccess: false,
  });
  const identity = cloud.add('Microsoft.ManagedIdentity/userAssignedIdentities', 'id', { clientId, principalId });
  const nic = cloud.add(`${network}/networkInterfaces`, 'nic', {
    ipConfigurations: [{ properties: { privateIPAddress: '192.168.0.12', subnet: { id: subnet.id } } }],
  });
  const identities = { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: { clientId, principalId } } };
  const interfaces = { networkProfile: { networkInterfaces: [{ id: nic.id }] } };
  const vm = cloud.add('Microsoft.Compute/virtualMachines', 'jumpbox', interfaces, { identity: identities });
  const storage = cloud.add('Microsoft.Storage/storageAccounts', storageAccount, {
    networkAcls: { defaultAction: 'Deny' },
  });
  cloud.add('Microsoft.Storage/storageAccounts/blobServices', `${storageAccount}/default`, {});
  cloud.add('Microsoft.Storage/storageAccounts/blobServices/containers', `${storageAccount}/default/${container}`, {});
  const images = cloud.add('Microsoft.ContainerRegistry/registries', 'crk3x9', {
    publicNetworkAccess: 'Disabled',
    loginServer: registry,
  });
  const workspace = cloud.add(ml, 'mlw-k3x9', { workspaceId: guid, storageAccount: storage.id });
  const endpoint = cloud.add(
    `${ml}/onlineEndpoints`,
    `mlw-k3x9/${endpointName}`,
    { authMode: 'Key', publicNetworkAccess: 'Disabled', traffic: {}, scoringUri },
    { secrets: { primaryKey: 'the-primary-key', secondaryKey: 'the-secondary-key' } },
  );
  addPrivateLink(cloud, storage, ['192.168.0.4'], 'privatelink.blob.core.windows.net', [storageAccount]);
  addPrivateLink(cloud, images, ['192.168.0.5', '192.168.0.6'], 'privatelink.azurecr.io', [
    'crk3x9',
    `crk3x9.${region}.data`,
  ]);
  addPrivateLink(cloud, workspace, ['192.168.0.7', '192.168.0.8', '192.168.0.9'], 'privatelink.api.azureml.ms', [
    `*.${guid}.inference.${region}`,
  ]);
  for (const role of ['keys', 'token', 'score'] as const) {
    const action = `${ml}/onlineEndpoints/${endpointActions[role]}/action`;
    cloud.add('Microsoft.Authorization/roleDefinitions', roles[role][0], { permissions: [{ actions: [action] }] });
  }
  const internetRule = `${group}/providers/${network}/networkSecurityGroups/nsg/securityRules/AllowInternetWhileBuilding`;
  return {
    cloud,
    vm,
    endpoint,
    openInternet(open) {
      cloud.remove(internetRule);
      if (!open) return;
      cloud.add(`${network}/networkSecurityGroups/securityRules`, 'nsg/AllowInternetWhileBuilding', {
        priority: 300,
        access: 'Allow',
        direction: 'Outbound',
        protocol: 'Tcp',
        sourceAddressPrefix: 'VirtualNetwork',
        destinationAddressPrefix: 'Internet',
        destinationPortRanges: ['80', '443'],
      });
    },
    unlink: (zone) => cloud.remove(`${group}/providers/${network}/privateDnsZones/${zone}/virtualNetworkLinks/link`),
    assign(role, effectiveAt = 0) {
      const [roleId, path] = roles[role];
      const scope = `${group}/providers/${path}`;
      const type = 'Microsoft.Authorization/roleAssignments';
      const roleDefinitionId = `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
      cloud.save({
        id: `${scope}/providers/${type}/${role}`,
        type,
        name: role,
        properties: { principalId, roleDefinitionId },
        secrets: { effectiveAt },
        createdAt: 1,
      });
    },
  };
}
