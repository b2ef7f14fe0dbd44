import { textOf } from '../http.ts';
import type { Json, JsonObject, SubscriptionRoute, World } from '../model.ts';
import { ArmFault } from '../model.ts';
import { regions } from '../regions.ts';

/** Which subscriptions there are, and the tenant that they belong to. */
export interface Tenancy {
  subscriptionIds: readonly string[];
  tenantId: string;
}

const namespaces = [
  'Microsoft.Authorization',
  'Microsoft.Cdn',
  'Microsoft.Compute',
  'Microsoft.ContainerRegistry',
  'Microsoft.Insights',
  'Microsoft.KeyVault',
  'Microsoft.MachineLearningServices',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.PolicyInsights',
  'Microsoft.Resources',
  'Microsoft.Storage',
];

/** One subscription as `GET /subscriptions` lists it. */
export const presentSubscription = (subscriptionId: string, tenantId: string): JsonObject => ({
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

/** A provider's registration; the object `provider:{namespace}` in lower case overrides it, e.g. with `NotRegistered`. */
export const registrationOf = (world: World, namespace: string): Json =>
  world.objects.get(`provider:${namespace.toLowerCase()}`) ?? 'Registered';

function provider(world: World, subscriptionId: string, namespace: string): JsonObject {
  const known = namespaces.find((name) => name.toLowerCase() === namespace.toLowerCase());
  if (known === undefined)
    throw new ArmFault(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
  return {
    id: `/subscriptions/${subscriptionId}/providers/${known}`,
    namespace: known,
    registrationState: registrationOf(world, known),
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: [],
  };
}

/** The subscription itself, its regions and its resource providers. */
export const routes = ({ tenantId }: Tenancy): SubscriptionRoute[] => [
  {
    method: 'GET',
    path: '',
    answer: (_world, { subscriptionId }) => ({ status: 200, body: presentSubscription(subscriptionId, tenantId) }),
  },
  {
    method: 'GET',
    path: '/locations',
    answer: (_world, { subscriptionId }) => ({
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
  {
    method: 'GET',
    path: '/providers',
    answer: (world, { subscriptionId }) => ({
      status: 200,
      body: { value: namespaces.map((namespace) => provider(world, subscriptionId, namespace)) },
    }),
  },
  {
    method: 'GET',
    path: '/providers/{namespace}',
    answer: (world, { subscriptionId, params }) => ({
      status: 200,
      body: provider(world, subscriptionId, params['namespace'] ?? ''),
    }),
  },
  {
    method: 'POST',
    path: '/providers/{namespace}/register',
    answer: (world, { subscriptionId, params }) => {
      const found = provider(world, subscriptionId, params['namespace'] ?? '');
      world.objects.delete(`provider:${textOf(found['namespace']).toLowerCase()}`);
      return { status: 200, body: provider(world, subscriptionId, params['namespace'] ?? '') };
    },
  },
];
