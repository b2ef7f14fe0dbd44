import { absent } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { notEmulated, readOnly, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-09-01';
const type = 'Microsoft.Storage/storageAccounts';
const name = 'stparity01';
const account = `{group}/providers/${type}/${name}`;
const page = 'storagerp/storage-accounts';
const accepted: Expected = {
  status: 202,
  headers: { 'content-type': /^text\/plain/, 'retry-after': /^\d+$/ },
  body: '',
  location: { status: 200, body: { id: account, properties: { provisioningState: 'Succeeded' } } },
};

const container = `${account}/blobServices/default/containers/data`;
const blobServices = resource({
  type: `${type}/blobServices`,
  id: `${account}/blobServices/default`,
  version,
  page: 'storagerp/blob-services',
  body: { properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } },
  create: atOnce(200, { properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } }),
  update: atOnce(200, { properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } }),
  facts: { properties: { deleteRetentionPolicy: { enabled: true, days: 7 }, cors: { corsRules: [] } } },
  delete: readOnly,
});

const containers = resource({
  type: `${type}/blobServices/containers`,
  id: container,
  version,
  page: 'storagerp/blob-containers',
  body: { properties: { publicAccess: 'None' } },
  create: atOnce(201, { id: container, name: 'data' }),
  update: atOnce(200, { id: container, name: 'data' }),
  facts: { properties: { publicAccess: 'None', leaseStatus: 'Unlocked', leaseState: 'Available' } },
  delete: { status: 200, body: '' },
});

const accounts = resource({
  type,
  id: account,
  version,
  page,
  body: {
    location: 'westus2',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: { allowSharedKeyAccess: false },
  },
  create: accepted,
  update: atOnce(200, { id: account, properties: { provisioningState: 'Succeeded' } }),
  facts: {
    location: 'westus2',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: {
      provisioningState: 'Succeeded',
      allowSharedKeyAccess: false,
      minimumTlsVersion: 'TLS1_2',
      primaryEndpoints: {
        blob: `https://${name}.blob.core.windows.net/`,
        file: `https://${name}.file.core.windows.net/`,
      },
      primaryLocation: 'westus2',
      statusOfPrimary: 'available',
      networkAcls: { defaultAction: 'Allow', bypass: 'AzureServices' },
      encryption: { keySource: 'Microsoft.Storage' },
      privateEndpointConnections: [],
      keys: absent,
    },
  },
  lists: [`{group}/providers/${type}`, `{subscription}/providers/${type}`],
  patch: {
    body: { properties: { allowBlobPublicAccess: true } },
    expected: atOnce(200, { properties: { allowBlobPublicAccess: true } }),
  },
  more: [
    {
      name: 'listKeys',
      expected: atOnce(200, { keys: [{ keyName: 'key1', value: String, permissions: 'FULL' }, { keyName: 'key2' }] }),
    },
    blobServices.filter((one) => one.name !== 'get what is missing'),
    containers,
    { name: 'regenerateKey', body: { keyName: 'key1' }, expected: notEmulated },
    { name: 'ListAccountSas', body: {}, expected: notEmulated },
    { name: 'get the file service', method: 'GET', path: `${account}/fileServices/default`, expected: notEmulated },
    {
      name: 'get the management policy',
      method: 'GET',
      path: `${account}/managementPolicies/default`,
      expected: notEmulated,
    },
  ],
  delete: { status: 200, body: '' },
});

const check = '{subscription}/providers/Microsoft.Storage/checkNameAvailability';
export const storage: Table = {
  name: 'storage',
  operations: [
    route(
      'Microsoft.Storage',
      'checkNameAvailability of a free name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: true }),
      { name: 'stparityfree', type },
    ),
    ...accounts,
    route(
      'Microsoft.Storage',
      'checkNameAvailability of an invalid name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: false, reason: 'AccountNameInvalid', message: String }),
      { name: 'St-1', type },
    ),
    route(
      'Microsoft.Storage',
      'usages',
      'GET',
      '{subscription}/providers/Microsoft.Storage/locations/westus2/usages',
      version,
      'storagerp/usages',
      notEmulated,
    ),
    route(
      'Microsoft.Storage',
      'skus',
      'GET',
      '{subscription}/providers/Microsoft.Storage/skus',
      version,
      'storagerp/skus',
      notEmulated,
    ),
  ],
};
