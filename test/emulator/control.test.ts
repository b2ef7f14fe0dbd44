import { expect, test } from 'vitest';
import { useArm } from './armHarness.ts';

const arm = useArm('ctl');

test('health reports the target and the time scale', async () => {
  expect((await arm.control('GET', 'health')).body).toMatchObject({
    status: 'ok',
    target: 'emulator',
    timeScale: 1 / 2000,
  });
});

test('a request from the Internet is answered by the emulated network', async () => {
  const account = `${arm.group('ctl')}/providers/Microsoft.Storage/storageAccounts/stoutside001`;
  const closed = { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } };
  await arm.put(account, { location: 'westus2', sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: closed });
  const send = (url: string) => arm.control('POST', 'outside', { url });
  expect((await send('https://stoutside001.blob.core.windows.net/c/b')).body).toMatchObject({ status: 403 });
  expect((await send('https://nowhere001.blob.core.windows.net/c/b')).body).toMatchObject({
    addresses: [],
    fault: 'nxdomain',
  });
  expect((await send('not a url')).status).toBe(400);
});

test('resources are listed with their state and without their keys', async () => {
  const { body } = await arm.control('GET', 'resources');
  const account = body.find(({ name }: { name: string }) => name === 'stoutside001');
  expect(account.state).toBe('Succeeded');
  expect(account.secrets).toBeUndefined();
});

test('operations on a group are listed, also after its deletion', async () => {
  const { body } = await arm.control('GET', `operations?below=${arm.group('ctl')}/`);
  expect(body.map(({ kind, outcome }: { kind: string; outcome: string }) => [kind, outcome])).toContainEqual([
    'create',
    'Succeeded',
  ]);
  expect(JSON.stringify(body)).not.toContain('result');
  const identity = `${arm.group('ctl')}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai-ctl`;
  await arm.put(identity, { location: 'westus2' });
  await arm.put(identity, { location: 'westus2' });
  await arm.send('DELETE', identity);
  const atOnce = (await arm.control('GET', `operations?below=${identity}`)).body;
  expect(atOnce.map(({ kind }: { kind: string }) => kind)).toEqual(['create', 'update', 'delete']);
});

test('requests are counted, and those that were throttled', async () => {
  const { body } = await arm.control('GET', 'throttling');
  expect(body).toMatchObject({ enabled: true, refused: 0 });
  expect(body.taken).toBeGreaterThan(0);
});

test('objects of the cloud can be set, read, listed and removed', async () => {
  await arm.control('PUT', 'objects/quota:ml:x:westus2', { value: 7 });
  expect((await arm.control('GET', 'objects/quota:ml:x:westus2')).body).toEqual({ value: 7 });
  expect((await arm.control('GET', 'objects/quota:*')).body).toEqual(['quota:ml:x:westus2']);
  await arm.control('DELETE', 'objects/quota:ml:x:westus2');
  expect((await arm.control('GET', 'objects/quota:ml:x:westus2')).status).toBe(404);
});

test('an unknown control route is refused', async () => {
  expect((await arm.control('POST', 'coffee', {})).status).toBe(404);
});
