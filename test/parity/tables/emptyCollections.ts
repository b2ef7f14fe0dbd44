import type { Operation, Table } from '../operation.ts';
import { notEmulated, route } from '../resource.ts';
import { dependencies, workspaceBody, workspaceSetUp, workspaceVersion } from './mlSetUp.ts';

const workspace = '{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw';
const logs = '{group}/providers/Microsoft.OperationalInsights/workspaces/log-ml';
const identity = '{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai';
const network = '{group}/providers/Microsoft.Network/virtualNetworks/vnet';
const nic = '{group}/providers/Microsoft.Network/networkInterfaces/nic';
const group = (namespace: string): string => `{group}/providers/${namespace}`;

interface Below {
  /** what the types begin with */
  prefix: string;
  /** what their collections are below */
  scope: string;
  version: string;
  /** part of the REST reference */
  page: string;
  names: string;
}

const below: Below[] = [
  {
    prefix: 'Microsoft.Compute',
    scope: group('Microsoft.Compute'),
    version: '2024-07-01',
    page: 'compute',
    names:
      'availabilitySets capacityReservationGroups hostGroups images proximityPlacementGroups restorePointCollections sshPublicKeys virtualMachineScaleSets',
  },
  {
    prefix: 'Microsoft.Compute',
    scope: group('Microsoft.Compute'),
    version: '2024-03-02',
    page: 'compute',
    names: 'diskAccesses diskEncryptionSets snapshots',
  },
  {
    prefix: 'Microsoft.Compute',
    scope: group('Microsoft.Compute'),
    version: '2023-07-03',
    page: 'compute',
    names: 'galleries',
  },
  {
    prefix: 'Microsoft.ContainerRegistry/registries',
    scope: dependencies.containerRegistry,
    version: '2025-11-01',
    page: 'container-registry',
    names:
      'agentPools archives cacheRules connectedRegistries credentialSets exportPipelines importPipelines pipelineRuns replications runs taskRuns tasks tokens webhooks',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2020-10-01',
    page: 'monitor',
    names: 'activityLogAlerts',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2022-10-01',
    page: 'monitor',
    names: 'autoscaleSettings',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2022-06-01',
    page: 'monitor',
    names: 'dataCollectionEndpoints dataCollectionRules',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2018-03-01',
    page: 'monitor',
    names: 'metricAlerts',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2021-09-01',
    page: 'monitor',
    names: 'privateLinkScopes',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2022-06-15',
    page: 'application-insights',
    names: 'scheduledQueryRules webtests',
  },
  {
    prefix: 'Microsoft.Insights/components',
    scope: dependencies.applicationInsights,
    version: '2015-05-01',
    page: 'application-insights',
    names: 'ApiKeys linkedStorageAccounts',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2023-06-01',
    page: 'application-insights',
    names: 'workbooks',
  },
  {
    prefix: 'Microsoft.KeyVault',
    scope: group('Microsoft.KeyVault'),
    version: '2026-02-01',
    page: 'keyvault',
    names: 'managedHSMs',
  },
  {
    prefix: 'Microsoft.KeyVault/vaults',
    scope: dependencies.keyVault,
    version: '2026-02-01',
    page: 'keyvault',
    names: 'keys secrets',
  },
  {
    prefix: 'Microsoft.MachineLearningServices',
    scope: group('Microsoft.MachineLearningServices'),
    version: workspaceVersion,
    page: 'azureml',
    names: 'registries',
  },
  {
    prefix: 'Microsoft.MachineLearningServices/workspaces',
    scope: workspace,
    version: workspaceVersion,
    page: 'azureml',
    names:
      'batchEndpoints computes featuresets featurestoreEntities inferencePools jobs linkedServices marketplaceSubscriptions outboundRules schedules serverlessEndpoints',
  },
  {
    prefix: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    scope: identity,
    version: '2024-11-30',
    page: 'managedidentity',
    names: 'federatedIdentityCredentials',
  },
  {
    prefix: 'Microsoft.Network',
    scope: group('Microsoft.Network'),
    version: '2026-01-01',
    page: 'virtualnetwork',
    names:
      'applicationGateways applicationSecurityGroups azureFirewalls bastionHosts connections customIpPrefixes ddosProtectionPlans expressRouteCircuits firewallPolicies ipGroups loadBalancers localNetworkGateways networkWatchers privateLinkServices publicIPPrefixes routeFilters routeTables serviceEndpointPolicies virtualHubs virtualNetworkGateways virtualNetworkTaps virtualWans',
  },
  {
    prefix: 'Microsoft.Network',
    scope: group('Microsoft.Network'),
    version: '2018-05-01',
    page: 'dns',
    names: 'dnsZones',
  },
  {
    prefix: 'Microsoft.Network',
    scope: group('Microsoft.Network'),
    version: '2022-07-01',
    page: 'dns',
    names: 'dnsForwardingRulesets dnsResolvers',
  },
  {
    prefix: 'Microsoft.Network/virtualNetworks',
    scope: network,
    version: '2026-01-01',
    page: 'virtualnetwork',
    names: 'virtualNetworkPeerings',
  },
  {
    prefix: 'Microsoft.Network/networkInterfaces',
    scope: nic,
    version: '2026-01-01',
    page: 'virtualnetwork',
    names: 'tapConfigurations',
  },
  {
    prefix: 'Microsoft.OperationalInsights',
    scope: group('Microsoft.OperationalInsights'),
    version: '2023-09-01',
    page: 'loganalytics',
    names: 'clusters queryPacks',
  },
  {
    prefix: 'Microsoft.OperationalInsights/workspaces',
    scope: logs,
    version: '2020-08-01',
    page: 'loganalytics',
    names: 'dataExports linkedServices linkedStorageAccounts savedSearches storageInsightConfigs',
  },
  {
    prefix: 'Microsoft.Resources',
    scope: group('Microsoft.Resources'),
    version: '2025-04-01',
    page: 'resources',
    names: 'deployments',
  },
  {
    prefix: 'Microsoft.Resources',
    scope: group('Microsoft.Resources'),
    version: '2023-08-01',
    page: 'resources',
    names: 'deploymentScripts',
  },
  {
    prefix: 'Microsoft.Resources',
    scope: group('Microsoft.Resources'),
    version: '2024-03-01',
    page: 'resources',
    names: 'deploymentStacks',
  },
  {
    prefix: 'Microsoft.Resources',
    scope: group('Microsoft.Resources'),
    version: '2022-02-01',
    page: 'resources',
    names: 'templateSpecs',
  },
  {
    prefix: 'Microsoft.Storage/storageAccounts',
    scope: dependencies.storageAccount,
    version: '2026-09-01',
    page: 'storagerp',
    names:
      'encryptionScopes inventoryPolicies localUsers networkSecurityPerimeterConfigurations objectReplicationPolicies storageTaskAssignments',
  },
  {
    prefix: 'Microsoft.Authorization',
    scope: group('Microsoft.Authorization'),
    version: '2022-04-01',
    page: 'authorization',
    names: 'denyAssignments',
  },
  {
    prefix: 'Microsoft.Authorization',
    scope: group('Microsoft.Authorization'),
    version: '2020-10-01',
    page: 'authorization',
    names: 'roleAssignmentScheduleInstances roleEligibilityScheduleInstances',
  },
  {
    prefix: 'Microsoft.Insights',
    scope: group('Microsoft.Insights'),
    version: '2021-05-01-preview',
    page: 'monitor',
    names: 'diagnosticSettings',
  },
];

function operationsOf({ prefix, scope, version, page, names }: Below): Operation[] {
  return names.split(' ').flatMap((name): Operation[] => {
    const type = `${prefix}/${name}`;
    const create = {
      ...route(type, 'create', 'GET', `${scope}/${name}/one`, version, page, notEmulated),
      method: 'PUT' as const,
      body: { location: 'westus2', properties: name === 'outboundRules' ? { type: 'FQDN' } : {} },
    };
    return [
      route(type, 'list', 'GET', `${scope}/${name}`, version, page, { status: 200, body: { value: [] } }),
      route(type, 'get', 'GET', `${scope}/${name}/one`, version, page, {
        status: 404,
        body: { error: { code: String, message: String } },
      }),
      create,
    ];
  });
}

/** Types of which there is no resource: tools list them at every refresh, and find nothing. */
export const emptyCollections: Table = {
  name: 'emptyCollections',
  flat: true,
  setUp: [
    ...workspaceSetUp,
    [workspace, workspaceVersion, workspaceBody],
    [identity, '2024-11-30', { location: 'westus2' }],
    [
      network,
      '2026-01-01',
      {
        location: 'westus2',
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }],
        },
      },
    ],
    [
      nic,
      '2026-01-01',
      {
        location: 'westus2',
        properties: { ipConfigurations: [{ name: 'one', properties: { subnet: { id: `${network}/subnets/s` } } }] },
      },
    ],
  ],
  operations: below.flatMap(operationsOf),
};
