import { expect, test } from 'vitest';
import { useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('dns');
const zoneId = (name: string): string => arm.id('Microsoft.Network/privateDnsZones', name);

async function zone(name: string): Promise<string> {
  await arm.put(zoneId(name), { location: 'global' });
  return zoneId(name);
}

async function network(name: string): Promise<string> {
  const id = arm.id('Microsoft.Network/virtualNetworks', name);
  await arm.put(id, { location: 'westus2', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } });
  return id;
}

/** The status of an accepted request's operation, once it has ended. */
async function outcome({ headers }: Reply): Promise<Reply> {
  const { pathname, search } = new URL(headers['azure-asyncoperation'] ?? '');
  for (;;) {
    const answer = await arm.send('GET', `${pathname}${search.replace(/api-version=[^&]*&/, '')}`);
    if (answer.body?.status !== 'InProgress') return answer;
  }
}

const names = ({ body }: Reply): string[] => body.value.map(({ name }: { name: string }) => name);
const bareError = ({ status, body }: Reply): unknown[] => [status, body.code, body.message];

test('an unmet condition on a zone or link ends its operation, and changes nothing', async () => {
  const id = await zone('conditions.example');
  const put = await arm.send('PUT', id, { location: 'global', tags: { a: 'b' } }, { 'if-none-match': '*' });
  expect(put.status).toBe(202);
  expect(await outcome(put)).toMatchObject({
    status: 200,
    body: {
      status: 'Failed',
      error: {
        code: 'PreconditionFailed',
        message: 'The Zone conditions.example exists already and hence cannot be created again.',
      },
    },
  });
  const modified = 'The Zone conditions.example has been modified (etag mismatch).';
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const body = method === 'DELETE' ? undefined : { location: 'global' };
    const reply = await arm.send(method, id, body, { 'if-match': 'gibberish' });
    expect(reply.status).toBe(202);
    expect((await outcome(reply)).body.error).toEqual({ code: 'PreconditionFailed', message: modified });
  }
  const { body } = await arm.send('GET', id);
  expect(body.properties.provisioningState).toBe('Succeeded');
  expect(body.tags ?? {}).toEqual({});
  const link = `${id}/virtualNetworkLinks/l`;
  const asked = { location: 'global', properties: { virtualNetwork: { id: await network('vnet-c') } } };
  await arm.put(link, asked);
  const again = await arm.send('PUT', link, asked, { 'if-none-match': '*' });
  expect((await outcome(again)).body.error.message).toBe(
    "The Virtual Network link 'l' for the Private DNS zone 'conditions.example' exists already and hence cannot be created again.",
  );
});

test('a met condition lets the operation succeed; zones have bare entity tags, links quoted ones', async () => {
  const id = await zone('met.example');
  const { headers, body } = await arm.send('GET', id);
  expect(headers['etag']).toBe(body.etag);
  expect(body.etag).toMatch(/^[0-9a-f-]{36}$/);
  const patched = await arm.send('PATCH', id, { tags: { a: 'b' } }, { 'if-match': body.etag });
  expect([patched.status, patched.text]).toEqual([202, '{}']);
  expect((await outcome(patched)).body.status).toBe('Succeeded');
  expect((await arm.send('GET', id)).body.tags).toEqual({ a: 'b' });
  const link = `${id}/virtualNetworkLinks/l`;
  await arm.put(link, { location: 'global', properties: { virtualNetwork: { id: await network('vnet-m') } } });
  const change = await arm.send('PATCH', link, { properties: { registrationEnabled: true } });
  expect([change.status, (await outcome(change)).body.status]).toEqual([202, 'Succeeded']);
  const read = (await arm.send('GET', link)).body;
  expect(read.etag).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(read.properties).toMatchObject({ registrationEnabled: true, virtualNetworkLinkState: 'Completed' });
  expect((await arm.send('GET', id)).body.properties).toMatchObject({
    numberOfVirtualNetworkLinks: 1,
    numberOfVirtualNetworkLinksWithRegistration: 1,
  });
});

const records: [type: string, records: Record<string, unknown>][] = [
  ['A', { aRecords: [{ ipv4Address: '10.0.0.9' }] }],
  ['AAAA', { aaaaRecords: [{ ipv6Address: '2001:db8::1' }] }],
  ['MX', { mxRecords: [{ preference: 10, exchange: 'mail.example.com' }] }],
  ['PTR', { ptrRecords: [{ ptrdname: 'one.example.com' }] }],
  ['SRV', { srvRecords: [{ priority: 1, weight: 2, port: 3, target: 'srv.example.com' }] }],
  ['TXT', { txtRecords: [{ value: ['v=1', 'second'] }] }],
];

test('record sets of every type can be created, read, patched, listed and deleted', async () => {
  const id = await zone('types.example');
  for (const [type, properties] of records) {
    const set = `${id}/${type}/one`;
    const created = await arm.send('PUT', set, { properties: { ttl: 30, ...properties } }, { 'if-none-match': '*' });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: set,
        name: 'one',
        type: `Microsoft.Network/privateDnsZones/${type}`,
        properties: { ttl: 30, fqdn: 'one.types.example.', isAutoRegistered: false, ...properties },
      },
    });
    expect(created.body.etag).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.headers['etag']).toBe(created.body.etag);
    expect((await arm.send('GET', set)).body).toEqual(created.body);
    const patched = await arm.send('PATCH', set, { properties: { metadata: { a: 'b' } } });
    expect(patched).toMatchObject({
      status: 200,
      body: { properties: { ttl: 30, metadata: { a: 'b' }, ...properties } },
    });
    expect(names(await arm.send('GET', `${id}/${type}`))).toEqual(['one']);
  }
  await arm.send('PUT', `${id}/CNAME/alias`, { properties: { ttl: 60, cnameRecord: { cname: 'one.types.example' } } });
  expect(names(await arm.send('GET', `${id}/ALL`))).toEqual(['@', 'alias', ...records.map(() => 'one')]);
  expect(names(await arm.send('GET', `${id}/ALL?$recordsetnamesuffix=ias`))).toEqual(['alias']);
  const page = await arm.send('GET', `${id}/ALL?$top=3`);
  expect([names(page).length, typeof page.body.nextLink]).toEqual([3, 'string']);
  expect((await arm.send('GET', id)).body.properties.numberOfRecordSets).toBe(8);
  expect((await arm.send('DELETE', `${id}/TXT/one`)).status).toBe(200);
  expect((await arm.send('DELETE', `${id}/TXT/one`)).status).toBe(204);
  expect((await arm.send('GET', `${id}/TXT/one`)).status).toBe(404);
});

test('an unmet condition on a record set is refused at once, as `{code, message}`', async () => {
  const id = await zone('sets.example');
  const record = { properties: { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.9' }] } };
  const first = await arm.send('PUT', `${id}/A/name`, record);
  const seen = { 'if-match': first.body.etag };
  record.properties.ttl = 90;
  expect((await arm.send('PUT', `${id}/A/name`, record, seen)).status).toBe(200);
  const stale = [412, 'PreconditionFailed', 'The Record set name has been modified (etag mismatch).'];
  expect(bareError(await arm.send('PUT', `${id}/A/name`, record, seen))).toEqual(stale);
  expect(bareError(await arm.send('DELETE', `${id}/A/name`, undefined, seen))).toEqual(stale);
  expect(bareError(await arm.send('PUT', `${id}/A/name`, record, { 'if-none-match': '*' }))).toEqual([
    412,
    'PreconditionFailed',
    'The Record set name exists already and hence cannot be created again.',
  ]);
});

test('the SOA record set comes with the zone, can be changed but for host and serial number, and stays', async () => {
  const id = await zone('soa.example');
  const soa = await arm.send('GET', `${id}/SOA/@`);
  expect(soa.body.properties).toMatchObject({ ttl: 3600, fqdn: 'soa.example.', soaRecord: { serialNumber: 1 } });
  const soaRecord = { email: 'example.hostmaster.com', expireTime: 1, host: 'other', minimumTtl: 2, serialNumber: 5 };
  const changed = await arm.send('PUT', `${id}/SOA/@`, { properties: { ttl: 3600, soaRecord } });
  expect(changed).toMatchObject({
    status: 200,
    body: {
      properties: { soaRecord: { ...soaRecord, host: 'azureprivatedns.net', refreshTime: 3600, serialNumber: 1 } },
    },
  });
  expect((await arm.send('DELETE', `${id}/SOA/@`)).body.code).toBe('BadRequest');
  expect((await arm.send('PUT', `${id}/SOA/other`, { properties: { soaRecord } })).status).toBe(400);
});

test('a CNAME record has no other record of its name, nor the name of the zone', async () => {
  const id = await zone('cname.example');
  const cname = { properties: { ttl: 60, cnameRecord: { cname: 'elsewhere.example.com' } } };
  const address = { properties: { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.9' }] } };
  expect((await arm.send('PUT', `${id}/CNAME/alias`, cname)).status).toBe(201);
  expect((await arm.send('PUT', `${id}/CNAME/alias`, cname)).status).toBe(200);
  expect(bareError(await arm.send('PUT', `${id}/A/alias`, address)).slice(0, 2)).toEqual([409, 'Conflict']);
  await arm.send('PUT', `${id}/A/host`, address);
  expect(bareError(await arm.send('PUT', `${id}/CNAME/host`, cname)).slice(0, 2)).toEqual([409, 'Conflict']);
  expect((await arm.send('PUT', `${id}/CNAME/@`, cname)).status).toBe(400);
  expect((await arm.send('PUT', `${id}/A/@`, address)).body.properties.fqdn).toBe('cname.example.');
  for (const wrong of [{ ttl: 0 }, { aRecords: [{ ipv4Address: '10.0.0' }] }])
    expect((await arm.send('PUT', `${id}/A/wrong`, { properties: wrong })).body.code).toBe('BadRequest');
  const unknown = { ttl: 60, aRecords: [{ ipv4: '10.0.0.9' }] };
  expect((await arm.send('PUT', `${id}/A/wrong`, { properties: unknown })).status).toBe(400);
  const empty = await arm.send('PUT', `${id}/A/empty`, { properties: { ttl: 60 } });
  expect([empty.status, empty.body.properties.aRecords]).toEqual([201, []]);
});
