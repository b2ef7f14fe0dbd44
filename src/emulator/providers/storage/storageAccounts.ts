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
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import { primaryEndpoints } from './endpoints.ts';
import {
  nonEmptyText,
  findByName,
  newKey,
  patchAsPut,
  subscriptionOf,
  trackedMembers,
  printable,
} from '../resourceHelpers.ts';

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
  const keys = ['key1', 'key2'].map((keyName) => ({
    keyName,
    value: newKey(),
    permissions: 'FULL',
    creationTime: created,
  }));
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
      keyCreationTime: { key1: created, key2: created },
    },
    secrets: existing?.secrets ?? { keys },
  };
}

/** An account has its blob service from the start; it needs no PUT. */
function addBlobService(cloud: Cloud, account: Resource): void {
  const id = `${account.id}/blobServices/default`;
  if (cloud.find(id)) return;
  const properties = { deleteRetentionPolicy: { enabled: false }, cors: { corsRules: [] } };
  cloud.save({ id, type: `${type}/blobServices`, name: 'default', properties, createdAt: cloud.now() });
}

function prepareContainer(cloud: Cloud, request: PutRequest): Draft {
  if (!/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(request.name)) {
    const message = `The specified resource name contains invalid characters: container '${request.name}'.`;
    throw new ArmError(400, 'ContainerOperationFailure', message);
  }
  const properties = {
    publicAccess: 'None',
    leaseStatus: 'Unlocked',
    leaseState: 'Available',
    ...asObject(request.body['properties']),
    lastModifiedTime: new Date(cloud.now()).toISOString(),
  };
  return { properties };
}

function deleteBlobs(cloud: Cloud, prefix: string): void {
  for (const key of cloud.objects.keys(`blob:${prefix}`)) cloud.objects.delete(key);
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

/** Storage accounts with their blob service and containers. Blobs are cloud objects `blob:{account}/{container}/{name}`. */
export const types: ResourceType[] = [
  {
    type,
    style: 'storage',
    duration: { put: 'storageAccount.put', delete: 'storageAccount.delete' },
    states: { create: 'Creating', update: 'Succeeded' },
    prepare,
    patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body)),
    onCreated: addBlobService,
    toArm: (cloud, resource) => ({
      properties: {
        ...resource.properties,
        privateEndpointConnections: connectionsOf(cloud, resource.id),
      },
    }),
    actions: { listkeys: (_cloud, resource) => ({ status: 200, body: resource.secrets ?? {} }) },
    onDeleted: release,
  },
  {
    type: `${type}/blobServices`,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: (_cloud, request) => ({
      properties: { ...request.existing?.properties, ...asObject(request.body['properties']) },
    }),
    validateDelete: () => {
      throw new ArmError(405, 'MethodNotAllowed', 'The blob service of a storage account cannot be deleted.');
    },
  },
  {
    type: `${type}/blobServices/containers`,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: prepareContainer,
    onDeleted: (cloud, resource) => deleteBlobs(cloud, `${resource.id.split('/')[8] ?? ''}/${resource.name}/`),
  },
];

export const routes: SubscriptionRoute[] = [
  {
    method: 'POST',
    path: '/providers/Microsoft.Storage/checkNameAvailability',
    handle: (cloud, request) => checkNameAvailability(cloud, nonEmptyText(request.body['name']) ?? ''),
  },
];
