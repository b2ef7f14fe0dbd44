import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Cloud, SubscriptionRoute } from '../../arm/model.ts';
import { regionOf, regions } from '../../arm/regions.ts';
import { sameSubscription } from '../resourceHelpers.ts';

/** Accounts per region and subscription (Azure docs: scalability targets for standard storage accounts). */
const accountLimit = 250;

function usages(cloud: Cloud, subscriptionId: string, location: string): ActionReply {
  const accounts = cloud
    .ofType('Microsoft.Storage/storageAccounts')
    .filter((account) => account.location === location && sameSubscription(account.id, subscriptionId));
  const name = { value: 'StorageAccounts', localizedValue: 'Storage Accounts' };
  return {
    status: 200,
    body: { value: [{ unit: 'Count', currentValue: accounts.length, limit: accountLimit, name }] },
  };
}

/** A row for each kind, SKU and region. */
function skus(skusOf: ReadonlyMap<string, readonly string[]>): ActionReply {
  const value = [...skusOf].flatMap(([kind, names]) =>
    names.flatMap((name) =>
      [...regions.keys()].map((location) => ({
        resourceType: 'storageAccounts',
        name,
        tier: name.split('_')[0] ?? '',
        kind,
        locations: [location],
        locationInfo: [{ location, zones: [] }],
        capabilities: [],
        restrictions: [],
      })),
    ),
  );
  return { status: 200, body: { value } };
}

/** Usages and SKUs of a subscription. Deleted accounts cannot be recovered here, so their list is empty. */
export const catalogueRoutes = (skusOf: ReadonlyMap<string, readonly string[]>): SubscriptionRoute[] => [
  {
    method: 'GET',
    path: '/providers/Microsoft.Storage/locations/{location}/usages',
    handle: (cloud, { subscriptionId, params }) =>
      usages(cloud, subscriptionId, regionOf(params['location'] ?? '', 'Microsoft.Storage/locations/usages')),
  },
  { method: 'GET', path: '/providers/Microsoft.Storage/skus', handle: () => skus(skusOf) },
  {
    method: 'GET',
    path: '/providers/Microsoft.Storage/deletedAccounts',
    handle: () => ({ status: 200, body: { value: [] } }),
  },
  {
    method: 'GET',
    path: '/providers/Microsoft.Storage/locations/{location}/deletedAccounts/{name}',
    handle: (_cloud, { params }) => {
      const message = `The deleted account ${params['name']} was not found.`;
      throw new ArmError(404, 'DeletedAccountNotFound', message);
    },
  },
];
