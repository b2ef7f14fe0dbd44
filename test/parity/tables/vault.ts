import { absent, includes } from '../operation.ts';
import type { Table } from '../operation.ts';
import { resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-02-01';
const type = 'Microsoft.KeyVault/vaults';
const namespace = 'Microsoft.KeyVault';
const page = 'keyvault/vaults';
const vaultId = `{group}/providers/${type}/kvparity01`;
const deletedId = '{subscription}/providers/Microsoft.KeyVault/locations/westus2/deletedVaults/kvparity01';

const holder = { tenantId: '{tenant}', objectId: '0f0f0f0f-1111-4222-8333-444444444444' };
/** A change of the access policies, and the permissions that are left. */
const policy = (kind: string, secrets: string[], left: string[]) => ({
  name: `accessPolicies: ${kind}`,
  method: 'PUT' as const,
  path: `${vaultId}/accessPolicies/${kind}`,
  body: { properties: { accessPolicies: [{ ...holder, permissions: { secrets } }] } },
  expected: atOnce(200, {
    type: `${type}/accessPolicies`,
    properties: { accessPolicies: left.length > 0 ? [{ ...holder, permissions: { secrets: left } }] : [] },
  }),
});

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
  more: [policy('add', ['get'], ['get']), policy('replace', ['list'], ['list']), policy('remove', ['list'], [])],
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
