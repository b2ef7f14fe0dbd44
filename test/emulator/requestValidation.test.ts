import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('requests');

const groups = (name: string): string =>
  `${arm.group('requests')}/providers/Microsoft.Network/networkSecurityGroups/${name}`;
const refusal = ({ status, body }: Reply): [number, string] => [status, body.error.code];

test('preconditions apply to PATCH and DELETE too', async () => {
  const nsg = groups('nsg-matched');
  await arm.put(nsg, { location });
  const { etag } = (await arm.send('GET', nsg)).body;
  const stale = { 'if-match': 'W/"stale"' };
  expect(refusal(await arm.send('PATCH', nsg, { tags: { a: 'b' } }, stale))).toEqual([412, 'PreconditionFailed']);
  expect(refusal(await arm.send('DELETE', nsg, undefined, stale))).toEqual([412, 'PreconditionFailed']);
  expect((await arm.send('DELETE', nsg, undefined, { 'if-match': etag })).status).toBe(202);
});

test('invalid names of network resources, and properties that are not an object, are refused', async () => {
  const badly = encodeURIComponent('badly named!');
  expect(refusal(await arm.send('PUT', groups(badly), { location }))).toEqual([400, 'InvalidResourceName']);
  expect((await arm.send('PUT', groups('nsg-ends-'), { location })).body.error.message).toContain(
    'Resource name nsg-ends- is invalid.',
  );
  const text = await arm.send('PUT', groups('nsg-text'), { location, properties: 'none' });
  expect(refusal(text)).toEqual([400, 'InvalidRequestContent']);
});

test("lists of resources support Azure's filters, and other filters are refused", async () => {
  await arm.put(groups('alpha-one'), { location });
  await arm.put(groups('beta-one'), { location, tags: { stage: 'test' } });
  const found = async (filter: string): Promise<unknown> => {
    const query = `$filter=${encodeURIComponent(filter)}`;
    const { status, body } = await arm.send('GET', `${arm.group('requests')}/resources?${query}`);
    return status === 200 ? body.value.map(({ name }: { name: string }) => name) : body.error.code;
  };
  expect(await found("substringof('alpha', name)")).toEqual(['alpha-one']);
  expect(await found("substringof('-one',name) and name ne 'alpha-one'")).toEqual(['beta-one']);
  expect(await found("tagName eq 'stage' and tagValue eq 'test'")).toEqual(['beta-one']);
  expect(await found("resourceGroup eq 'REQUESTS' and substringof('beta', name)")).toEqual(['beta-one']);
  expect(await found("substringof('e', location)")).toBe('InvalidFilterInQueryString');
  expect(await found("plan eq 'x'")).toBe('InvalidFilterInQueryString');
});

test('roles are listed by kind, and sizes of all regions without a filter', async () => {
  const custom = `$filter=${encodeURIComponent("type eq 'CustomRole'")}`;
  const roles = `${arm.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
  expect((await arm.send('GET', `${roles}?${custom}`)).body.value).toEqual([]);
  expect((await arm.send('GET', roles)).body.value.length).toBeGreaterThan(5);
  const sizes = `${arm.subscription}/providers/Microsoft.Compute/skus`;
  const places = (await arm.send('GET', sizes)).body.value.flatMap(
    ({ locations }: { locations: string[] }) => locations,
  );
  expect(new Set(places)).toContain('uksouth');
  expect(new Set(places)).toContain(location);
  const odd = `$filter=${encodeURIComponent("family eq 'x'")}`;
  expect((await arm.send('GET', `${sizes}?${odd}`)).status).toBe(501);
});
