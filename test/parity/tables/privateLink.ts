import { guid, includes, reference } from '../operation.ts';
import type { Expected, Fact, Operation, Table } from '../operation.ts';
import { readOnly, resource } from '../resource.ts';
import { networkDelete, networkPut } from '../styles.ts';
import { dependencies, workspaceBody, workspaceSetUp, workspaceVersion } from './mlSetUp.ts';

const version = '2026-01-01';
const location = 'westus2';
const net = '{group}/providers/Microsoft.Network';
const subnet = { id: `${net}/virtualNetworks/vnet/subnets/s` };
const endpoint = `${net}/privateEndpoints/pe`;
const zone = `${net}/privateDnsZones/privatelink.blob.core.windows.net`;
const approved = { status: 'Approved', description: 'Auto-Approved', actionsRequired: 'None' };

const endpointBody = (target: string, groupId: string) => ({
  location,
  properties: {
    subnet,
    privateLinkServiceConnections: [
      { name: 'link', properties: { privateLinkServiceId: target, groupIds: [groupId] } },
    ],
  },
});

const zoneGroup = `${endpoint}/privateDnsZoneGroups/default`;
const config = { name: 'blob', properties: { privateDnsZoneId: zone } };
const zoneGroups = resource({
  type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  id: zoneGroup,
  version,
  page: 'virtualnetwork/private-dns-zone-groups',
  body: { properties: { privateDnsZoneConfigs: [config] } },
  create: networkPut(201),
  update: networkPut(200),
  facts: {
    properties: {
      provisioningState: 'Succeeded',
      privateDnsZoneConfigs: [
        {
          name: 'blob',
          properties: {
            privateDnsZoneId: zone,
            recordSets: [
              {
                recordType: 'A',
                recordSetName: 'stparityml',
                fqdn: 'stparityml.privatelink.blob.core.windows.net',
                ttl: 10,
                ipAddresses: ['10.0.0.4'],
              },
            ],
          },
        },
      ],
    },
  },
  delete: networkDelete,
});

const endpoints = resource({
  type: 'Microsoft.Network/privateEndpoints',
  id: endpoint,
  version,
  page: 'virtualnetwork/private-endpoints',
  body: endpointBody(dependencies.storageAccount, 'blob'),
  create: networkPut(201),
  update: networkPut(200),
  facts: {
    location,
    etag: String,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: guid,
      subnet,
      networkInterfaces: [{ id: String }],
      customDnsConfigs: [{ fqdn: 'stparityml.blob.core.windows.net', ipAddresses: ['10.0.0.4'] }],
      privateLinkServiceConnections: [
        {
          name: 'link',
          properties: {
            groupIds: ['blob'],
            privateLinkServiceConnectionState: approved,
            provisioningState: 'Succeeded',
          },
        },
      ],
      manualPrivateLinkServiceConnections: [],
    },
  },
  lists: [`${net}/privateEndpoints`, '{subscription}/providers/Microsoft.Network/privateEndpoints'],
  patch: { expected: { status: 200, body: { tags: { team: 'parity' } } } },
  more: [zoneGroups],
  delete: networkDelete,
});

const refused = { status: 404, body: { error: { code: 'ResourceNotFound', message: String } } } as const;

/** The connections of a target; their names are made by Azure. */
function connections(target: string, type: string, page: string, targetVersion: string): Operation[] {
  const listed = `${target}/privateEndpointConnections/{listed}`;
  const of = `${type}/privateEndpointConnections`;
  const facts = (status: string): Fact => ({
    type: of,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: String },
      privateLinkServiceConnectionState: { status },
    },
  });
  const registry = type.endsWith('/registries');
  const asynchronous = registry ? { asyncOperation: { status: 200, body: { status: 'Succeeded' } } } : {};
  const one = (
    name: string,
    method: Operation['method'],
    path: string,
    expected: Expected,
    body?: unknown,
  ): Operation => ({
    type: of,
    name,
    method,
    path,
    version: targetVersion,
    source: reference(`${page}/private-endpoint-connections`),
    expected,
    ...(body ? { body } : {}),
  });
  const rejection = {
    properties: { privateLinkServiceConnectionState: { status: 'Rejected', description: 'parity' } },
  };
  return [
    one('get what is missing', 'GET', `${target}/privateEndpointConnections/none`, refused),
    one('create', 'PUT', `${target}/privateEndpointConnections/none`, refused, rejection),
    one('list', 'GET', `${target}/privateEndpointConnections`, { status: 200, body: { value: [facts('Approved')] } }),
    one('get', 'GET', listed, { status: 200, body: facts('Approved') }),
    one('update', 'PUT', listed, { status: registry ? 201 : 200, body: { type: of }, ...asynchronous }, rejection),
    one('get what was rejected', 'GET', listed, { status: 200, body: facts('Rejected') }),
    one('delete', 'DELETE', listed, deletionOf(type)),
    one('list after the deletion', 'GET', `${target}/privateEndpointConnections`, { status: 200, body: { value: [] } }),
  ];
}

/** A registry deletes a connection by an operation. */
const deletionOf = (type: string): Expected =>
  type.endsWith('/registries')
    ? {
        status: 202,
        body: '',
        asyncOperation: { status: 200, body: { status: 'Succeeded' } },
        location: { status: 204, body: '' },
      }
    : { status: 200 };

/** What a target offers to private endpoints, and its connections. */
function views(
  target: string,
  type: string,
  page: string,
  groupId: string,
  zoneName: string,
  targetVersion: string,
): Operation[] {
  return [
    ...connections(target, type, page, targetVersion),
    ...resource({
      type: `${type}/privateLinkResources`,
      id: `${target}/privateLinkResources/${groupId}`,
      version: targetVersion,
      page: `${page}/private-link-resources`,
      create: readOnly,
      update: readOnly,
      facts: { properties: { groupId, requiredMembers: Array, requiredZoneNames: includes(zoneName) } },
      delete: readOnly,
    }),
  ];
}

const workspace = `{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw`;
const held = (name: string, target: string, groupId: string) =>
  [`${net}/privateEndpoints/${name}`, version, endpointBody(target, groupId)] as const;

export const privateLink: Table = {
  name: 'privateLink',
  setUp: [
    ...workspaceSetUp,
    [workspace, workspaceVersion, workspaceBody],
    [
      `${net}/virtualNetworks/vnet`,
      version,
      {
        location,
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }],
        },
      },
    ],
    [zone, '2024-06-01', { location: 'global' }],
  ],
  operations: [
    ...endpoints,
    ...[
      held('pe-storage', dependencies.storageAccount, 'blob'),
      held('pe-vault', dependencies.keyVault, 'vault'),
      held('pe-registry', dependencies.containerRegistry, 'registry'),
      held('pe-workspace', workspace, 'amlworkspace'),
    ].map(([path, , body]): Operation => ({
      type: 'Microsoft.Network/privateEndpoints',
      name: `create for ${path.split('-').at(-1)}`,
      method: 'PUT',
      path,
      version,
      body,
      expected: networkPut(201),
      source: endpoints[0]!.source,
    })),
    ...views(
      dependencies.storageAccount,
      'Microsoft.Storage/storageAccounts',
      'storagerp',
      'blob',
      'privatelink.blob.core.windows.net',
      '2026-09-01',
    ),
    ...views(
      dependencies.keyVault,
      'Microsoft.KeyVault/vaults',
      'keyvault',
      'vault',
      'privatelink.vaultcore.azure.net',
      '2026-02-01',
    ),
    ...views(
      dependencies.containerRegistry,
      'Microsoft.ContainerRegistry/registries',
      'container-registry',
      'registry',
      'privatelink.azurecr.io',
      '2025-11-01',
    ),
    ...views(
      workspace,
      'Microsoft.MachineLearningServices/workspaces',
      'azureml',
      'amlworkspace',
      'privatelink.api.azureml.ms',
      workspaceVersion,
    ),
  ],
};
