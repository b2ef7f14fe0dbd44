import { expect, test } from 'vitest';
import { startApi } from './harness.ts';
import { listen, sendRaw } from './rawHttp.ts';
import type { RawAnswer } from './rawHttp.ts';

const problemOf = (answer: RawAnswer | undefined) => [
  answer?.status,
  answer?.headers['content-type']?.split(';')[0],
  JSON.parse(answer?.body ?? '{}').code,
];
const problem = (status: number, code: string) => [status, 'application/problem+json', code];
const host = 'Host: 127.0.0.1\r\n';

test.each([
  ['a line that is not HTTP', 'nonsense\r\n\r\n', problem(400, 'BadRequest')],
  ['an unknown method', `BREW / HTTP/1.1\r\n${host}\r\n`, problem(400, 'BadRequest')],
  ['an unknown version', `GET / HTTP/3.7\r\n${host}\r\n`, problem(400, 'BadRequest')],
  ['an invalid header', `GET / HTTP/1.1\r\n${host}a b\r\n\r\n`, problem(400, 'BadRequest')],
  [
    'two lengths',
    `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    problem(400, 'BadRequest'),
  ],
  ['a missing host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', problem(400, 'BadRequest')],
  ['CONNECT', `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, problem(400, 'BadRequest')],
  ['long headers', `GET / HTTP/1.1\r\n${host}A: ${'x'.repeat(20_000)}\r\n\r\n`, problem(431, 'HeadersTooLarge')],
  ['a long path', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, problem(431, 'HeadersTooLarge')],
  [
    'a chunk that is not one',
    `POST /environments HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    problem(400, 'BadRequest'),
  ],
])('answers %s with a problem document', async (_, request, expected) => {
  const { app } = await startApi();
  const [answer] = await sendRaw(await listen(app), request);
  expect(problemOf(answer)).toEqual(expected);
  expect(answer!.headers).toMatchObject({ 'x-frame-options': 'DENY', 'cross-origin-resource-policy': 'same-origin' });
  expect(answer!.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['the headers', 'GET /healthz HTTP/1.1\r\n'],
  ['the body', `POST /sweeps HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{`],
])('a request of which %s never end is refused within 30 seconds', async (_, request) => {
  const { app } = await startApi();
  const port = await listen(app);
  // Node checks connections every 2 s; the limit of 28 s is shortened for this test.
  expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([28_000, 28_000]);
  Object.assign(app.server, { headersTimeout: 1, requestTimeout: 1 });
  const [answer] = await sendRaw(port, request);
  expect(problemOf(answer)).toEqual(problem(408, 'RequestTimeout'));
});

test('an expectation that is not known is ignored', async () => {
  const { app } = await startApi();
  const request = `GET /healthz HTTP/1.1\r\n${host}Expect: more\r\nConnection: close\r\n\r\n`;
  expect((await sendRaw(await listen(app), request))[0]?.status).toBe(200);
});

test('garbage behind a complete request is refused after its answer', async () => {
  const { app } = await startApi();
  const answers = await sendRaw(await listen(app), `GET /healthz HTTP/1.1\r\n${host}\r\nnonsense\r\n\r\n`);
  expect(answers.map(({ status }) => status).at(-1)).toBe(400);
});
