import type { ResourceType, SubscriptionRoute } from '../model.ts';
import { types as authorization } from './authorization.ts';
import * as compute from './compute.ts';
import * as containerRegistry from './containerRegistry.ts';
import { types as identities } from './identity.ts';
import * as insights from './insights.ts';
import * as keyVault from './keyVault.ts';
import { types as locks } from './locks.ts';
import * as machineLearning from './machineLearning/index.ts';
import { types as networkInterfaces } from './networkInterface.ts';
import { types as privateDns } from './privateDns.ts';
import { types as privateEndpoints } from './privateEndpoint.ts';
import { types as privateLinkViews } from './privateLinkViews.ts';
import { providerRoutes } from './providers.ts';
import { types as publicAddresses } from './publicAddress.ts';
import { types as resourceGroups } from './resourceGroup.ts';
import { types as securityGroups } from './securityGroup.ts';
import * as storage from './storage.ts';
import { routes as subscription } from './subscription.ts';
import type { Tenancy } from './subscription.ts';
import { types as virtualNetworks } from './virtualNetwork.ts';
import { types as zoneGroups } from './zoneGroup.ts';

const services = [compute, containerRegistry, insights, keyVault, machineLearning, storage];

const types: ResourceType[] = [
  ...resourceGroups,
  ...authorization,
  ...locks,
  ...identities,
  ...securityGroups,
  ...virtualNetworks,
  ...publicAddresses,
  ...networkInterfaces,
  ...privateEndpoints,
  ...zoneGroups,
  ...privateLinkViews,
  ...privateDns,
  ...services.flatMap((service) => service.types),
];

/** Every type that the emulator knows, by its name in lower case. */
export const typeRegistry: ReadonlyMap<string, ResourceType> = new Map(
  types.map((type) => [type.type.toLowerCase(), type]),
);

/** Everything below a subscription that is not a resource. */
export const subscriptionRoutes = (tenancy: Tenancy): SubscriptionRoute[] => [
  ...services.flatMap((service) => service.routes),
  ...subscription(tenancy),
  ...providerRoutes(types),
];
