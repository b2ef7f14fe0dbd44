import { guid, includes } from '../operation.ts';
import type { Expected, Fact, Operation, Table } from '../operation.ts';
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

/** Pages of the REST reference, without their endings. */
const pages = {
  codes: 'code',
  models: 'model',
  environments: 'environment',
  components: 'component',
  data: 'data',
} as const;

/** A container of versions, and one version in it. */
function asset(segment: keyof typeof pages, name: string, properties: { [member: string]: Fact }): Operation[] {
  const of = `azureml/${pages[segment]}`;
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
    { name: 'listSecrets', expected: atOnce(200, { secretsType: 'None' }) },
  ],
  delete: { status: 200, body: '' },
});

const connectionId = `${id}/connections/search`;
const connectionFacts: Fact = { category: 'CognitiveSearch', target: 'https://search.example.com', authType: 'ApiKey' };
const connections = resource({
  type: `${type}/connections`,
  id: connectionId,
  version,
  page: 'azureml/workspace-connections',
  body: { properties: { ...(connectionFacts as object), credentials: { key: 'hidden' } } },
  create: atOnce(200, { id: connectionId, properties: connectionFacts }),
  update: atOnce(200, { id: connectionId, properties: connectionFacts }),
  facts: { properties: { ...(connectionFacts as object), credentials: null } },
  patch: {
    body: { properties: { ...(connectionFacts as object), credentials: { key: 'other' } } },
    expected: atOnce(200, { properties: connectionFacts }),
  },
  more: [
    {
      name: 'listSecrets',
      path: `${connectionId}/listsecrets`,
      expected: atOnce(200, { properties: { credentials: { key: 'other' } } }),
    },
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
    asset('components', 'step', { componentSpec: { name: 'step', type: 'command' } }),
    asset('data', 'rows', { dataType: 'uri_file', dataUri: `${blobs}/rows.csv` }),
    connections,
    { name: 'resyncKeys', expected: accepted({ status: 200, body: '' }) },
    {
      name: 'diagnose',
      body: { value: {} },
      expected: accepted({ status: 200, body: { value: { storageAccountResults: [], resourceLockResults: [] } } }),
    },
    { name: 'prepareNotebook', expected: accepted({ status: 200, body: { fqdn: String, resourceId: String } }) },
    { name: 'listNotebookKeys', expected: atOnce(200, { primaryAccessKey: String, secondaryAccessKey: String }) },
    {
      name: 'listNotebookAccessToken',
      expected: atOnce(200, { accessToken: String, tokenType: 'Bearer', expiresIn: Number }),
    },
    { name: 'listStorageAccountKeys', expected: atOnce(200, { userStorageKey: String }) },
    {
      name: 'outboundNetworkDependenciesEndpoints',
      method: 'GET',
      path: `${id}/outboundNetworkDependenciesEndpoints`,
      expected: atOnce(200, { value: includes({ properties: { category: 'Azure Storage', endpoints: Array } }) }),
    },
    {
      name: 'provisionManagedNetwork',
      body: { includeSpark: false },
      expected: { status: 400, body: { error: { code: 'ValidationError', message: /has no managed network/ } } },
    },
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
