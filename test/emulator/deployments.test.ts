import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../src/emulator/http/call.ts';
import type { Json, JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure } from './servicesHarness.ts';

const location = 'westus2';
const image = 'crdep1.azurecr.io/moat/score@sha256:0a';
let azure: Azure;
let workspace: string;
let endpoint: string;
let files: string;
let count = 0;

const serving = {
  python: '3.12',
  serving: '/azureml-envs/minimal',
  environments: {
    '/azureml-envs/minimal': { 'azureml-inference-server-http': '1.4.1', 'scikit-learn': '1.7.0', joblib: '1.5.0' },
  },
  starts: 'runsvdir',
  labels: {},
  sizeGb: 2,
};
const setImage = (contents: Json): Promise<void> =>
  azure.object(`image:${image}`, { digest: 'sha256:0a', manifest: JSON.stringify({ contents }) });

const body = (change: JsonObject = {}, capacity = 1): JsonObject => ({
  location,
  sku: { name: 'Default', capacity },
  properties: {
    endpointComputeType: 'Managed',
    instanceType: 'Standard_DS3_v2',
    egressPublicNetworkAccess: 'Disabled',
    model: `${workspace}/models/m/versions/1`,
    environmentId: `${workspace}/environments/e/versions/1`,
    codeConfiguration: { codeId: `${workspace}/codes/c/versions/1`, scoringScript: 'score.py' },
    ...change,
  },
});

/** Makes an endpoint with one deployment. Returns the deployment's state, the error of its operation and its log. */
async function deploy(change: JsonObject = {}): Promise<{ state: Json; error: JsonObject | undefined; log: string }> {
  count += 1;
  endpoint = `${workspace}/onlineEndpoints/dep-${count}`;
  await azure.putResource(endpoint, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  });
  const id = `${endpoint}/deployments/blue`;
  const { properties } = await azure.putResource(id, body(change));
  const { body: operations } = await azure.send('get', '/_emulator/operations', undefined, { below: id });
  const log = await azure.send('post', `${id}/getLogs`, {});
  const [operation] = operations as unknown as JsonObject[];
  await azure.send('delete', endpoint);
  await azure.untilDeleted(endpoint);
  return {
    state: (properties as JsonObject)['provisioningState'] ?? null,
    error: operation?.['error'] as JsonObject | undefined,
    log: textOf(log.body['content']),
  };
}

const at = (what: string): string => `azureml://datastores/workspaceblobstore/paths/a/${what}`;

beforeAll(async () => {
  azure = await Azure.start();
  workspace = await azure.workspace('rg-dep', 'dep1');
  const { body: store } = await azure.send('get', `${workspace}/datastores/workspaceblobstore`);
  files = `stdep1/${textOf((store['properties'] as JsonObject)['containerName'])}/a`;
  await azure.putResource(`${workspace}/codes/c/versions/1`, { properties: { codeUri: at('code') } });
  await azure.putResource(`${workspace}/models/m/versions/1`, { properties: { modelUri: at('model') } });
  await azure.putResource(`${workspace}/environments/e/versions/1`, { properties: { image } });
  await reset();
});
const reset = async (): Promise<void> => {
  await setImage(serving);
  await azure.object(`blob:${files}/code/score.py`, 'import joblib\nfrom lib.utils import clean\ndef init(): pass');
  await azure.object(`blob:${files}/code/lib/utils.py`, 'import json');
  await azure.object(`blob:${files}/model/m.pkl`, '{}');
  for (const key of ['crashForm', 'modelLoadSeconds', 'quota:ml:subscription'])
    await azure.send('delete', `/_emulator/objects/${key}`);
};
afterEach(reset);
afterAll(() => azure.stop());

const crash =
  'User container has crashed or terminated: Liveness probe failed: HTTP probe failed with statuscode: 502. Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-resourcenotready';

test('a deployment whose code, model and image fit comes up', async () => {
  const { state, log } = await deploy();
  expect(state).toBe('Succeeded');
  expect(log).toContain('Run function was found');
});

test.each([
  [
    'a module that was not uploaded',
    () => azure.send('delete', `/_emulator/objects/blob:${files}/code/lib/utils.py`),
    "ModuleNotFoundError: No module named 'lib'",
  ],
  [
    'a model that is a Git LFS pointer',
    () =>
      azure.object(`blob:${files}/model/m.pkl`, 'version https://git-lfs.github.com/spec/v1\noid sha256:0a\nsize 9'),
    "_pickle.UnpicklingError: invalid load key, 'v'.",
  ],
  [
    'an image without the inference server',
    () => setImage({ ...serving, environments: {} }),
    'A required package azureml-inference-server-http is missing.',
  ],
  [
    'a serving environment without scikit-learn',
    () =>
      setImage({
        ...serving,
        environments: { '/azureml-envs/minimal': { 'azureml-inference-server-http': '1.4.1', joblib: '1' } },
      }),
    "ModuleNotFoundError: No module named 'sklearn'",
  ],
])('%s crashes the container, and the log says why', async (_title, spoil, line) => {
  await spoil();
  const { state, error, log } = await deploy();
  expect([state, error]).toEqual(['Failed', { code: 'BadArgument', message: crash }]);
  expect(log).toContain(line);
});

test('a model that loads longer than the liveness probe waits crashes; with a patient probe it comes up', async () => {
  await azure.object('modelLoadSeconds', 500);
  const impatient = await deploy();
  expect(impatient.error).toEqual({ code: 'BadArgument', message: crash });
  expect(impatient.log).toContain('Liveness probe failed');
  const livenessProbe = { initialDelay: 'PT8M20S', period: 'PT1M40S', failureThreshold: 30 };
  expect((await deploy({ livenessProbe })).state).toBe('Succeeded');
});

test.each([
  ['nullCode', { code: null, message: `ResourceNotReady: ${crash}` }],
  ['noCode', { message: `ResourceNotReady: ${crash}` }],
])('the former form of a crash can be chosen: %s', async (form, expected) => {
  await azure.object('crashForm', form);
  await azure.object('modelLoadSeconds', 500);
  expect((await deploy()).error).toEqual(expected);
});

test('cores beyond the quota are refused at once, the numbers in a text inside the details', async () => {
  await azure.object('quota:ml:subscription', 'new');
  endpoint = `${workspace}/onlineEndpoints/dep-quota`;
  await azure.putResource(endpoint, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  });
  const refused = await azure.send('put', `${endpoint}/deployments/blue`, body());
  expect([refused.status, refused.code, refused.message]).toEqual([400, 'BadRequest', 'The request is invalid.']);
  const [detail] = (refused.body['error'] as { details: { code: string; message: string }[] }).details;
  expect(detail?.code).toBe('InferencingClientCreateDeploymentFailed');
  expect(detail?.message).toMatch(
    /^InferencingClient HttpRequest error, error detail: \{"errors":\{"VmSize":\["Not enough/,
  );
  expect(detail?.message).toContain(
    `for Standard_DS3_v2 in SubscriptionId ${azure.subscriptionId}. Current usage/limit: 0/6. Additional needed: 8 Please`,
  );
});

test('usages have dedicated, low-priority, total and workspace rows', async () => {
  const path = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}/usages`;
  const { body: answer } = await azure.send('get', path);
  const rows = (answer['value'] as { id: string; type: string; limit: number; name: { value: string } }[]).filter(
    ({ name }) => ['standardDSv2Family', 'TotalDedicatedCores'].includes(name.value),
  );
  expect(rows.map(({ type, limit }) => [type.replace('Microsoft.MachineLearningServices/', ''), limit])).toEqual([
    ['vmFamily/lowPriorityCores/usages', -1],
    ['workspaces/dedicatedCores/usages', -1],
    ['vmFamily/dedicatedCores/usages', 100],
    ['totalDedicatedCores/usages', 1000],
  ]);
  expect(rows[1]?.id).toContain('/workspaces/');
});

test('files in a datastore by account key are out of reach where the account refuses keys', async () => {
  const account = `${azure.groupId('rg-dep')}/providers/Microsoft.Storage/storageAccounts/stdep1`;
  await azure.send('patch', account, { properties: { allowSharedKeyAccess: false } });
  const { state, error } = await deploy();
  await azure.send('patch', account, { properties: { allowSharedKeyAccess: true } });
  expect(state).toBe('Failed');
  expect(error?.['message']).toContain('KeyBasedAuthenticationNotPermitted');
});

const egress = (rows: JsonObject[]) => rows.find(({ name }) => JSON.stringify(name).includes('dep-pending'));

test('the managed connections of a deployment can stay pending, until somebody approves them', async () => {
  await azure.object('egressConnectionState', 'Pending');
  endpoint = `${workspace}/onlineEndpoints/dep-pending`;
  await azure.putResource(endpoint, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  });
  await azure.putResource(`${endpoint}/deployments/blue`, body());
  const connections = async (): Promise<JsonObject[]> => {
    const { body: shown } = await azure.send('get', workspace);
    return (shown['properties'] as JsonObject)['privateEndpointConnections'] as JsonObject[];
  };
  const pending = egress(await connections());
  const pendingId = (pending?.['id'] ?? '') as string;
  expect(JSON.stringify(pending)).toContain('"Pending"');
  const state = { status: 'Approved', description: 'fine' };
  await azure.send('put', pendingId, { properties: { privateLinkServiceConnectionState: state } });
  expect(egress(await connections())).toMatchObject({ properties: { privateLinkServiceConnectionState: state } });
  await azure.send('delete', `${endpoint}/deployments/blue`);
  for (;;) if (!egress(await connections())) break;
  expect((await azure.send('get', pendingId)).status).toBe(404);
  await azure.send('delete', '/_emulator/objects/egressConnectionState');
});
