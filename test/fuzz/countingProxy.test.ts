import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startCountingProxy } from '../../fuzz/countingProxy.ts';

it('the proxy counts answers, reports 5xx, and ends streams that would stay open', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/stream')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    else response.writeHead(Number(request.url!.slice(1))).end(request.headers['x-name']);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startCountingProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    proxy.close();
    server.closeAllConnections();
    server.close();
  });
  const get = async (path: string) => (await fetch(proxy.url + path, { headers: { 'x-name': 'kept' } })).text();
  expect(await get('/stream')).toBe('data: 1\n\n');
  expect(await Promise.all(['/404', '/503', '/503'].map(get))).toEqual(['kept', 'kept', 'kept']);
  expect([...proxy.statuses]).toEqual(expect.arrayContaining([[200, 1], [404, 1], [503, 2]])); // prettier-ignore
  expect(proxy.serverErrors).toEqual(['GET /503 503', 'GET /503 503']);
});
