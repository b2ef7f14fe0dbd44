import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type {
  ActionReply,
  Draft,
  PutRequest,
  Resource,
  ResourceType,
  SubscriptionRoute,
  Cloud,
} from '../../arm/model.ts';
import { keyActions, newKeys } from './accountKeys.ts';
import { primaryEndpoints } from './endpoints.ts';
import { types as managementPolicies } from './managementPolicies.ts';
import { catalogueRoutes } from './storageCatalogue.ts';
import { deleteBlobs, types as containers } from './storageContainers.ts';
import { addServices, types as services } from './storageServices.ts';
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import { nonEmptyText, findByName, patchAsPut, subscriptionOf, trackedMembers, printable } from '../resourceHelpers.ts';

const type = 'Microsoft.Storage/storageAccounts';

/** Azure docs: resolve errors for storage account names. */
const namePattern = /^[a-z0-9]{3,24}$/;
const nameRule =
  'Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.';

const redundant = ['LRS', 'GRS', 'RAGRS', 'ZRS', 'GZRS', 'RAGZRS'].map((redundancy) => `Standard_${redundancy}`);
const premium = ['Premium_LRS', 'Premium_ZRS'];

/** SKUs by kind of account (Azure docs: storage account overview). */
const skusOf = new Map([
  ['StorageV2', [...redundant, 'Premium_LRS']],
  ['Storage', ['Standard_LRS', 'Standard_GRS', 'Standard_RAGRS', 'Premium_LRS']],
  ['BlobStorage', ['Standard_LRS', 'Standard_GRS', 'Standard_RAGRS']],
  ['BlockBlobStorage', premium],
  ['FileStorage', premium],
]);

/** @throws ArmError AccountNameInvalid, StorageAccountInAnotherResourceGroup, StorageAccountAlreadyTaken */
function checkName(cloud: Cloud, name: string, id: string): void {
  if (!namePattern.test(name)) {
    throw new ArmError(400, 'AccountNameInvalid', `${name} is not a valid storage account name. ${nameRule}`);
  }
  const holder = findByName(cloud, type, name, id);
  if (holder === undefined && isHeld(cloud, name)) {
    throw new ArmError(409, 'StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`);
  }
  if (holder === undefined) return;
  if (subscriptionOf(holder.id) === subscriptionOf(id)) {
    const message = `The account ${name} is already in another resource group in this subscription.`;
    throw new ArmError(409, 'StorageAccountInAnotherResourceGroup', message);
  }
  throw new ArmError(409, 'StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`);
}

/** A deleted account's name is not free at once: object `nameHeld:{name}`, the instant until which it is held. */
const isHeld = (cloud: Cloud, name: string): boolean =>
  Number(cloud.objects.get(`nameHeld:${name}`) ?? 0) > cloud.now();

/** The object `storageNameHeldSeconds` says for how many seconds of Azure; default: not at all. */
function release(cloud: Cloud, { name }: Resource): void {
  deleteBlobs(cloud, `${name}/`);
  const seconds = Number(cloud.objects.get('storageNameHeldSeconds') ?? 0);
  if (seconds > 0) cloud.objects.put(`nameHeld:${name}`, cloud.now() + seconds * 1000 * cloud.timeScale);
}

/** @throws ArmError InvalidValuesForRequestParameters for an unknown or incompatible kind or SKU */
function checkKind(kind: string | undefined, sku: string | undefined): void {
  const known = skusOf.get(kind ?? '');
  const everySku = [...skusOf.values()].flat();
  const invalid = [
    ...(known ? [] : ['kind']),
    ...((known ?? everySku).includes(sku ?? '') ? [] : everySku.includes(sku ?? '') ? ['kind', 'sku'] : ['sku']),
  ];
  if (invalid.length === 0) return;
  const message = `Values for request parameters are invalid: ${invalid.join(', ')}. For more information, see - https://aka.ms/storageaccounttypes`;
  throw new ArmError(400, 'InvalidValuesForRequestParameters', message);
}

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { name, existing } = request;
  checkName(cloud, name, request.id);
  const tracked = trackedMembers(request);
  checkKind(tracked.kind, nonEmptyText(tracked.sku?.['name']));
  const created = new Date(existing?.createdAt ?? cloud.now()).toISOString();
  return {
    ...tracked,
    sku: { ...tracked.sku, tier: printable(tracked.sku?.['name']).split('_')[0] ?? 'Standard' },
    properties: {
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
      encryption: {
        services: Object.fromEntries(
          ['file', 'blob'].map((service) => [service, { keyType: 'Account', enabled: true, lastEnabledTime: created }]),
        ),
        keySource: 'Microsoft.Storage',
      },
      ...existing?.properties,
      ...asObject(request.body['properties']),
      primaryEndpoints: primaryEndpoints({ ...tracked, name }),
      primaryLocation: tracked.location,
      statusOfPrimary: 'available',
      creationTime: created,
      keyCreationTime: existing?.properties['keyCreationTime'] ?? { key1: created, key2: created },
    },
    secrets: existing?.secrets ?? { keys: newKeys(created) },
  };
}

function checkNameAvailability(cloud: Cloud, name: string): ActionReply {
  if (!namePattern.test(name)) {
    const message = `${name} is not a valid storage account name. ${nameRule}`;
    return { status: 200, body: { nameAvailable: false, reason: 'AccountNameInvalid', message } };
  }
  if (findByName(cloud, type, name) || isHeld(cloud, name)) {
    const message = `The storage account named ${name} is already taken.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}

/** Storage accounts with their services and what these contain. */
export const types: ResourceType[] = [
  {
    type,
    style: 'storage',
    duration: { put: 'storageAccount.put', delete: 'storageAccount.delete' },
    states: { create: 'Creating', update: 'Succeeded' },
    prepare,
    patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body)),
    onCreated: addServices,
    toArm: (cloud, resource) => ({
      properties: {
        ...resource.properties,
        privateEndpointConnections: connectionsOf(cloud, resource.id),
      },
    }),
    actions: keyActions,
    onDeleted: release,
  },
  ...services,
  ...containers,
  ...managementPolicies,
];

export const routes: SubscriptionRoute[] = [
  ...catalogueRoutes(skusOf),
  {
    method: 'POST',
    path: '/providers/Microsoft.Storage/checkNameAvailability',
    handle: (cloud, request) => checkNameAvailability(cloud, nonEmptyText(request.body['name']) ?? ''),
  },
];
