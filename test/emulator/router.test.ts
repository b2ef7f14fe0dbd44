import { beforeAll, expect, test } from 'vitest';
import { Arm, send, location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm();
const nsgs = 'Microsoft.Network/networkSecurityGroups';

beforeAll(async () => {
  await arm.put(arm.group('arm'), { location, tags: { kept: 'yes' } });
});

const refusal = ({ status, body }: Reply): [number, string] => [status, body?.error?.code];
const names = ({ body }: Reply): string[] => body.value.map(({ name }: { name: string }) => name);

test('a request without a valid api-version is refused', async () => {
  expect(refusal(await send(arm.emulator, 'GET', arm.group('arm')))).toEqual([400, 'MissingApiVersionParameter']);
  expect(refusal(await send(arm.emulator, 'GET', `${arm.group('arm')}?api-version=latest`))).toEqual([
    400,
    'InvalidApiVersionParameter',
  ]);
});

test('ids ignore case and are returned in canonical spelling', async () => {
  await arm.put(`${arm.group('arm')}/providers/${nsgs}/nsg-Case`, { location: 'West US 2' });
  const answer = await arm.send(
    'GET',
    `${arm.subscription.toLowerCase()}/resourcegroups/ARM/providers/microsoft.network/NETWORKSECURITYGROUPS/NSG-case`,
  );
  expect(answer.body).toMatchObject({
    id: `${arm.group('arm')}/providers/${nsgs}/nsg-Case`,
    name: 'nsg-Case',
    location,
    type: nsgs,
  });
});

test('a missing resource is reported as ARM does', async () => {
  const get = (path: string): Promise<Reply> => arm.send('GET', path);
  const noGroup = await get(arm.group('none'));
  expect(refusal(noGroup)).toEqual([404, 'ResourceGroupNotFound']);
  expect(noGroup.headers['x-ms-failure-cause']).toBe('gateway');
  expect(refusal(await get(`${arm.group('none')}/providers/${nsgs}/x`))).toEqual([404, 'ResourceGroupNotFound']);
  const missing = await get(`${arm.group('arm')}/providers/${nsgs}/x`);
  expect(refusal(missing)).toEqual([404, 'ResourceNotFound']);
  expect(missing.body.error.message).toContain(`The Resource '${nsgs}/x' under resource group 'arm' was not found.`);
  expect(missing.headers['x-ms-failure-cause']).toBe('gateway');
  const orphan = await arm.send('PUT', `${arm.group('arm')}/providers/Microsoft.Network/virtualNetworks/x/subnets/s`, {
    properties: { addressPrefix: '10.0.0.0/24' },
  });
  expect(refusal(orphan)).toEqual([404, 'ParentResourceNotFound']);
  expect(orphan.headers['x-ms-failure-cause']).toBe('gateway');
});

test('a missing child is reported with its parent; deleting it below a missing parent is refused', async () => {
  const network = `${arm.group('arm')}/providers/Microsoft.Network/virtualNetworks/vnet-parent`;
  const gone = await arm.send('DELETE', `${network}/subnets/s`);
  expect(refusal(gone)).toEqual([404, 'ResourceNotFound']);
  expect(gone.body.error.message).toContain("'Microsoft.Network/virtualNetworks/vnet-parent' under resource group");
  await arm.put(network, { location, properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } });
  const missing = await arm.send('GET', `${network}/subnets/s`);
  expect(missing.body.error.message).toContain("'Microsoft.Network/virtualNetworks/vnet-parent/subnets/s' under");
  expect((await arm.send('DELETE', `${network}/subnets/s`)).status).toBe(204);
  const zone = `${arm.group('arm')}/providers/Microsoft.Network/privateDnsZones/none.example`;
  expect((await arm.send('DELETE', `${zone}/virtualNetworkLinks/l`)).status).toBe(204);
});

test('an operation that is not emulated is refused by name, never accepted', async () => {
  const unknown = await arm.send('PUT', `${arm.group('arm')}/providers/Microsoft.Sql/servers/s`, { location });
  expect(refusal(unknown)).toEqual([501, 'NotEmulated']);
  expect(unknown.body.error.message).toContain('Microsoft.Sql/servers');
  await arm.put(`${arm.group('arm')}/providers/${nsgs}/nsg-501`, { location });
  expect((await arm.send('POST', `${arm.group('arm')}/providers/${nsgs}/nsg-501/explode`, {})).status).toBe(501);
  expect(
    (
      await arm.send('PATCH', `${arm.group('arm')}/providers/${nsgs}/nsg-501`, {
        properties: { flushConnection: true },
      })
    ).status,
  ).toBe(501);
});

test('invalid bodies and locations are refused', async () => {
  const put = (body: unknown): Promise<Reply> => arm.send('PUT', `${arm.group('arm')}/providers/${nsgs}/nsg-bad`, body);
  expect(refusal(await put('{"location":'))).toEqual([400, 'InvalidRequestContent']);
  expect(refusal(await put({}))).toEqual([400, 'LocationRequired']);
  expect(refusal(await put({ location: 'atlantis' }))).toEqual([400, 'LocationNotAvailableForResourceType']);
  await arm.put(`${arm.group('arm')}/providers/${nsgs}/nsg-bad`, { location });
  expect(refusal(await put({ location: 'eastus' }))).toEqual([409, 'InvalidResourceLocation']);
});

test('lists come in pages, with the link to the next', async () => {
  await arm.put(arm.group('pages'), { location });
  for (const name of ['n1', 'n2', 'n3']) await arm.put(`${arm.group('pages')}/providers/${nsgs}/${name}`, { location });
  const first = await arm.send('GET', `${arm.group('pages')}/resources?$top=2&$expand=provisioningState,createdTime`);
  expect(first.body.value[0]).toMatchObject({ name: 'n1', type: nsgs, provisioningState: 'Succeeded' });
  expect(Date.parse(first.body.value[0].createdTime)).toBeGreaterThan(0);
  const { pathname, search } = new URL(first.body.nextLink);
  const second = await send(arm.emulator, 'GET', pathname + search);
  expect([...names(first), ...names(second)]).toEqual(['n1', 'n2', 'n3']);
  expect(second.body.nextLink).toBeUndefined();
});

test('resources and groups are found by type and by tag', async () => {
  const filtered = (path: string, filter: string): Promise<Reply> =>
    arm.send('GET', `${path}?$filter=${encodeURIComponent(filter)}`);
  await arm.put(`${arm.group('arm')}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai-f`, { location });
  const identities = await filtered(
    `${arm.group('arm')}/resources`,
    "resourceType eq 'Microsoft.ManagedIdentity/userAssignedIdentities'",
  );
  expect(names(identities)).toEqual(['uai-f']);
  expect(
    names(await filtered(`${arm.subscription}/resourcegroups`, "tagName eq 'kept' and tagValue eq 'yes'")),
  ).toEqual(['arm']);
  expect(refusal(await filtered(`${arm.subscription}/resourcegroups`, 'nonsense'))).toEqual([
    400,
    'InvalidFilterInQueryString',
  ]);
});

test('tags are replaced by PATCH of the group and changed one by one at tags/default', async () => {
  await arm.put(arm.group('tags'), { location, tags: { a: '1', b: '2' } });
  const tags = async (): Promise<unknown> => (await arm.send('GET', arm.group('tags'))).body.tags;
  const change = (operation: string, given: object): Promise<Reply> =>
    arm.send('PATCH', `${arm.group('tags')}/providers/Microsoft.Resources/tags/default`, {
      operation,
      properties: { tags: given },
    });
  await change('Merge', { B: '3', c: '4' });
  expect(await tags()).toEqual({ a: '1', B: '3', c: '4' });
  await change('Delete', { a: '1', c: 'other' });
  expect(await tags()).toEqual({ B: '3', c: '4' });
  await change('Replace', { only: 'this' });
  expect(await tags()).toEqual({ only: 'this' });
  await arm.send('PATCH', arm.group('tags'), { tags: { again: 'new' } });
  expect(await tags()).toEqual({ again: 'new' });
  expect(refusal(await change('Merge', { 'bad/name': 'x' }))).toEqual([400, 'InvalidTagNameCharacters']);
});

test('a lock on the group prevents the deletion of everything in it', async () => {
  await arm.put(arm.group('locked'), { location });
  const nsg = `${arm.group('locked')}/providers/${nsgs}/n`;
  await arm.put(nsg, { location });
  const lock = `${arm.group('locked')}/providers/Microsoft.Authorization/locks/keep`;
  expect((await arm.send('PUT', lock, { properties: { level: 'CanNotDelete' } })).status).toBe(201);
  expect(refusal(await arm.send('DELETE', nsg))).toEqual([409, 'ScopeLocked']);
  expect(refusal(await arm.send('DELETE', arm.group('locked')))).toEqual([409, 'ScopeLocked']);
  expect(names(await arm.send('GET', `${arm.group('locked')}/providers/Microsoft.Authorization/locks`))).toEqual([
    'keep',
  ]);
  await arm.send('DELETE', lock);
  expect((await arm.send('DELETE', arm.group('locked'))).status).toBe(202);
});

test('If-Match refuses a write based on an outdated version', async () => {
  const nsg = `${arm.group('arm')}/providers/${nsgs}/nsg-etag`;
  await arm.put(nsg, { location });
  const { etag } = (await arm.send('GET', nsg)).body;
  expect(refusal(await arm.send('PUT', nsg, { location }, { 'if-none-match': '*' }))).toEqual([
    412,
    'PreconditionFailed',
  ]);
  expect((await arm.send('PUT', nsg, { location, tags: { x: 'y' } }, { 'if-match': etag })).status).toBe(200);
  await arm.untilSettled(nsg);
  expect(refusal(await arm.send('PUT', nsg, { location }, { 'if-match': etag }))).toEqual([412, 'PreconditionFailed']);
});

test('every reply has its ids, the caller’s correlation id and the remaining tokens', async () => {
  const answer = await arm.send('GET', arm.group('arm'), undefined, { 'x-ms-correlation-request-id': 'abc' });
  expect(answer.headers).toMatchObject({ 'x-ms-correlation-request-id': 'abc' });
  expect(answer.headers['x-ms-request-id']).toBeTruthy();
  expect(answer.headers['date']).toBeTruthy();
  expect(answer.headers).toMatchObject({ pragma: 'no-cache', expires: '-1', 'x-content-type-options': 'nosniff' });
  expect(Number(answer.headers['x-ms-ratelimit-remaining-subscription-reads'])).toBeLessThan(250);
});

test('an empty bucket is 429 with Retry-After, unless throttling is switched off', async () => {
  // so slow that no bucket is refilled during the test
  const slow = await Arm.start({ timeScale: 100 });
  const burst = async (): Promise<Reply[]> =>
    Promise.all(Array.from({ length: 320 }, () => slow.send('GET', slow.subscription)));
  const refused = (await burst()).find(({ status }) => status === 429);
  expect(refused?.body.error.code).toBe('SubscriptionRequestsThrottled');
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  await slow.control('PUT', 'throttling', { enabled: false });
  expect((await burst()).every(({ status }) => status === 200)).toBe(true);
  await slow.stop();
});

test('resource providers are registered unless a test unregisters them', async () => {
  const state = async (): Promise<string> =>
    (await arm.send('GET', `${arm.subscription}/providers/Microsoft.MachineLearningServices`)).body.registrationState;
  expect(await state()).toBe('Registered');
  await arm.control('PUT', 'objects/provider:microsoft.machinelearningservices', { value: 'NotRegistered' });
  expect(await state()).toBe('NotRegistered');
  await arm.send('POST', `${arm.subscription}/providers/Microsoft.MachineLearningServices/register`, {});
  expect(await state()).toBe('Registered');
});

test('a resource provider lists its types with api-versions and locations', async () => {
  type ListedType = { resourceType: string; apiVersions: string[]; locations: string[] };
  const { body } = await arm.send('GET', `${arm.subscription}/providers/microsoft.network`);
  const listed = (name: string): ListedType | undefined =>
    body.resourceTypes.find(({ resourceType }: ListedType) => resourceType === name);
  expect(listed('virtualNetworks')).toMatchObject({
    apiVersions: expect.arrayContaining(['2024-05-01']),
    locations: expect.arrayContaining(['West US 2']),
  });
  expect(listed('privateDnsZones/virtualNetworkLinks')?.locations).toEqual(['global']);
  const all = await arm.send('GET', `${arm.subscription}/providers`);
  expect(
    all.body.value.flatMap(({ resourceTypes }: { resourceTypes: ListedType[] }) => resourceTypes),
  ).not.toContainEqual(expect.objectContaining({ apiVersions: [] }));
});
