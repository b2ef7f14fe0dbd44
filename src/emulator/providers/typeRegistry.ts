import type { ResourceType, SubscriptionRoute } from '../arm/model.ts';
import { types as authorization } from './authorization/roleAssignments.ts';
import * as compute from './compute/computeProvider.ts';
import * as containerRegistry from './containerRegistry/registries.ts';
import { types as identities } from './managedIdentity/userAssignedIdentities.ts';
import { types as emptyCollections } from './emptyCollections.ts';
import * as insights from './insights/components.ts';
import * as keyVault from './keyVault/vaults.ts';
import { types as policies } from './authorization/policies.ts';
import { routes as policyRestrictions } from './policyInsights/policyRestrictions.ts';
import { types as locks } from './authorization/managementLocks.ts';
import * as machineLearning from './machineLearningServices/machineLearningProvider.ts';
import { usageRoute } from './network/networkUsages.ts';
import { serviceTagRoute } from './network/serviceTags.ts';
import { types as networkInterfaces } from './network/networkInterfaces.ts';
import { types as recordSets } from './network/privateDnsRecords.ts';
import { types as privateDns } from './network/privateDnsZones.ts';
import { types as privateEndpoints } from './network/privateEndpoints.ts';
import { types as connections } from './network/privateEndpointConnections.ts';
import { types as privateLinkResources } from './network/privateLinkResources.ts';
import { providerRoutes } from './resources/providerRegistrations.ts';
import { types as publicAddresses } from './network/publicAddresses.ts';
import { types as resourceGroups } from './resources/resourceGroups.ts';
import { types as securityGroups } from './network/securityGroups.ts';
import * as storage from './storage/storageAccounts.ts';
import { routes as subscription } from './resources/subscriptions.ts';
import type { Tenancy } from './resources/subscriptions.ts';
import { routes as deploymentRoutes, types as deployments } from '../templates/deployments.ts';
import { types as virtualNetworks } from './network/virtualNetworks.ts';
import { types as zoneGroups } from './network/privateDnsZoneGroups.ts';

const services = [compute, containerRegistry, insights, keyVault, machineLearning, storage];

const types: ResourceType[] = [
  ...resourceGroups,
  ...deployments,
  ...authorization,
  ...locks,
  ...policies,
  ...identities,
  ...securityGroups,
  ...virtualNetworks,
  ...publicAddresses,
  ...networkInterfaces,
  ...privateEndpoints,
  ...zoneGroups,
  ...connections,
  ...privateLinkResources,
  ...privateDns,
  ...recordSets,
  ...services.flatMap((service) => service.types),
  ...emptyCollections,
];

/** Every emulated resource type, by its name in lower case. */
export const typeRegistry: ReadonlyMap<string, ResourceType> = new Map(
  types.map((type) => [type.type.toLowerCase(), type]),
);

/** Everything below a subscription that is not a resource. */
export const subscriptionRoutes = (tenancy: Tenancy): SubscriptionRoute[] => [
  ...services.flatMap((service) => service.routes),
  usageRoute,
  serviceTagRoute,
  ...policyRestrictions,
  ...deploymentRoutes,
  ...subscription(tenancy),
  ...providerRoutes(types),
];
