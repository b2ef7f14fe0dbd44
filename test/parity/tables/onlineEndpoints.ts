import { guid } from '../operation.ts';
import type { Expected, Fact, Table } from '../operation.ts';
import { resource } from '../resource.ts';
import { atOnce } from '../styles.ts';
import { workspaceBody, workspaceSetUp, workspaceVersion as version } from './mlSetUp.ts';

const workspace = '{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw';
const type = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const endpoint = `${workspace}/onlineEndpoints/parity-endpoint`;
const deployment = `${endpoint}/deployments/blue`;
const location = 'westus2';
const headers = { 'x-ms-async-operation-timeout': 'PT30M' };
const succeeded = { status: 200, body: { status: 'Succeeded', percentComplete: 100 } } as const;

const put = (status: number, id: string, state: string): Expected => ({
  status,
  headers,
  body: { id, properties: { provisioningState: state } },
  asyncOperation: succeeded,
  location: { status: 200, body: { id, properties: { provisioningState: 'Succeeded' } } },
});
const accepted = (result: Expected['location']): Expected => ({
  status: 202,
  headers: { ...headers, 'retry-after': /^\d+$/ },
  body: '',
  asyncOperation: succeeded,
  ...(result ? { location: result } : {}),
});
const removed = accepted({ status: 204, body: '' });

const sku = { name: 'Default', capacity: 1 };
const deploymentFacts: Fact = {
  endpointComputeType: 'Managed',
  instanceType: 'Standard_F2s_v2',
  egressPublicNetworkAccess: 'Disabled',
  model: `${workspace}/models/linear/versions/1`,
  environmentId: `${workspace}/environments/scoring/versions/1`,
};

const deployments = resource({
  type: `${type}/deployments`,
  id: deployment,
  version,
  page: 'azureml/online-deployments',
  body: {
    location,
    sku,
    properties: {
      ...(deploymentFacts as object),
      codeConfiguration: { codeId: `${workspace}/codes/score/versions/1`, scoringScript: 'score.py' },
    },
  },
  create: put(201, deployment, 'Creating'),
  update: put(200, deployment, 'Updating'),
  facts: { location, sku, properties: { ...(deploymentFacts as object), provisioningState: 'Succeeded' } },
  patch: {
    body: { sku: { name: 'Default', capacity: 2 } },
    expected: accepted({ status: 200, body: { sku: { name: 'Default', capacity: 2 } } }),
  },
  more: [
    { name: 'getLogs', body: { tail: 10 }, expected: atOnce(200, { content: String }) },
    {
      name: 'list its sizes',
      method: 'GET',
      path: `${deployment}/skus`,
      expected: atOnce(200, { value: [{ sku: { name: 'Default' }, capacity: { minimum: 1, maximum: Number } }] }),
    },
  ],
  delete: removed,
});

const endpoints = resource({
  type,
  id: endpoint,
  version,
  page: 'azureml/online-endpoints',
  body: {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key', publicNetworkAccess: 'Disabled' },
  },
  create: put(201, endpoint, 'Creating'),
  update: put(200, endpoint, 'Updating'),
  facts: {
    location,
    identity: { type: 'SystemAssigned', principalId: guid, tenantId: '{tenant}' },
    properties: {
      provisioningState: 'Succeeded',
      authMode: 'Key',
      publicNetworkAccess: 'Disabled',
      scoringUri: 'https://parity-endpoint.westus2.inference.ml.azure.com/score',
      swaggerUri: 'https://parity-endpoint.westus2.inference.ml.azure.com/swagger.json',
      traffic: {},
    },
  },
  patch: {
    body: { tags: { team: 'parity' } },
    expected: accepted({ status: 200, body: { tags: { team: 'parity' } } }),
  },
  more: [
    { name: 'listKeys', expected: atOnce(200, { primaryKey: String, secondaryKey: String }) },
    {
      name: 'token',
      expected: atOnce(200, {
        accessToken: /^[^.]+\.[^.]+\.[^.]*$/,
        tokenType: 'Bearer',
        expiryTimeUtc: Number,
        refreshAfterTimeUtc: Number,
      }),
    },
    { name: 'regenerateKeys', body: { keyType: 'Primary' }, expected: accepted({ status: 200, body: '' }) },
    deployments,
  ],
  delete: removed,
});

const blobs = 'https://stparityml.blob.core.windows.net/data/moat';
const asset = (path: string, properties: object) =>
  [`${workspace}/${path}/versions/1`, version, { properties }] as const;

export const onlineEndpoints: Table = {
  name: 'onlineEndpoints',
  objects: {
    'image:crparityml.azurecr.io/score:1': { digest: 'sha256:0a' },
    'blob:stparityml/data/moat/code/score.py': 'def run(raw_data): pass',
    'blob:stparityml/data/moat/model/model.json': '{}',
  },
  setUp: [
    ...workspaceSetUp,
    [workspace, version, workspaceBody],
    asset('codes/score', { codeUri: `${blobs}/code` }),
    asset('models/linear', { modelUri: `${blobs}/model` }),
    asset('environments/scoring', { image: 'crparityml.azurecr.io/score:1' }),
  ],
  operations: endpoints,
};
