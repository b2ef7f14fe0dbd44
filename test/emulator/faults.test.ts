import { beforeEach, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('faults');

beforeEach(() => arm.control('DELETE', 'faults'));

const nsgType = 'Microsoft.Network/networkSecurityGroups';
const nsg = (name: string): string => `${arm.group('faults')}/providers/${nsgType}/${name}`;

const script = (effect: object, more: object = {}): Promise<unknown> =>
  arm.control('POST', 'faults', { match: { method: 'PUT', type: nsgType }, effect, ...more });

test('a scripted status is answered the given number of times, after the given number of passes', async () => {
  await script(
    { status: 503, code: 'ServiceUnavailable', message: 'gone fishing', headers: { 'retry-after': '7' } },
    { skip: 1, times: 2 },
  );
  const statuses: number[] = [];
  for (const name of ['a', 'b', 'c', 'd']) statuses.push((await arm.send('PUT', nsg(name), { location })).status);
  expect(statuses).toEqual([201, 503, 503, 201]);
  const [fault] = (await arm.control('GET', 'faults')).body;
  expect(fault).toMatchObject({ seen: 4, hits: 2 });
});

test('a fault carries its code, message and headers', async () => {
  await script({ status: 429, code: 'TooManyRequests', message: 'slow down', headers: { 'retry-after': '7' } });
  const answer = await arm.send('PUT', nsg('headers'), { location });
  expect(answer.body.error).toEqual({ code: 'TooManyRequests', message: 'slow down' });
  expect(answer.headers['retry-after']).toBe('7');
});

test('a fault answers details, nested ones and targets', async () => {
  const inner = { code: 'TooHot', message: 'too hot', target: 'sun', details: [{ code: null, message: 'inside' }] };
  await script({ status: 400, code: 'BadRequest', message: 'invalid', target: 'body', details: [inner] });
  const { body } = await arm.send('PUT', nsg('details'), { location });
  expect(body.error).toEqual({ code: 'BadRequest', message: 'invalid', target: 'body', details: [inner] });
});

test('the code of an answer may be null or absent', async () => {
  await script({ status: 400, code: null, message: 'no code' });
  await script({ status: 400, message: 'none at all' });
  expect((await arm.send('PUT', nsg('codes'), { location })).body).toEqual({
    error: { code: null, message: 'no code' },
  });
  expect((await arm.send('PUT', nsg('codes'), { location })).body).toEqual({ error: { message: 'none at all' } });
});

test('a fault answers any body: JSON as it is, a text as HTML', async () => {
  await script({ status: 502, body: '<html>Bad Gateway</html>' });
  await script({ status: 403, body: { Message: 'odd' } });
  const html = await arm.send('PUT', nsg('raw'), { location });
  expect([html.status, html.headers['content-type'], html.text]).toEqual([
    502,
    'text/html; charset=utf-8',
    '<html>Bad Gateway</html>',
  ]);
  expect((await arm.send('PUT', nsg('raw'), { location })).body).toEqual({ Message: 'odd' });
});

test('a reset breaks the connection before anything is executed', async () => {
  await script({ reset: true });
  await expect(arm.send('PUT', nsg('reset'), { location })).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await arm.send('GET', nsg('reset'))).status).toBe(404);
});

test('a dropped reply has been executed', async () => {
  await script({ dropAnswer: true });
  await expect(arm.send('PUT', nsg('dropped'), { location })).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await arm.send('GET', nsg('dropped'))).status).toBe(200);
});

test('a delay lets the request through', async () => {
  await script({ delaySeconds: 1 });
  expect((await arm.send('PUT', nsg('late'), { location })).status).toBe(201);
});

test('an operation can fail after it was accepted', async () => {
  await script({ failOperation: { code: 'InternalServerError', message: 'An error occurred.' } });
  const answer = await arm.send('PUT', nsg('failing'), { location });
  expect(answer.status).toBe(201);
  expect((await arm.untilSettled(nsg('failing'))).body.properties.provisioningState).toBe('Failed');
  const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] ?? '');
  const status = await arm.send('GET', pathname + search.replace(/api-version=[^&]*&/, ''));
  expect(status.body).toMatchObject({ status: 'Failed', error: { code: 'InternalServerError' } });
  expect((await arm.put(nsg('failing'), { location })).status).toBe(200);
});

test.each([
  ['null', { code: null, message: 'ResourceNotReady: crashed' }],
  ['absent', { message: 'ResourceNotReady: crashed', details: [{ message: 'inside' }] }],
])('the code of a failed operation may be %s', async (name, error) => {
  await script({ failOperation: error });
  const answer = await arm.send('PUT', nsg(`failing-${name}`), { location });
  await arm.untilSettled(nsg(`failing-${name}`));
  const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] ?? '');
  const status = await arm.send('GET', pathname + search.replace(/api-version=[^&]*&/, ''));
  expect(status.body.error).toEqual(error);
});

test('an operation can hang, and its resource is busy until the faults are cleared', async () => {
  await script({ hangOperation: true });
  await arm.send('PUT', nsg('stuck'), { location });
  await arm.put(nsg('other'), { location });
  expect((await arm.send('GET', nsg('stuck'))).body.properties.provisioningState).toBe('Updating');
  const refused = await arm.send('DELETE', nsg('stuck'));
  expect([refused.status, refused.body.error.code]).toEqual([429, 'AnotherOperationInProgress']);
  await arm.control('DELETE', 'faults');
  expect((await arm.untilSettled(nsg('stuck'))).body.properties.provisioningState).toBe('Succeeded');
});

test('a fault on polls applies to polls only', async () => {
  await arm.control('POST', 'faults', { match: { action: 'poll' }, effect: { status: 503 } });
  const answer = await arm.send('PUT', nsg('polled'), { location });
  const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] ?? '');
  const url = pathname + search.replace(/api-version=[^&]*&/, '');
  expect((await arm.send('GET', nsg('polled'))).status).toBe(200);
  expect((await arm.send('GET', url)).status).toBe(503);
  expect((await arm.send('GET', url)).status).toBe(200);
});

test('faults and their counts survive a restart', async () => {
  await script({ status: 500 }, { times: 2 });
  expect((await arm.send('PUT', nsg('restart'), { location })).status).toBe(500);
  await arm.restart();
  expect((await arm.send('PUT', nsg('restart'), { location })).status).toBe(500);
  expect((await arm.send('PUT', nsg('restart'), { location })).status).toBe(201);
});

test('a fault with a probability applies to its share of requests, the same ones for the same seed, also after a restart', async () => {
  const statuses = async (from: number, to: number): Promise<number[]> => {
    const all: number[] = [];
    for (let n = from; n < to; n++) all.push((await arm.send('GET', nsg('absent'))).status);
    return all;
  };
  const chance = { match: { method: 'GET' }, chance: { share: 0.3, seed: 7 }, effect: { status: 503 } };
  await arm.control('POST', 'faults', chance);
  const first = await statuses(0, 60);
  await arm.control('DELETE', 'faults');
  await arm.control('POST', 'faults', chance);
  const second = await statuses(0, 20);
  await arm.restart();
  expect([...second, ...(await statuses(20, 60))]).toEqual(first);
  const hits = first.filter((status) => status === 503).length;
  expect(hits).toBeGreaterThan(8);
  expect(hits).toBeLessThan(30);
});

test('an invalid chance is refused', async () => {
  const answer = await arm.control('POST', 'faults', {
    match: {},
    chance: { share: 5, seed: 1 },
    effect: { status: 503 },
  });
  expect(answer.body.error.message).toContain('share');
});

test('a fault without an effect is refused', async () => {
  const answer = await arm.control('POST', 'faults', { match: {}, effect: {} });
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain('needs one of');
});

test('the request log has the bodies that were sent, without secrets', async () => {
  await arm.control('DELETE', 'requests');
  await arm.send(
    'PUT',
    nsg('logged'),
    { location, properties: { adminPassword: 'hunter2' } },
    { 'x-ms-correlation-request-id': 'c-1' },
  );
  const [logged] = (await arm.control('GET', 'requests')).body;
  expect(logged).toMatchObject({
    method: 'PUT',
    path: nsg('logged'),
    status: 400,
    correlationId: 'c-1',
    body: { location },
  });
  expect(JSON.stringify(logged)).not.toContain('hunter2');
});
