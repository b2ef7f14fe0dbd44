import type { JsonObject, SubscriptionRoute } from '../../arm/model.ts';
import { tagNameRoutes } from './tagNames.ts';
import { regions } from '../../arm/regions.ts';

/** Which subscriptions there are, and the tenant that they belong to. */
export interface Tenancy {
  subscriptionIds: readonly string[];
  tenantId: string;
}

/** One subscription as `GET /subscriptions` lists it. */
export const subscriptionToArm = (subscriptionId: string, tenantId: string): JsonObject => ({
  id: `/subscriptions/${subscriptionId}`,
  subscriptionId,
  tenantId,
  displayName: 'Moat emulator',
  state: 'Enabled',
  authorizationSource: 'RoleBased',
  subscriptionPolicies: {
    locationPlacementId: 'Public_2014-09-01',
    quotaId: 'PayAsYouGo_2014-09-01',
    spendingLimit: 'Off',
  },
  managedByTenants: [],
});

/** The subscription itself and its regions. */
export const routes = ({ tenantId }: Tenancy): SubscriptionRoute[] => [
  ...tagNameRoutes,
  {
    method: 'GET',
    path: '',
    handle: (_cloud, { subscriptionId }) => ({ status: 200, body: subscriptionToArm(subscriptionId, tenantId) }),
  },
  {
    method: 'GET',
    path: '/locations',
    handle: (_cloud, { subscriptionId }) => ({
      status: 200,
      body: {
        value: [...regions].map(([name, displayName]) => ({
          id: `/subscriptions/${subscriptionId}/locations/${name}`,
          name,
          type: 'Region',
          displayName,
          regionalDisplayName: displayName,
          metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
        })),
      },
    }),
  },
];
