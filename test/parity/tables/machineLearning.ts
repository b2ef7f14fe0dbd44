import { guid, includes } from '../operation.ts';
import type { Expected, Operation, Table } from '../operation.ts';
import { notEmulated, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';
import { dependencies, workspaceBody, workspaceSetUp, workspaceVersion as version } from './mlSetUp.ts';

const type = 'Microsoft.MachineLearningServices/workspaces';
const id = `{group}/providers/${type}/mlw`;
const page = 'azureml/workspaces';
const done = { status: 200, body: { status: 'Succeeded', percentComplete: 100 } } as const;
const accepted = (result: NonNullable<Expected['location']>): Expected => ({
  status: 202,
  body: '',
  asyncOperation: done,
  location: result,
});
const put = accepted({ status: 200, body: { id, properties: { provisioningState: 'Succeeded' } } });

/** A container of versions, and one version in it. */
function asset(
  segment: 'codes' | 'models' | 'environments',
  name: string,
  properties: { [member: string]: string },
): Operation[] {
  const of = `azureml/${{ codes: 'code', models: 'model', environments: 'environment' }[segment]}`;
  const container = `${id}/${segment}/${name}`;
  const versionId = `${container}/versions/1`;
  return resource({
    type: `${type}/${segment}`,
    id: container,
    version,
    page: `${of}-containers`,
    body: { properties: { description: 'parity' } },
    create: atOnce(201, { id: container, properties: { description: 'parity' } }),
    update: atOnce(200, { id: container, properties: { description: 'parity' } }),
    facts: { properties: { description: 'parity', isArchived: false, latestVersion: null } },
    more: [
      resource({
        type: `${type}/${segment}/versions`,
        id: versionId,
        version,
        page: `${of}-versions`,
        body: { properties },
        create: atOnce(201, { id: versionId, properties }),
        update: atOnce(200, { id: versionId, properties }),
        facts: { properties },
        delete: { status: 200, body: '' },
      }),
    ],
    delete: { status: 200, body: '' },
  });
}

const datastore = `${id}/datastores/more`;
const datastores = resource({
  type: `${type}/datastores`,
  id: datastore,
  version,
  page: 'azureml/datastores',
  body: {
    properties: {
      datastoreType: 'AzureBlob',
      accountName: 'stparityml',
      containerName: 'data',
      credentials: { credentialsType: 'None' },
    },
  },
  create: atOnce(201, { id: datastore, properties: { datastoreType: 'AzureBlob' } }),
  update: atOnce(200, { id: datastore, properties: { datastoreType: 'AzureBlob' } }),
  facts: {
    properties: {
      datastoreType: 'AzureBlob',
      accountName: 'stparityml',
      containerName: 'data',
      isDefault: false,
      credentials: { credentialsType: 'None' },
    },
  },
  more: [
    {
      name: 'list the default one',
      method: 'GET',
      path: `${id}/datastores?isDefault=true`,
      expected: atOnce(200, { value: [{ name: 'workspaceblobstore' }] }),
    },
    { name: 'listSecrets', expected: notEmulated },
  ],
  delete: { status: 200, body: '' },
});

const blobs = 'https://stparityml.blob.core.windows.net/data';
const workspaces = resource({
  type,
  id,
  version,
  page,
  body: workspaceBody,
  create: put,
  update: put,
  facts: {
    location: 'westus2',
    identity: { type: 'SystemAssigned', principalId: guid, tenantId: '{tenant}' },
    properties: {
      ...dependencies,
      provisioningState: 'Succeeded',
      workspaceId: guid,
      discoveryUrl: 'https://westus2.api.azureml.ms/discovery',
      v1LegacyMode: false,
      privateEndpointConnections: [],
    },
  },
  lists: [`{group}/providers/${type}`, `{subscription}/providers/${type}`],
  patch: {
    body: { properties: { description: 'patched' } },
    expected: atOnce(200, { properties: { description: 'patched' } }),
  },
  more: [
    {
      name: 'listKeys',
      expected: atOnce(200, {
        userStorageKey: String,
        userStorageResourceId: dependencies.storageAccount,
        appInsightsInstrumentationKey: guid,
        containerRegistryCredentials: Object,
      }),
    },
    datastores,
    asset('codes', 'score', { codeUri: `${blobs}/code` }),
    asset('models', 'linear', { modelUri: `${blobs}/model`, modelType: 'custom_model' }),
    asset('environments', 'scoring', { image: 'crparityml.azurecr.io/score:1' }),
    ...['resyncKeys', 'diagnose', 'listNotebookAccessToken', 'listNotebookKeys', 'listStorageAccountKeys'].map(
      (name) => ({ name, expected: notEmulated }),
    ),
    ...[
      'connections',
      'computes',
      'data',
      'jobs',
      'components',
      'batchEndpoints',
      'outboundRules',
      'outboundNetworkDependenciesEndpoints',
    ].map((name) => ({
      name: `list ${name}`,
      method: 'GET' as const,
      path: `${id}/${name}`,
      expected: notEmulated,
    })),
  ],
  delete: accepted({ status: 204, body: '' }),
});

const namespace = 'Microsoft.MachineLearningServices';
const region = `{subscription}/providers/${namespace}/locations/westus2`;
export const machineLearning: Table = {
  name: 'machineLearning',
  setUp: workspaceSetUp,
  operations: [
    ...workspaces,
    route(
      namespace,
      'usages',
      'GET',
      `${region}/usages`,
      version,
      'azureml/usages',
      atOnce(200, { value: includes({ currentValue: Number, limit: Number, unit: 'Count', name: { value: String } }) }),
    ),
    route(
      namespace,
      'quotas',
      'GET',
      `${region}/quotas`,
      version,
      'azureml/quotas',
      atOnce(200, { value: includes({ limit: Number, unit: 'Count', name: { value: String } }) }),
    ),
    route(
      namespace,
      'vmSizes',
      'GET',
      `${region}/vmSizes`,
      version,
      'azureml/virtual-machine-sizes',
      atOnce(200, { value: includes({ name: 'STANDARD_DS3_V2', vCPUs: 4 }) }),
    ),
    route(namespace, 'updateQuotas', 'POST', `${region}/updateQuotas`, version, 'azureml/quotas', notEmulated, {
      value: [],
    }),
  ],
};
