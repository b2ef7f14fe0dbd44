import { guid, includes } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { notEmulated, readOnly, resource, route } from '../resource.ts';
import { networkDelete, networkPut } from '../styles.ts';

const version = '2026-01-01';
const location = 'westus2';
const net = '{group}/providers/Microsoft.Network';
const everywhere = '{subscription}/providers/Microsoft.Network';
const succeeded = { provisioningState: 'Succeeded' };
const tagged: { expected: Expected } = { expected: { status: 200, body: { tags: { team: 'parity' } } } };

const put = { version, create: networkPut(201), update: networkPut(200), delete: networkDelete } as const;

const ruleProperties = {
  priority: 100,
  direction: 'Outbound',
  access: 'Deny',
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: 'Internet',
  destinationPortRange: '*',
};

const nsg = `${net}/networkSecurityGroups/nsg`;
const networkSecurityGroup = resource({
  ...put,
  type: 'Microsoft.Network/networkSecurityGroups',
  id: nsg,
  page: 'virtualnetwork/network-security-groups',
  body: { location },
  facts: {
    location,
    etag: /^W\/".+"$/,
    properties: {
      ...succeeded,
      resourceGuid: guid,
      securityRules: [],
      defaultSecurityRules: includes({ name: 'DenyAllOutBound' }),
    },
  },
  lists: [`${net}/networkSecurityGroups`, `${everywhere}/networkSecurityGroups`],
  patch: tagged,
  more: [
    resource({
      ...put,
      type: 'Microsoft.Network/networkSecurityGroups/securityRules',
      id: `${nsg}/securityRules/deny`,
      page: 'virtualnetwork/security-rules',
      body: { properties: ruleProperties },
      facts: { etag: String, properties: { ...ruleProperties, ...succeeded, sourceAddressPrefixes: [] } },
    }),
    resource({
      type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
      id: `${nsg}/defaultSecurityRules/DenyAllOutBound`,
      version,
      page: 'virtualnetwork/default-security-rules',
      create: readOnly,
      update: readOnly,
      facts: { properties: { access: 'Deny', direction: 'Outbound', priority: 65500, ...succeeded } },
      delete: readOnly,
    }),
  ],
});

const vnet = `${net}/virtualNetworks/vnet`;
const virtualNetwork = resource({
  ...put,
  type: 'Microsoft.Network/virtualNetworks',
  id: vnet,
  page: 'virtualnetwork/virtual-networks',
  body: { location, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } },
  facts: {
    location,
    etag: String,
    properties: {
      ...succeeded,
      resourceGuid: guid,
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      virtualNetworkPeerings: [],
      enableDdosProtection: false,
    },
  },
  lists: [`${net}/virtualNetworks`, `${everywhere}/virtualNetworks`],
  patch: tagged,
  more: [
    resource({
      ...put,
      type: 'Microsoft.Network/virtualNetworks/subnets',
      id: `${vnet}/subnets/one`,
      page: 'virtualnetwork/subnets',
      body: { properties: { addressPrefix: '10.0.0.0/24' } },
      facts: {
        etag: String,
        properties: {
          ...succeeded,
          addressPrefix: '10.0.0.0/24',
          privateEndpointNetworkPolicies: 'Disabled',
          privateLinkServiceNetworkPolicies: 'Enabled',
        },
      },
      more: [
        {
          type: 'Microsoft.Network/virtualNetworks',
          name: 'usages',
          method: 'GET',
          path: `${vnet}/usages`,
          expected: {
            status: 200,
            body: { value: [{ id: `${vnet}/subnets/one`, currentValue: Number, limit: 251, unit: 'Count' }] },
          },
        },
        {
          type: 'Microsoft.Network/virtualNetworks',
          name: 'CheckIPAddressAvailability',
          method: 'GET',
          path: `${vnet}/CheckIPAddressAvailability?ipAddress=10.0.0.9`,
          expected: { status: 200, body: { available: true, isPlatformReserved: false } },
        },
      ],
    }),
  ],
});

const publicAddress = resource({
  ...put,
  type: 'Microsoft.Network/publicIPAddresses',
  id: `${net}/publicIPAddresses/pip`,
  page: 'virtualnetwork/public-ip-addresses',
  body: { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } },
  facts: {
    location,
    etag: String,
    sku: { name: 'Standard', tier: 'Regional' },
    properties: {
      ...succeeded,
      resourceGuid: guid,
      publicIPAllocationMethod: 'Static',
      publicIPAddressVersion: 'IPv4',
      idleTimeoutInMinutes: 4,
      ipAddress: /^(\d+\.){3}\d+$/,
    },
  },
  lists: [`${net}/publicIPAddresses`, `${everywhere}/publicIPAddresses`],
  patch: tagged,
});

const natGateway = resource({
  ...put,
  type: 'Microsoft.Network/natGateways',
  id: `${net}/natGateways/nat`,
  page: 'virtualnetwork/nat-gateways',
  body: {
    location,
    sku: { name: 'Standard' },
    properties: { publicIpAddresses: [{ id: `${net}/publicIPAddresses/pip-used` }], idleTimeoutInMinutes: 10 },
  },
  facts: {
    location,
    etag: String,
    sku: { name: 'Standard' },
    properties: {
      ...succeeded,
      resourceGuid: guid,
      idleTimeoutInMinutes: 10,
      publicIpAddresses: [{ id: `${net}/publicIPAddresses/pip-used` }],
    },
  },
  lists: [`${net}/natGateways`, `${everywhere}/natGateways`],
  patch: tagged,
});

const detached: Expected = {
  status: 400,
  body: { error: { code: 'NetworkInterfaceNotAttachedToVirtualMachine', message: String } },
};
const nic = `${net}/networkInterfaces/nic`;
const networkInterface = resource({
  ...put,
  type: 'Microsoft.Network/networkInterfaces',
  id: nic,
  page: 'virtualnetwork/network-interfaces',
  create: networkPut(201, { properties: { ipConfigurations: [{ name: 'ipconfig' }] } }),
  update: networkPut(200, { properties: { ipConfigurations: [{ name: 'ipconfig' }] } }),
  body: {
    location,
    properties: {
      ipConfigurations: [{ name: 'ipconfig', properties: { subnet: { id: `${net}/virtualNetworks/used/subnets/s` } } }],
    },
  },
  facts: {
    location,
    etag: String,
    properties: {
      ...succeeded,
      resourceGuid: guid,
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      nicType: 'Standard',
      dnsSettings: { dnsServers: [] },
      ipConfigurations: [
        {
          id: `${nic}/ipConfigurations/ipconfig`,
          properties: { privateIPAddress: '10.1.0.4', privateIPAllocationMethod: 'Dynamic', primary: true },
        },
      ],
    },
  },
  lists: [`${net}/networkInterfaces`, `${everywhere}/networkInterfaces`],
  patch: tagged,
  more: [
    {
      name: 'effectiveNetworkSecurityGroups, without a machine',
      path: `${nic}/effectiveNetworkSecurityGroups`,
      expected: detached,
    },
    { name: 'effectiveRouteTable, without a machine', path: `${nic}/effectiveRouteTable`, expected: detached },
    resource({
      type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
      id: `${nic}/ipConfigurations/ipconfig`,
      version,
      page: 'virtualnetwork/network-interface-ip-configurations',
      body: { properties: {} },
      create: notEmulated,
      update: notEmulated,
      facts: { properties: { privateIPAddress: '10.1.0.4', primary: true } },
      delete: readOnly,
    }),
  ],
});

export const network: Table = {
  name: 'network',
  setUp: [
    [
      `${net}/virtualNetworks/used`,
      version,
      {
        location,
        properties: {
          addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
          subnets: [{ name: 's', properties: { addressPrefix: '10.1.0.0/24' } }],
        },
      },
    ],
    [
      `${net}/publicIPAddresses/pip-used`,
      version,
      { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } },
    ],
  ],
  operations: [
    ...networkSecurityGroup,
    ...virtualNetwork,
    ...publicAddress,
    ...natGateway,
    ...networkInterface,
    route(
      'Microsoft.Network',
      'usages',
      'GET',
      `${everywhere}/locations/${location}/usages`,
      version,
      'virtualnetwork/usages',
      {
        status: 200,
        body: {
          value: includes({ unit: 'Count', currentValue: Number, limit: Number, name: { value: 'VirtualNetworks' } }),
        },
      },
    ),
    route(
      'Microsoft.Network',
      'serviceTags',
      'GET',
      `${everywhere}/locations/${location}/serviceTags`,
      version,
      'virtualnetwork/service-tags',
      {
        status: 200,
        body: {
          type: 'Microsoft.Network/serviceTags',
          values: includes({ name: 'AzureMachineLearning', properties: { addressPrefixes: Array } }),
        },
      },
    ),
  ],
};
