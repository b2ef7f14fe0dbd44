import type { ResourceType, SubscriptionRoute } from '../model.ts';
import * as resourceGroup from './resourceGroup.ts';
import { routes as subscription } from './subscription.ts';
import type { Tenancy } from './subscription.ts';

/** Every type that the emulator knows, by its name in lower case. */
export const typeRegistry: ReadonlyMap<string, ResourceType> = new Map(
  [resourceGroup].flatMap(({ types }) => types).map((type) => [type.type.toLowerCase(), type]),
);

/** Everything below a subscription that is not a resource. */
export const subscriptionRoutes = (tenancy: Tenancy): SubscriptionRoute[] => [...subscription(tenancy)];
