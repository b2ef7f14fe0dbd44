import { notEmulated } from '../arm/armErrors.ts';
import { nameOf } from '../arm/ids.ts';
import { ArmError } from '../arm/model.ts';
import type { ResourceType } from '../arm/model.ts';

/** Types of which the emulator holds no resource: lists are empty, a GET answers 404, a PUT 501. Tools list them at every refresh. */
const names = [
  'Microsoft.Compute/availabilitySets',
  'Microsoft.Compute/capacityReservationGroups',
  'Microsoft.Compute/diskAccesses',
  'Microsoft.Compute/diskEncryptionSets',
  'Microsoft.Compute/galleries',
  'Microsoft.Compute/hostGroups',
  'Microsoft.Compute/images',
  'Microsoft.Compute/proximityPlacementGroups',
  'Microsoft.Compute/restorePointCollections',
  'Microsoft.Compute/snapshots',
  'Microsoft.Compute/sshPublicKeys',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.ContainerRegistry/registries/agentPools',
  'Microsoft.ContainerRegistry/registries/archives',
  'Microsoft.ContainerRegistry/registries/cacheRules',
  'Microsoft.ContainerRegistry/registries/connectedRegistries',
  'Microsoft.ContainerRegistry/registries/credentialSets',
  'Microsoft.ContainerRegistry/registries/exportPipelines',
  'Microsoft.ContainerRegistry/registries/importPipelines',
  'Microsoft.ContainerRegistry/registries/pipelineRuns',
  'Microsoft.ContainerRegistry/registries/replications',
  'Microsoft.ContainerRegistry/registries/runs',
  'Microsoft.ContainerRegistry/registries/taskRuns',
  'Microsoft.ContainerRegistry/registries/tasks',
  'Microsoft.ContainerRegistry/registries/tokens',
  'Microsoft.ContainerRegistry/registries/webhooks',
  'Microsoft.Insights/activityLogAlerts',
  'Microsoft.Insights/autoscaleSettings',
  'Microsoft.Insights/components/ApiKeys',
  'Microsoft.Insights/components/linkedStorageAccounts',
  'Microsoft.Insights/dataCollectionEndpoints',
  'Microsoft.Insights/dataCollectionRules',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Insights/privateLinkScopes',
  'Microsoft.Insights/scheduledQueryRules',
  'Microsoft.Insights/webtests',
  'Microsoft.Insights/workbooks',
  'Microsoft.KeyVault/managedHSMs',
  'Microsoft.KeyVault/vaults/keys',
  'Microsoft.KeyVault/vaults/secrets',
  'Microsoft.MachineLearningServices/registries',
  'Microsoft.MachineLearningServices/workspaces/batchEndpoints',
  'Microsoft.MachineLearningServices/workspaces/computes',
  'Microsoft.MachineLearningServices/workspaces/featuresets',
  'Microsoft.MachineLearningServices/workspaces/featurestoreEntities',
  'Microsoft.MachineLearningServices/workspaces/inferencePools',
  'Microsoft.MachineLearningServices/workspaces/jobs',
  'Microsoft.MachineLearningServices/workspaces/linkedServices',
  'Microsoft.MachineLearningServices/workspaces/marketplaceSubscriptions',
  'Microsoft.MachineLearningServices/workspaces/outboundRules',
  'Microsoft.MachineLearningServices/workspaces/schedules',
  'Microsoft.MachineLearningServices/workspaces/serverlessEndpoints',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
  'Microsoft.Network/applicationGateways',
  'Microsoft.Network/applicationSecurityGroups',
  'Microsoft.Network/azureFirewalls',
  'Microsoft.Network/bastionHosts',
  'Microsoft.Network/connections',
  'Microsoft.Network/customIpPrefixes',
  'Microsoft.Network/ddosProtectionPlans',
  'Microsoft.Network/dnsForwardingRulesets',
  'Microsoft.Network/dnsResolvers',
  'Microsoft.Network/dnsZones',
  'Microsoft.Network/expressRouteCircuits',
  'Microsoft.Network/firewallPolicies',
  'Microsoft.Network/ipGroups',
  'Microsoft.Network/loadBalancers',
  'Microsoft.Network/localNetworkGateways',
  'Microsoft.Network/networkInterfaces/tapConfigurations',
  'Microsoft.Network/networkWatchers',
  'Microsoft.Network/privateLinkServices',
  'Microsoft.Network/publicIPPrefixes',
  'Microsoft.Network/routeFilters',
  'Microsoft.Network/routeTables',
  'Microsoft.Network/serviceEndpointPolicies',
  'Microsoft.Network/virtualHubs',
  'Microsoft.Network/virtualNetworkGateways',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
  'Microsoft.Network/virtualNetworkTaps',
  'Microsoft.Network/virtualWans',
  'Microsoft.OperationalInsights/clusters',
  'Microsoft.OperationalInsights/queryPacks',
  'Microsoft.OperationalInsights/workspaces/dataExports',
  'Microsoft.OperationalInsights/workspaces/linkedServices',
  'Microsoft.OperationalInsights/workspaces/linkedStorageAccounts',
  'Microsoft.OperationalInsights/workspaces/savedSearches',
  'Microsoft.OperationalInsights/workspaces/storageInsightConfigs',
  'Microsoft.Resources/deploymentScripts',
  'Microsoft.Resources/templateSpecs',
  'Microsoft.Storage/storageAccounts/encryptionScopes',
  'Microsoft.Storage/storageAccounts/inventoryPolicies',
  'Microsoft.Storage/storageAccounts/localUsers',
  'Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations',
  'Microsoft.Storage/storageAccounts/objectReplicationPolicies',
  'Microsoft.Storage/storageAccounts/storageTaskAssignments',
];

const deployments = 'Microsoft.Resources/deployments';

const deploymentNotFound = (id: string): ArmError =>
  new ArmError(404, 'DeploymentNotFound', `Deployment '${nameOf(id)}' could not be found.`);

/** Extension resources: they belong to any scope. */
const extensions = [
  'Microsoft.Authorization/denyAssignments',
  'Microsoft.Authorization/roleAssignmentScheduleInstances',
  'Microsoft.Authorization/roleEligibilityScheduleInstances',
  'Microsoft.Insights/diagnosticSettings',
  deployments,
  'Microsoft.Resources/deploymentStacks',
];

function emptyCollection(type: string, extension: boolean): ResourceType {
  return {
    type,
    style: 'sync',
    duration: {},
    proxy: extension || type.split('/').length > 2,
    extension,
    prepare: () => {
      throw notEmulated('PUT', `on ${type}`);
    },
    ...(type === deployments ? { notFound: deploymentNotFound } : {}),
  };
}

/** The types of which there is no resource. */
export const types: ResourceType[] = [
  ...names.map((type) => emptyCollection(type, false)),
  ...extensions.map((type) => emptyCollection(type, true)),
];
