import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { send } from './armHarness.ts';
import { Azure } from './servicesHarness.ts';

const group = 'rg-ml-reads';
let azure: Azure;
let workspace: string;
let storage: string;

beforeAll(async () => {
  azure = await Azure.start();
  workspace = await azure.workspace(group, 'reads1');
  storage = `${azure.groupId(group)}/providers/Microsoft.Storage/storageAccounts/streads1`;
});
afterAll(() => azure.stop());

const under = (path: string): string => `${workspace}/${path}`;

/** Sends a POST that begins an operation, and polls its result. */
async function run(action: string, body?: JsonObject) {
  const version = 'api-version=2025-06-01';
  const started = await send(azure.emulator, 'POST', `${under(action)}?${version}`, body ? { body } : {});
  expect(started.status).toBe(202);
  const { pathname, search } = new URL(started.headers['location'] ?? '');
  for (;;) {
    const polled = await send(azure.emulator, 'GET', `${pathname}${search}`);
    if (polled.status !== 202) return polled;
  }
}

test.each([
  'computes',
  'jobs',
  'batchEndpoints',
  'schedules',
  'serverlessEndpoints',
  'onlineEndpoints',
  'connections',
  'data',
  'components',
  'models',
  'environments',
  'codes',
])('%s of a new workspace: an empty list, and 404 for one', async (path) => {
  expect((await azure.send('get', under(path))).body).toEqual({ value: [] });
  const one = await azure.send('get', under(`${path}/none`));
  expect([one.status, one.code]).toEqual([404, 'ResourceNotFound']);
});

test('what cannot be created is refused clearly', async () => {
  const { status, code } = await azure.send('put', under('computes/cpu'), { location: 'westus2', properties: {} });
  expect([status, code]).toEqual([501, 'NotEmulated']);
});

test('keys are synchronized, and the workspace is diagnosed', async () => {
  expect((await run('resyncKeys')).status).toBeLessThan(300);
  const { body } = await run('diagnose', { value: {} });
  expect(body.value.storageAccountResults).toEqual([]);
  const lock = `${workspace}/providers/Microsoft.Authorization/locks/keep`;
  await azure.send('put', lock, { properties: { level: 'CanNotDelete' } });
  const locked = await run('diagnose', { value: {} });
  expect(locked.body.value.resourceLockResults).toMatchObject([{ level: 'Warning' }]);
  await azure.send('delete', lock);
});

test('a diagnosis finds a dependency that is gone', async () => {
  const insights = `${azure.groupId(group)}/providers/Microsoft.Insights/components/appi-reads1`;
  await azure.send('delete', insights);
  const { body } = await run('diagnose', { value: {} });
  expect(body.value.applicationInsightsResults).toMatchObject([{ level: 'Error' }]);
  expect(body.value.keyVaultResults).toEqual([]);
});

test('keys, notebook tokens and outbound hosts are listed', async () => {
  const keys = (await azure.send('post', `${storage}/listKeys`)).body['keys'] as JsonObject[];
  const listed = await azure.send('post', under('listKeys'));
  expect(listed.body['userStorageKey']).toBe(keys[0]?.['value']);
  const account = await azure.send('post', under('listStorageAccountKeys'));
  expect(account.body).toEqual({ userStorageKey: keys[0]?.['value'] });
  const notebook = await azure.send('post', under('listNotebookKeys'));
  expect(notebook.body['primaryAccessKey']).toEqual(expect.any(String));
  const token = await azure.send('post', under('listNotebookAccessToken'));
  expect(token.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 28_800, scope: 'aznb_identity' });
  const { body } = await azure.send('get', under('outboundNetworkDependenciesEndpoints'));
  expect(JSON.stringify(body)).toContain('streads1.blob.core.windows.net');
});

test('a connection keeps its credentials to itself until they are asked for', async () => {
  const id = under('connections/openai');
  const properties = {
    authType: 'ApiKey',
    category: 'AzureOpenAI',
    target: 'https://example.openai.azure.com/',
    credentials: { key: 'a secret' },
  };
  const refused = await azure.send('put', id, { properties: { ...properties, credentials: null, authType: null } });
  expect(refused.status).toBe(400);
  await azure.send('put', id, { properties });
  const read = await azure.send('get', id);
  expect(read.body['properties']).toMatchObject({ category: 'AzureOpenAI', group: 'AzureAI', credentials: null });
  const secrets = await azure.send('post', `${id}/listSecrets`);
  expect(secrets.body['properties']).toMatchObject({ credentials: { key: 'a secret' } });
  const list = async (query: Record<string, string>) =>
    ((await azure.send('get', under('connections'), undefined, query)).body['value'] as JsonObject[]).length;
  expect([await list({}), await list({ category: 'AzureOpenAI' }), await list({ category: 'Git' })]).toEqual([1, 1, 0]);
  expect((await azure.send('delete', id)).status).toBe(200);
  expect(await list({})).toBe(0);
});

test('data and components are registered in versions that are listed', async () => {
  const properties = { dataType: 'uri_file', dataUri: 'azureml://datastores/workspaceblobstore/paths/a.csv' };
  await azure.send('put', under('data/table/versions/1'), { properties });
  const container = await azure.send('get', under('data/table'));
  expect(container.body['properties']).toMatchObject({ latestVersion: '1', dataType: 'uri_file' });
  const versions = await azure.send('get', under('data/table/versions'));
  expect(versions.body).toMatchObject({ value: [{ name: '1', properties }] });
  const other = { ...properties, dataUri: 'https://example.com/a.csv' };
  expect((await azure.send('put', under('data/table/versions/1'), { properties: other })).status).toBe(409);
  expect((await azure.send('put', under('components/c/versions/1'), { properties: {} })).status).toBe(400);
});

test("the datastores' secrets and the file share of a workspace exist", async () => {
  const blobs = await azure.send('post', under('datastores/workspaceblobstore/listSecrets'));
  expect(blobs.body).toMatchObject({ secretsType: 'AccountKey', key: expect.any(String) });
  const shares = await azure.send('get', `${storage}/fileServices/default/shares`);
  expect(shares.body).toMatchObject({ value: [{ name: expect.stringMatching(/^azureml-filestore-/) }] });
});
