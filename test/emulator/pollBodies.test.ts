import { beforeAll, expect, test } from 'vitest';
import { send, location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('polls');
const { id } = arm;

const vaultBody = () => ({
  location,
  properties: {
    sku: { family: 'A', name: 'standard' },
    tenantId: arm.emulator.tenantId,
    enableRbacAuthorization: true,
  },
});

/** A poll in the order status, text or JSON of the body, and the names of the headers with the address to poll. */
type Poll = [status: number, body: unknown, headers: string[]];

const pollOf = ({ status, text, body, headers }: Reply): Poll => [
  status,
  body ?? text,
  ['azure-asyncoperation', 'location', 'retry-after'].filter((name) => headers[name] !== undefined),
];

/** The same URL while the operation hangs, and after it has been released. */
async function polls(header: 'azure-asyncoperation' | 'location', answer: Reply): Promise<[Poll, Poll]> {
  const { pathname, search } = new URL(answer.headers[header] ?? '');
  const poll = () => send(arm.emulator, 'GET', pathname + search);
  const running = pollOf(await poll());
  await arm.control('DELETE', 'faults');
  return [running, pollOf(await poll())];
}

/** Sends a request whose operation hangs until the faults are deleted. */
async function hung(method: string, path: string, body?: unknown): Promise<Reply> {
  await arm.control('POST', 'faults', {
    match: { method, id: path.split('?')[0] },
    effect: { hangOperation: true },
  });
  return arm.send(method, path, body);
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;

beforeAll(async () => {
  await arm.put(id('Microsoft.KeyVault/vaults', 'kvpolls01'), vaultBody());
});

test('the purge of a vault is NotStarted, then Succeeded', async () => {
  await arm.send('DELETE', id('Microsoft.KeyVault/vaults', 'kvpolls01'));
  const deleted = `${arm.subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/kvpolls01`;
  const purge = await hung('POST', `${deleted}/purge`);
  expect(pollOf(purge)).toEqual([202, '', ['location', 'retry-after']]);
  expect((await arm.send('GET', deleted)).status).toBe(200);
  expect(await polls('location', purge)).toEqual([
    [202, { createdDateTime: time, status: 'NotStarted' }, ['location', 'retry-after']],
    [200, { createdDateTime: time, lastActionDateTime: time, status: 'Succeeded' }, []],
  ]);
  expect((await arm.send('GET', deleted)).status).toBe(404);
});

test('a purge that fails leaves the vault in deleted state', async () => {
  await arm.put(id('Microsoft.KeyVault/vaults', 'kvpolls02'), vaultBody());
  await arm.send('DELETE', id('Microsoft.KeyVault/vaults', 'kvpolls02'));
  const deleted = `${arm.subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/kvpolls02`;
  await arm.control('POST', 'faults', {
    match: { method: 'POST', action: 'purge' },
    effect: { failOperation: { code: 'InternalError', message: 'no' } },
  });
  const { headers } = await arm.send('POST', `${deleted}/purge`);
  const { pathname, search } = new URL(headers['location'] ?? '');
  let last = await send(arm.emulator, 'GET', pathname + search);
  while (last.status === 202) last = await send(arm.emulator, 'GET', pathname + search);
  expect(last.body).toEqual({ error: { code: 'InternalError', message: 'no' } });
  expect((await arm.send('GET', deleted)).status).toBe(200);
  expect((await arm.send('POST', `${deleted}/purge`)).status).toBe(202);
});

test('a group is deleted by its Location alone: 202 and then 200, both empty', async () => {
  await arm.put(arm.group('gone'), { location });
  const deletion = await hung('DELETE', arm.group('gone'));
  expect(pollOf(deletion)).toEqual([202, '', ['location', 'retry-after']]);
  expect(await polls('location', deletion)).toEqual([
    [202, '', ['location', 'retry-after']],
    [200, '', []],
  ]);
});

test('a storage account has a Location alone: 202 empty, then the account', async () => {
  const account = id('Microsoft.Storage/storageAccounts', 'stpolls001');
  const body = { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} };
  const answer = await hung('PUT', account, body);
  expect(pollOf(answer)).toEqual([202, '', ['location', 'retry-after']]);
  const [running, done] = await polls('location', answer);
  expect(running).toEqual([202, '', ['location', 'retry-after']]);
  expect(done[1]).toMatchObject({ name: 'stpolls001', properties: { provisioningState: 'Succeeded' } });
});

const inProgress = (headers: string[]): Poll => [200, { status: 'InProgress' }, headers];
const succeeded: Poll = [200, { status: 'Succeeded' }, []];

test.each([
  ['network', 'Microsoft.Network/networkSecurityGroups', 'nsg-1', {}, inProgress(['retry-after'])],
  ['registry', 'Microsoft.ContainerRegistry/registries', 'crpolls01', { sku: { name: 'Basic' } }, inProgress([])],
  [
    'private DNS',
    'Microsoft.Network/privateDnsZones',
    'a.example',
    { location: 'global' },
    [202, { status: 'InProgress' }, ['azure-asyncoperation', 'location', 'retry-after']] as Poll,
    // Recorded: azure-powershell, TestZoneRemoveEtagMismatch.
    [200, {}, []] as Poll,
  ],
])(
  '%s: the status of creation and deletion, and the empty result of the deletion',
  async (_, type, name, more, pending, result = [204, '', []]) => {
    const one = id(type, name);
    const created = await hung('PUT', one, { location, ...more });
    expect(await polls('azure-asyncoperation', created)).toEqual([pending, succeeded]);
    const deletion = await hung('DELETE', one);
    expect(await polls('azure-asyncoperation', deletion)).toEqual([pending, succeeded]);
    const { pathname, search } = new URL(deletion.headers['location'] ?? '');
    expect(pollOf(await send(arm.emulator, 'GET', pathname + search))).toEqual(result);
  },
);

test('machine learning: a workspace polls by two addresses, an endpoint reports a percentage', async () => {
  const storageAccount = id('Microsoft.Storage/storageAccounts', 'stpolls003');
  const keyVault = id('Microsoft.KeyVault/vaults', 'kvpolls03');
  await arm.put(storageAccount, { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  await arm.put(keyVault, vaultBody());
  const identity = { type: 'SystemAssigned' };
  const workspace = id('Microsoft.MachineLearningServices/workspaces', 'mlw-polls');
  const created = await hung('PUT', workspace, { location, identity, properties: { storageAccount, keyVault } });
  expect(pollOf(created)).toEqual([202, '', ['azure-asyncoperation', 'location']]);
  expect(await polls('azure-asyncoperation', created)).toEqual([
    [200, { status: 'InProgress' }, []],
    [200, { status: 'Succeeded', percentComplete: 100 }, []],
  ]);
  const endpoint = `${workspace}/onlineEndpoints/ep-polls`;
  const begun = await hung('PUT', endpoint, { location, identity, properties: { authMode: 'Key' } });
  const status = { id: expect.stringContaining('/mfeOperationsStatus/'), name: expect.stringMatching(/^oeidp:/) };
  const updating = { ...status, status: 'Updating', percentComplete: 0, endTime: '0001-01-01T00:00:00' };
  const done = { ...status, status: 'Succeeded', percentComplete: 100, startTime: time, endTime: time };
  expect(await polls('azure-asyncoperation', begun)).toEqual([
    [200, { ...updating, startTime: time }, []],
    [200, done, []],
  ]);
  const deletion = await hung('DELETE', endpoint);
  expect(pollOf(deletion)).toEqual([202, '', ['azure-asyncoperation', 'location', 'retry-after']]);
  expect(await polls('azure-asyncoperation', deletion)).toEqual([
    [200, { ...updating, status: 'InProgress', startTime: time }, []],
    [200, done, []],
  ]);
});

test('a group keeps who manages it, and its tags are omitted until there are some', async () => {
  const group = arm.group('managed');
  const plain = await arm.send('PUT', group, { location });
  expect(plain.body).not.toHaveProperty('tags');
  expect(plain.body).not.toHaveProperty('managedBy');
  const managedBy = `${arm.subscription}/resourceGroups/other`;
  expect((await arm.send('PATCH', group, { managedBy })).body).toMatchObject({ managedBy });
  const patched = await arm.send('PATCH', group, { tags: { a: 'b' } });
  expect(patched.body).toMatchObject({ managedBy, tags: { a: 'b' }, properties: { provisioningState: 'Succeeded' } });
  const listed = await arm.send('GET', `${arm.subscription}/resourcegroups`);
  expect(listed.body.value).toContainEqual(patched.body);
  expect((await arm.send('PUT', group, { location, managedBy, tags: {} })).body).toMatchObject({ managedBy, tags: {} });
});

test('a resource without tags has an empty member only where its service sends one', async () => {
  const account = id('Microsoft.Storage/storageAccounts', 'stpolls002');
  await arm.put(account, { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  expect((await arm.send('GET', account)).body.tags).toEqual({});
  const logs = id('Microsoft.OperationalInsights/workspaces', 'log-polls');
  await arm.put(logs, { location });
  expect((await arm.send('GET', logs)).body).not.toHaveProperty('tags');
  expect((await arm.send('PATCH', logs, { tags: { a: 'b' } })).body.tags).toEqual({ a: 'b' });
});
