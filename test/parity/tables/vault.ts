import { absent, includes } from '../operation.ts';
import type { Table } from '../operation.ts';
import { notEmulated, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-02-01';
const type = 'Microsoft.KeyVault/vaults';
const namespace = 'Microsoft.KeyVault';
const page = 'keyvault/vaults';
const vaultId = `{group}/providers/${type}/kvparity01`;
const deletedId = '{subscription}/providers/Microsoft.KeyVault/locations/westus2/deletedVaults/kvparity01';

const vaults = resource({
  type,
  id: vaultId,
  version,
  page,
  body: {
    location: 'westus2',
    properties: {
      tenantId: '{tenant}',
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      publicNetworkAccess: 'Disabled',
    },
  },
  create: atOnce(200, { id: vaultId, properties: { provisioningState: 'RegisteringDns' } }),
  update: atOnce(200, { id: vaultId, properties: { provisioningState: 'Succeeded' } }),
  facts: {
    location: 'westus2',
    properties: {
      provisioningState: 'Succeeded',
      tenantId: '{tenant}',
      sku: { family: 'A', name: 'standard' },
      vaultUri: 'https://kvparity01.vault.azure.net/',
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: 'Disabled',
    },
  },
  lists: [`{group}/providers/${type}`, `{subscription}/providers/${type}`],
  patch: {
    body: { properties: { publicNetworkAccess: 'Enabled' } },
    expected: atOnce(200, { properties: { publicNetworkAccess: 'Enabled' } }),
  },
  more: [
    {
      name: 'accessPolicies',
      method: 'PUT',
      path: `${vaultId}/accessPolicies/add`,
      body: { properties: { accessPolicies: [] } },
      expected: notEmulated,
    },
    {
      name: 'create a secret',
      method: 'PUT',
      path: `${vaultId}/secrets/one`,
      body: { properties: { value: 'x' } },
      expected: notEmulated,
    },
    { name: 'list keys of a vault', method: 'GET', path: `${vaultId}/keys`, expected: notEmulated },
  ],
  delete: { status: 200, body: '' },
});

const deletedFacts = {
  id: deletedId,
  name: 'kvparity01',
  type: 'Microsoft.KeyVault/deletedVaults',
  properties: { vaultId, location: 'westus2', deletionDate: String, scheduledPurgeDate: String },
};
const check = '{subscription}/providers/Microsoft.KeyVault/checkNameAvailability';

export const vault: Table = {
  name: 'vault',
  operations: [
    route(
      namespace,
      'checkNameAvailability of a free name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: true, reason: absent }),
      { name: 'kvparityfree', type },
    ),
    ...vaults,
    route(
      namespace,
      'list deleted vaults',
      'GET',
      '{subscription}/providers/Microsoft.KeyVault/deletedVaults',
      version,
      page,
      atOnce(200, { value: includes(deletedFacts) }),
    ),
    route(namespace, 'get a deleted vault', 'GET', deletedId, version, page, atOnce(200, deletedFacts)),
    route(
      namespace,
      'checkNameAvailability of a deleted name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: false, reason: 'AlreadyExists', message: String }),
      { name: 'kvparity01', type },
    ),
    route(namespace, 'purge a deleted vault', 'POST', `${deletedId}/purge`, version, page, {
      status: 202,
      headers: { 'retry-after': /^\d+$/ },
      body: '',
      location: { status: 200, body: {} },
    }),
    route(namespace, 'get a purged vault', 'GET', deletedId, version, page, {
      status: 404,
      body: { error: { code: String, message: String } },
    }),
    route(
      namespace,
      'list deleted managed HSMs',
      'GET',
      '{subscription}/providers/Microsoft.KeyVault/deletedManagedHSMs',
      version,
      'keyvault/managed-hsms',
      atOnce(200, { value: [] }),
    ),
  ],
};
