import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { textOf } from '../../src/emulator/http/call.ts';
import { Azure } from './servicesHarness.ts';

const location = 'westus2';
let azure: Azure;
let workspace: string;
let count = 0;

/** Makes an endpoint with one deployment of these members. Returns the error of its operation, if it has one. */
async function deployError(change: JsonObject = {}): Promise<JsonObject | undefined> {
  const endpoint = `${workspace}/onlineEndpoints/net-${(count += 1)}`;
  await azure.putResource(endpoint, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  });
  const id = `${endpoint}/deployments/blue`;
  const properties = {
    endpointComputeType: 'Managed',
    instanceType: 'Standard_F2s_v2',
    environmentId: await environment('crnet1.azurecr.io/score:1'),
    model: await model('azureml://datastores/workspaceblobstore/paths/a'),
    ...change,
  };
  await azure.putResource(id, { location, sku: { name: 'Default', capacity: 1 }, properties });
  const { body } = await azure.send('get', '/_emulator/operations', undefined, { below: id });
  await azure.send('delete', endpoint);
  return (body as unknown as JsonObject[])[0]?.['error'] as JsonObject | undefined;
}

async function version(path: string, properties: JsonObject): Promise<string> {
  const id = `${workspace}/${path}-${(count += 1)}/versions/1`;
  await azure.putResource(id, { properties });
  return id;
}
const environment = (image: string) => version('environments/e', { image });
const model = (modelUri: string) => version('models/m', { modelUri });

async function addRule(name: string, properties: JsonObject): Promise<void> {
  const id = `${workspace}/outboundRules/${name}`;
  await azure.send('put', id, { properties });
  for (;;) {
    const shown = (await azure.send('get', id)).body['properties'] as JsonObject;
    if (shown['status'] === 'Active') return;
    if (shown['status'] === 'Failed') throw new Error(JSON.stringify(shown));
  }
}

beforeAll(async () => {
  azure = await Azure.start();
  workspace = await azure.workspace('rg-net', 'net1', {
    managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' },
    publicNetworkAccess: 'Disabled',
  });
  const group = azure.groupId('rg-net');
  const closed = { properties: { publicNetworkAccess: 'Disabled' } };
  for (const path of ['ContainerRegistry/registries/crnet1', 'Storage/storageAccounts/stnet1'])
    await azure.send('patch', `${group}/providers/Microsoft.${path}`, closed);
  const { body } = await azure.send('get', `${workspace}/datastores/workspaceblobstore`);
  const container = textOf((body['properties'] as JsonObject)['containerName']);
  await azure.object(`blob:stnet1/${container}/a/model.json`, '{}');
  await azure.object('blob:stmore1/data/model.json', '{}');
  await azure.object('image:crnet1.azurecr.io/score:1', { digest: 'sha256:0a' });
  await azure.putResource(`${group}/providers/Microsoft.Storage/storageAccounts/stmore1`, {
    location,
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {},
  });
});
afterAll(() => azure.stop());

const imageError = async (image: string) =>
  (await deployError({ environmentId: await environment(image) }))?.['message'];

const far = async () =>
  (await deployError({ model: await model('https://stmore1.blob.core.windows.net/data') }))?.['message'];

test('a deployment before the network is ready ends with WorkspaceManagedNetworkNotReady, and afterwards succeeds', async () => {
  expect(await deployError()).toMatchObject({ code: 'WorkspaceManagedNetworkNotReady' });
  await azure.send('post', `${workspace}/provisionManagedNetwork`, { includeSpark: false });
  for (;;) {
    const { properties } = (await azure.send('get', workspace)).body as { properties: JsonObject };
    if (JSON.stringify(properties['managedNetwork']).includes('"Active"')) break;
  }
  expect(await deployError()).toBeUndefined();
});

test('the flag of the older method does not apply', async () => {
  await expect(deployError({ egressPublicNetworkAccess: 'Disabled' })).rejects.toThrow('does not apply');
});

test('an image of Microsoft’s registry is in reach, one of another registry with a rule', async () => {
  expect(await imageError('mcr.microsoft.com/azureml/minimal:1')).toBeUndefined();
  expect(await imageError('registry-1.docker.io/library/python:3')).toContain(
    'does not let it out to registry-1.docker.io',
  );
  await addRule('docker', { type: 'FQDN', destination: '*.docker.io' });
  expect(await imageError('registry-1.docker.io/library/python:3')).toBeUndefined();
});

test('files of another storage account are in reach with a rule', async () => {
  expect(await far()).toContain('does not let it out to stmore1.blob.core.windows.net');
  const storage = { protocol: 'TCP', portRanges: '443', action: 'Allow' };
  await addRule('elsewhere', { type: 'ServiceTag', destination: { ...storage, serviceTag: 'Storage.eastus' } });
  expect(await far()).toContain('does not let it out');
  await addRule('storage', { type: 'ServiceTag', destination: { ...storage, serviceTag: 'Storage.westus2' } });
  expect(await far()).toBeUndefined();
});
