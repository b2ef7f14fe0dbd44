/**
 * A template with the 27 resources of the article's template: its names, api-versions and the properties that matter for isolation. Names and
 * facts: Azure/azureml-examples, cli/endpoints/online/managed/vnet/setup_ws.
 */
const network = 'Microsoft.Network';
const idOf = (type: string, ...names: string[]): string =>
  `[resourceId('${type}', ${names.map((name) => `'${name}'`).join(', ')})]`;

interface TemplateResource {
  type: string;
  apiVersion: string;
  name: string;
  [member: string]: unknown;
}

/** A private link of the template: what it leads to, its zone (the vault's is the template's, which is wrong), and the name of its zone group. */
const links = [
  { end: 'kv', type: 'Microsoft.KeyVault/vaults', prefix: 'kv', groupId: 'vault', zone: 'privatelink.vault.azure.net' },
  {
    end: 'st-blob',
    type: 'Microsoft.Storage/storageAccounts',
    prefix: 'st',
    groupId: 'blob',
    zone: 'privatelink.blob.core.windows.net',
  },
  {
    end: 'st-file',
    type: 'Microsoft.Storage/storageAccounts',
    prefix: 'st',
    groupId: 'file',
    zone: 'privatelink.file.core.windows.net',
    group: 'flie-PrivateDnsZoneGroup',
  },
  {
    end: 'cr',
    type: 'Microsoft.ContainerRegistry/registries',
    prefix: 'cr',
    groupId: 'registry',
    zone: 'privatelink.azurecr.io',
  },
  {
    end: 'mlw',
    type: 'Microsoft.MachineLearningServices/workspaces',
    prefix: 'mlw-',
    groupId: 'amlworkspace',
    zone: 'privatelink.api.azureml.ms',
  },
] as const;

const allow = (priority: number, direction: string, name: string, from: string, to: string, port: string) => ({
  name,
  properties: {
    priority,
    direction,
    access: 'Allow',
    protocol: 'Tcp',
    sourcePortRange: '*',
    sourceAddressPrefix: from,
    destinationAddressPrefix: to,
    destinationPortRange: port,
  },
});

const rulesOf = (location: string): object[] => [
  allow(130, 'Inbound', 'AzureMachineLearningInbound', 'AzureMachineLearning', '*', '44224'),
  allow(140, 'Outbound', 'AzureActiveDirectory', '*', 'AzureActiveDirectory', '*'),
  allow(160, 'Outbound', 'AzureResourceManager', '*', 'AzureResourceManager', '443'),
  allow(170, 'Outbound', 'AzureStorageAccount', '*', `Storage.${location}`, '443'),
  allow(180, 'Outbound', 'AzureFrontDoor', '*', 'AzureFrontDoor.FrontEnd', '443'),
  allow(190, 'Outbound', 'AzureContainerRegistry', '*', `AzureContainerRegistry.${location}`, '443'),
  allow(200, 'Outbound', 'MicrosoftContainerRegistry', 'VirtualNetwork', 'MicrosoftContainerRegistry', '443'),
  allow(210, 'Outbound', 'Internet', 'VirtualNetwork', 'Internet', '443'),
];

/** Security group and network, with the subnet of all private endpoints. */
const networkOf = (suffix: string, location: string): TemplateResource[] => [
  {
    type: `${network}/networkSecurityGroups`,
    apiVersion: '2020-07-01',
    name: `nsg-${suffix}`,
    location,
    properties: { securityRules: rulesOf(location) },
  },
  {
    type: `${network}/virtualNetworks`,
    apiVersion: '2020-07-01',
    name: `vnet-${suffix}`,
    location,
    dependsOn: [idOf(`${network}/networkSecurityGroups`, `nsg-${suffix}`)],
    properties: {
      addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
      subnets: [
        {
          name: 'snet-scoring',
          properties: {
            addressPrefix: '192.168.0.0/24',
            privateEndpointNetworkPolicies: 'Disabled',
            networkSecurityGroup: { id: idOf(`${network}/networkSecurityGroups`, `nsg-${suffix}`) },
          },
        },
      ],
    },
  },
];

/**
 * Vault, storage, registry, Application Insights, and the workspace, which is open. The template's Application Insights is of the classic kind: Azure
 * has since moved such components to Log Analytics workspaces of their own, in other groups (Azure docs: workspace-based Application Insights).
 */
const servicesOf = (suffix: string, location: string, logAnalyticsId: string): TemplateResource[] => [
  {
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2021-04-01-preview',
    name: `kv${suffix}`,
    location,
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: '[subscription().tenantId]',
      accessPolicies: [],
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 7,
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
    },
  },
  {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2021-04-01',
    name: `st${suffix}`,
    location,
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: true,
      minimumTlsVersion: 'TLS1_2',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      supportsHttpsTrafficOnly: true,
    },
  },
  {
    type: 'Microsoft.ContainerRegistry/registries',
    apiVersion: '2020-11-01-preview',
    name: `cr${suffix}`,
    location,
    sku: { name: 'Premium' },
    properties: {
      adminUserEnabled: true,
      networkRuleBypassOptions: 'AzureServices',
      networkRuleSet: { defaultAction: 'Deny' },
      publicNetworkAccess: 'Disabled',
    },
  },
  {
    type: 'Microsoft.Insights/components',
    apiVersion: '2020-02-02',
    name: `appi-${suffix}`,
    location,
    kind: 'web',
    properties: {
      Application_Type: 'web',
      publicNetworkAccessForQuery: 'Disabled',
      WorkspaceResourceId: logAnalyticsId,
    },
  },
  {
    type: 'Microsoft.MachineLearningServices/workspaces',
    apiVersion: '2021-07-01',
    name: `mlw-${suffix}`,
    location,
    identity: { type: 'SystemAssigned' },
    dependsOn: [
      idOf('Microsoft.KeyVault/vaults', `kv${suffix}`),
      idOf('Microsoft.Storage/storageAccounts', `st${suffix}`),
      idOf('Microsoft.ContainerRegistry/registries', `cr${suffix}`),
      idOf('Microsoft.Insights/components', `appi-${suffix}`),
    ],
    properties: {
      friendlyName: 'Private link endpoint sample workspace',
      keyVault: idOf('Microsoft.KeyVault/vaults', `kv${suffix}`),
      storageAccount: idOf('Microsoft.Storage/storageAccounts', `st${suffix}`),
      containerRegistry: idOf('Microsoft.ContainerRegistry/registries', `cr${suffix}`),
      applicationInsights: idOf('Microsoft.Insights/components', `appi-${suffix}`),
      publicNetworkAccess: 'Enabled',
    },
  },
];

/** The private endpoint of one link, its zone, the zone's link, and the zone group. */
function linkOf(suffix: string, location: string, link: (typeof links)[number]): TemplateResource[] {
  const endpoint = `ple-${suffix}-${link.end}`;
  const target = idOf(link.type, `${link.prefix}${suffix}`);
  const networkId = idOf(`${network}/virtualNetworks`, `vnet-${suffix}`);
  const endpointId = idOf(`${network}/privateEndpoints`, endpoint);
  const zoneId = idOf(`${network}/privateDnsZones`, link.zone);
  const group = 'group' in link ? link.group : `${link.groupId}-PrivateDnsZoneGroup`;
  return [
    {
      type: `${network}/privateEndpoints`,
      apiVersion: '2020-11-01',
      name: endpoint,
      location,
      dependsOn: [networkId, target],
      properties: {
        subnet: { id: idOf(`${network}/virtualNetworks/subnets`, `vnet-${suffix}`, 'snet-scoring') },
        privateLinkServiceConnections: [
          { name: endpoint, properties: { privateLinkServiceId: target, groupIds: [link.groupId] } },
        ],
      },
    },
    { type: `${network}/privateDnsZones`, apiVersion: '2020-06-01', name: link.zone, location: 'global' },
    {
      type: `${network}/privateDnsZones/virtualNetworkLinks`,
      apiVersion: '2020-06-01',
      name: `[format('${link.zone}/{0}', uniqueString(${target.slice(1, -1)}, '${link.zone}'))]`,
      location: 'global',
      dependsOn: [zoneId, networkId],
      properties: { registrationEnabled: false, virtualNetwork: { id: networkId } },
    },
    {
      type: `${network}/privateEndpoints/privateDnsZoneGroups`,
      apiVersion: '2020-06-01',
      name: `${endpoint}/${group}`,
      dependsOn: [endpointId, zoneId],
      properties: { privateDnsZoneConfigs: [{ name: link.zone, properties: { privateDnsZoneId: zoneId } }] },
    },
  ];
}

/** `logAnalyticsId`: where Azure has moved the data of Application Insights. */
export const articleTemplate = (suffix: string, location: string, logAnalyticsId: string) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources: [
    ...networkOf(suffix, location),
    ...servicesOf(suffix, location, logAnalyticsId),
    ...links.flatMap((link) => linkOf(suffix, location, link)),
  ],
});
