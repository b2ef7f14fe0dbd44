import { absent, includes } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { notEmulated, resource, route } from '../resource.ts';
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
    {
      name: 'regenerateKey',
      body: { keyName: 'key1' },
      expected: atOnce(200, {
        keys: [
          { keyName: 'key1', value: String },
          { keyName: 'key2', value: String },
        ],
      }),
    },
    {
      name: 'ListAccountSas',
      body: {
        signedServices: 'b',
        signedResourceTypes: 'c',
        signedPermission: 'r',
        signedExpiry: '2027-01-01T00:00:00Z',
      },
      expected: atOnce(200, { accountSasToken: /^sv=.*&sig=/ }),
    },
    { name: 'failover', expected: notEmulated },
    { name: 'ListServiceSas', body: {}, expected: notEmulated },
  ],
  delete: { status: 200, body: '' },
});

const check = '{subscription}/providers/Microsoft.Storage/checkNameAvailability';
const region = '{subscription}/providers/Microsoft.Storage/locations/westus2';
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
      `${region}/usages`,
      version,
      'storagerp/usages',
      atOnce(200, { value: [{ unit: 'Count', currentValue: Number, limit: 250, name: { value: 'StorageAccounts' } }] }),
    ),
    route(
      'Microsoft.Storage',
      'skus',
      'GET',
      '{subscription}/providers/Microsoft.Storage/skus',
      version,
      'storagerp/skus',
      atOnce(200, { value: includes({ resourceType: 'storageAccounts', name: 'Standard_LRS', kind: 'StorageV2' }) }),
    ),
    route(
      'Microsoft.Storage',
      'list deleted accounts',
      'GET',
      '{subscription}/providers/Microsoft.Storage/deletedAccounts',
      version,
      'storagerp/deleted-accounts',
      atOnce(200, { value: [] }),
    ),
    route(
      'Microsoft.Storage',
      'get a deleted account',
      'GET',
      `${region}/deletedAccounts/none`,
      version,
      'storagerp/deleted-accounts',
      atOnce(404, { error: { code: 'DeletedAccountNotFound' } }),
    ),
  ],
};
