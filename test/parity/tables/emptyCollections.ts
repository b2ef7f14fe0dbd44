import type { Operation, Table } from '../operation.ts';
import { notEmulated, route } from '../resource.ts';
import { dependencies, workspaceBody, workspaceSetUp, workspaceVersion } from './mlSetUp.ts';

const workspace = '{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw';
const logs = '{group}/providers/Microsoft.OperationalInsights/workspaces/log-ml';
const identity = '{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai';
const network = '{group}/providers/Microsoft.Network/virtualNetworks/vnet';
const nic = '{group}/providers/Microsoft.Network/networkInterfaces/nic';

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

/** Types of a namespace, in a resource group. */
const inGroup = (namespace: string, version: string, page: string, names: string): Below => ({
  prefix: namespace,
  scope: `{group}/providers/${namespace}`,
  version,
  page,
  names,
});

const below: Below[] = [
  inGroup(
    'Microsoft.Compute',
    '2024-07-01',
    'compute',
    'availabilitySets capacityReservationGroups hostGroups images proximityPlacementGroups restorePointCollections sshPublicKeys virtualMachineScaleSets',
  ),
  inGroup('Microsoft.Compute', '2024-03-02', 'compute', 'diskAccesses diskEncryptionSets snapshots'),
  inGroup('Microsoft.Compute', '2023-07-03', 'compute', 'galleries'),
  {
    prefix: 'Microsoft.ContainerRegistry/registries',
    scope: dependencies.containerRegistry,
    version: '2025-11-01',
    page: 'container-registry',
    names:
      'agentPools archives cacheRules connectedRegistries credentialSets exportPipelines importPipelines pipelineRuns replications runs taskRuns tasks tokens webhooks',
  },
  inGroup('Microsoft.Insights', '2020-10-01', 'monitor', 'activityLogAlerts'),
  inGroup('Microsoft.Insights', '2022-10-01', 'monitor', 'autoscaleSettings'),
  inGroup('Microsoft.Insights', '2022-06-01', 'monitor', 'dataCollectionEndpoints dataCollectionRules'),
  inGroup('Microsoft.Insights', '2018-03-01', 'monitor', 'metricAlerts'),
  inGroup('Microsoft.Insights', '2021-09-01', 'monitor', 'privateLinkScopes'),
  inGroup('Microsoft.Insights', '2022-06-15', 'application-insights', 'scheduledQueryRules webtests'),
  {
    prefix: 'Microsoft.Insights/components',
    scope: dependencies.applicationInsights,
    version: '2015-05-01',
    page: 'application-insights',
    names: 'ApiKeys linkedStorageAccounts',
  },
  inGroup('Microsoft.Insights', '2023-06-01', 'application-insights', 'workbooks'),
  inGroup('Microsoft.KeyVault', '2026-02-01', 'keyvault', 'managedHSMs'),
  {
    prefix: 'Microsoft.KeyVault/vaults',
    scope: dependencies.keyVault,
    version: '2026-02-01',
    page: 'keyvault',
    names: 'keys secrets',
  },
  inGroup('Microsoft.MachineLearningServices', workspaceVersion, 'azureml', 'registries'),
  {
    prefix: 'Microsoft.MachineLearningServices/workspaces',
    scope: workspace,
    version: workspaceVersion,
    page: 'azureml',
    names:
      'batchEndpoints computes featuresets featurestoreEntities inferencePools jobs linkedServices marketplaceSubscriptions schedules serverlessEndpoints',
  },
  {
    prefix: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    scope: identity,
    version: '2024-11-30',
    page: 'managedidentity',
    names: 'federatedIdentityCredentials',
  },
  inGroup(
    'Microsoft.Network',
    '2026-01-01',
    'virtualnetwork',
    'applicationGateways applicationSecurityGroups azureFirewalls bastionHosts connections customIpPrefixes ddosProtectionPlans expressRouteCircuits firewallPolicies ipGroups loadBalancers localNetworkGateways networkWatchers privateLinkServices publicIPPrefixes routeFilters routeTables serviceEndpointPolicies virtualHubs virtualNetworkGateways virtualNetworkTaps virtualWans',
  ),
  inGroup('Microsoft.Network', '2018-05-01', 'dns', 'dnsZones'),
  inGroup('Microsoft.Network', '2022-07-01', 'dns', 'dnsForwardingRulesets dnsResolvers'),
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
  inGroup('Microsoft.OperationalInsights', '2023-09-01', 'loganalytics', 'clusters queryPacks'),
  {
    prefix: 'Microsoft.OperationalInsights/workspaces',
    scope: logs,
    version: '2020-08-01',
    page: 'loganalytics',
    names: 'dataExports linkedServices linkedStorageAccounts savedSearches storageInsightConfigs',
  },
  inGroup('Microsoft.Resources', '2023-08-01', 'resources', 'deploymentScripts'),
  inGroup('Microsoft.Resources', '2024-03-01', 'resources', 'deploymentStacks'),
  inGroup('Microsoft.Resources', '2022-02-01', 'resources', 'templateSpecs'),
  {
    prefix: 'Microsoft.Storage/storageAccounts',
    scope: dependencies.storageAccount,
    version: '2026-09-01',
    page: 'storagerp',
    names:
      'encryptionScopes inventoryPolicies localUsers networkSecurityPerimeterConfigurations objectReplicationPolicies storageTaskAssignments',
  },
  inGroup('Microsoft.Authorization', '2022-04-01', 'authorization', 'denyAssignments'),
  inGroup(
    'Microsoft.Authorization',
    '2020-10-01',
    'authorization',
    'roleAssignmentScheduleInstances roleEligibilityScheduleInstances',
  ),
  inGroup('Microsoft.Insights', '2021-05-01-preview', 'monitor', 'diagnosticSettings'),
];

function operationsOf({ prefix, scope, version, page, names }: Below): Operation[] {
  return names.split(' ').flatMap((name): Operation[] => {
    const type = `${prefix}/${name}`;
    const create = {
      ...route(type, 'create', 'GET', `${scope}/${name}/one`, version, page, notEmulated),
      method: 'PUT' as const,
      body: { location: 'westus2', properties: {} },
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
