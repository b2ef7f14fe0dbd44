import { absent, includes } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { notEmulated, readOnly, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2025-11-01';
const type = 'Microsoft.ContainerRegistry/registries';
const id = `{group}/providers/${type}/crparity01`;
const page = 'container-registry/registries';
const succeeded = { status: 200, body: { status: 'Succeeded' } } as const;
const put = (status: number): Expected => ({
  status,
  body: { id, properties: { provisioningState: status === 201 ? 'Creating' : 'Updating' } },
  asyncOperation: succeeded,
});

const scopeMaps = resource({
  type: `${type}/scopeMaps`,
  id: `${id}/scopeMaps/_repositories_pull`,
  version,
  page: 'container-registry/scope-maps',
  body: { properties: { actions: [] } },
  create: notEmulated,
  update: notEmulated,
  facts: { properties: { type: 'SystemDefined', actions: ['repositories/*/content/read'] } },
  delete: readOnly,
});

const registries = resource({
  type,
  id,
  version,
  page,
  body: {
    location: 'westus2',
    sku: { name: 'Premium' },
    properties: { adminUserEnabled: true, publicNetworkAccess: 'Disabled' },
  },
  create: put(201),
  update: put(200),
  facts: {
    location: 'westus2',
    sku: { name: 'Premium', tier: 'Premium' },
    properties: {
      provisioningState: 'Succeeded',
      loginServer: 'crparity01.azurecr.io',
      adminUserEnabled: true,
      publicNetworkAccess: 'Disabled',
      networkRuleBypassOptions: 'AzureServices',
      privateEndpointConnections: [],
      policies: { exportPolicy: { status: 'enabled' }, retentionPolicy: { days: 7, status: 'disabled' } },
      passwords: absent,
    },
  },
  lists: [`{group}/providers/${type}`, `{subscription}/providers/${type}`],
  patch: {
    body: { properties: { adminUserEnabled: true }, tags: { team: 'parity' } },
    expected: atOnce(200, { tags: { team: 'parity' }, properties: { adminUserEnabled: true } }),
  },
  more: [
    {
      name: 'listCredentials',
      expected: atOnce(200, {
        username: 'crparity01',
        passwords: [{ name: 'password', value: String }, { name: 'password2' }],
      }),
    },
    {
      name: 'regenerateCredential',
      body: { name: 'password' },
      expected: atOnce(200, {
        username: 'crparity01',
        passwords: [{ name: 'password', value: String }, { name: 'password2' }],
      }),
    },
    {
      name: 'listUsages',
      method: 'GET',
      path: `${id}/listUsages`,
      expected: atOnce(200, { value: includes({ name: 'Size', limit: Number, currentValue: 0, unit: 'Bytes' }) }),
    },
    scopeMaps,
    {
      name: 'importImage',
      body: {
        source: { registryUri: 'mcr.microsoft.com', sourceImage: 'azureml/minimal-py312-inference:latest' },
        targetTags: ['serving:v1'],
      },
      expected: { status: 202, body: '', asyncOperation: succeeded, location: { status: 200, body: '' } },
    },
    { name: 'scheduleRun', body: { type: 'DockerBuildRequest' }, expected: notEmulated },
  ],
  delete: { status: 202, body: '', asyncOperation: succeeded, location: { status: 204, body: '' } },
});

const check = '{subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability';
export const registry: Table = {
  name: 'registry',
  setUp: [
    [
      '{group}/providers/Microsoft.ContainerRegistry/registries/crparity02',
      version,
      { location: 'westus2', sku: { name: 'Basic' } },
    ],
  ],
  operations: [
    route(
      'Microsoft.ContainerRegistry',
      'checkNameAvailability of a free name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: true }),
      { name: 'crparityfree', type },
    ),
    ...registries,
    route(
      'Microsoft.ContainerRegistry',
      'checkNameAvailability of a taken name',
      'POST',
      check,
      version,
      page,
      atOnce(200, { nameAvailable: false, reason: 'AlreadyExists', message: String }),
      { name: 'crparity02', type },
    ),
  ],
};
