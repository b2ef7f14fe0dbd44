import { createHmac } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('rg-storage-reads');
const account = (): string => arm.id('Microsoft.Storage/storageAccounts', 'streads');
const under = (path: string): string => `${account()}/${path}`;

beforeAll(() => arm.put(account(), { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} }));

test.each([
  ['blobServices', { name: 'Standard_LRS', tier: 'Standard' }],
  ['fileServices', { name: 'Standard_LRS', tier: 'Standard' }],
  ['queueServices', undefined],
  ['tableServices', undefined],
])('%s/default exists with the account, is listed, and keeps its settings', async (service, sku) => {
  const cors = { corsRules: [{ allowedOrigins: ['*'], allowedMethods: ['GET'], maxAgeInSeconds: 1 }] };
  const first = await arm.send('GET', under(`${service}/default`));
  expect(first.body).toMatchObject({ name: 'default', properties: { cors: { corsRules: [] } } });
  expect(first.body.sku).toEqual(sku);
  const changed = await arm.send('PUT', under(`${service}/default`), { properties: { cors } });
  expect(changed.status).toBe(200);
  const listed = await arm.send('GET', under(service));
  expect(listed.body.value).toMatchObject([{ name: 'default', properties: { cors } }]);
  expect((await arm.send('PUT', under(`${service}/other`), {})).status).toBe(400);
});

test.each([
  ['blobServices/default/containers', 'ContainerNotFound'],
  ['fileServices/default/shares', 'ShareNotFound'],
  ['queueServices/default/queues', 'QueueNotFound'],
  ['tableServices/default/tables', 'TableNotFound'],
])('%s: create, list, read, delete', async (path, code) => {
  expect((await arm.send('PUT', under(`${path}/first`), {})).status).toBeLessThan(202);
  expect((await arm.send('PUT', under(`${path}/first`), {})).status).toBe(200);
  await arm.send('PUT', under(`${path}/second`), {});
  const names = async (query: string): Promise<string[]> => {
    const { body } = await arm.send('GET', `${under(path)}${query}`);
    return body.value.map(({ name }: { name: string }) => name);
  };
  expect(await names('')).toEqual(['first', 'second']);
  expect(await names('?$filter=sec')).toEqual(['second']);
  expect((await arm.send('DELETE', under(`${path}/first`))).status).toBeLessThan(205);
  const gone = await arm.send('GET', under(`${path}/first`));
  expect([gone.status, gone.body.error.code]).toEqual([404, code]);
  expect((await arm.send('PUT', under(`${path}/-`), {})).status).toBe(400);
});

test('a container and a share are reported with the members that Azure adds', async () => {
  const container = under('blobServices/default/containers/whole');
  await arm.send('PUT', container, { properties: { metadata: { a: 'b' } } });
  const patched = await arm.send('PATCH', container, { properties: { metadata: { a: 'c' } } });
  expect(patched.body.etag).toMatch(/^"0x8D[0-9A-F]{12}"$/);
  expect(patched.body.properties).toMatchObject({
    publicAccess: 'None',
    metadata: { a: 'c' },
    leaseState: 'Available',
    defaultEncryptionScope: '$account-encryption-key',
    hasLegalHold: false,
  });
  const refused = await arm.send('PUT', container, { properties: { publicAccess: 'Blob' } });
  expect([refused.status, refused.body.error.code]).toEqual([409, 'PublicAccessNotPermitted']);
  const share = under('fileServices/default/shares/whole');
  await arm.send('PUT', share, { properties: { shareQuota: 10 } });
  expect((await arm.send('GET', share)).body.properties).toMatchObject({ shareQuota: 10, enabledProtocols: 'SMB' });
});

test('a lifecycle policy is absent, then kept, then removed', async () => {
  const policy = under('managementPolicies/default');
  const absent = await arm.send('GET', policy);
  expect([absent.status, absent.body.error.code]).toEqual([404, 'ManagementPolicyNotFound']);
  const rules = [{ name: 'old', enabled: true, type: 'Lifecycle', definition: { actions: {} } }];
  await arm.send('PUT', policy, { properties: { policy: { rules } } });
  const kept = await arm.send('GET', policy);
  expect(kept.body).toMatchObject({ name: 'DefaultManagementPolicy', properties: { policy: { rules } } });
  expect((await arm.send('DELETE', policy)).status).toBe(200);
  expect((await arm.send('DELETE', policy)).status).toBe(204);
});

test('keys are listed, renewed one by one, and sign an account SAS', async () => {
  const [first, second] = (await arm.send('POST', under('listKeys'))).body.keys;
  expect(first).toMatchObject({ keyName: 'key1', permissions: 'FULL' });
  const renewed = (await arm.send('POST', under('regenerateKey'), { keyName: 'key1' })).body.keys;
  expect(renewed[0].value).not.toBe(first.value);
  expect(renewed[1]).toEqual(second);
  expect((await arm.send('POST', under('listKeys'))).body.keys).toEqual(renewed);
  const unknown = await arm.send('POST', under('regenerateKey'), { keyName: 'key3' });
  expect([unknown.status, unknown.body.error.code]).toEqual([400, 'InvalidValuesForRequestParameters']);
  const asked = {
    signedServices: 'b',
    signedResourceTypes: 'sco',
    signedPermission: 'rl',
    signedExpiry: '2027-01-01T00:00:00Z',
  };
  const { accountSasToken } = (await arm.send('POST', under('ListAccountSas'), asked)).body;
  const token = new URLSearchParams(accountSasToken);
  const text = `streads\nrl\nb\nsco\n\n${asked.signedExpiry}\n\n\n${token.get('sv')}\n`;
  const expected = createHmac('sha256', Buffer.from(renewed[0].value, 'base64')).update(text).digest('base64');
  expect(token.get('sig')).toBe(expected);
});

test('usages count accounts; SKUs have a row for each kind', async () => {
  const usages = await arm.send('GET', `${arm.subscription}/providers/Microsoft.Storage/locations/${location}/usages`);
  expect(usages.body.value).toMatchObject([{ currentValue: 1, limit: 250, name: { value: 'StorageAccounts' } }]);
  const { body } = await arm.send('GET', `${arm.subscription}/providers/Microsoft.Storage/skus`);
  const row = { name: 'Standard_LRS', kind: 'StorageV2', locations: [location], resourceType: 'storageAccounts' };
  expect(body.value).toContainEqual(expect.objectContaining(row));
});
