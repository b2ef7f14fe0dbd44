import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { App } from '../../src/api/route.ts';
import { churn1, startApi } from './harness.ts';

interface Event {
  id: string;
  event: string;
  data: { state: string };
}

/** Opens the stream of an environment over a real connection. */
const open = (app: App, name = 'churn1', headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  openPath(app, `/environments/${name}/events`, headers);

async function openPath(app: App, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const request = get({ host: '127.0.0.1', port, path, headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

/** The events of a stream as they arrive; comments do not count. */
async function* eventsOf(response: IncomingMessage): AsyncGenerator<Event> {
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text
        .slice(0, end)
        .split('\n')
        .filter((line) => !line.startsWith(':'));
      text = text.slice(end + 2);
      const fields = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (lines.length > 0) yield { ...fields, data: JSON.parse(fields['data']) } as Event;
    }
  }
}

async function startProvisioning() {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  return api;
}

test('the stream sends the current state, then each change, and ends with the run', async () => {
  const { app, environments } = await startProvisioning();
  const response = await open(app);
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-content-type-options': 'nosniff' });
  const events = eventsOf(response);
  expect((await events.next()).value).toMatchObject({ id: '1', event: 'progress', data: { state: 'provisioning' } });
  environments.finish('churn1');
  expect((await events.next()).value).toMatchObject({ id: '2', event: 'progress', data: { state: 'ready' } });
  expect((await events.next()).done).toBe(true);
});

test('a reconnection after the end is answered 204', async () => {
  const { app, environments } = await startProvisioning();
  environments.finish('churn1');
  const response = await open(app, 'churn1', { 'last-event-id': '2' });
  expect(response.statusCode).toBe(204);
  response.resume();
});

test('a reconnection during a run is accepted immediately and receives the next change', async () => {
  const { app, environments } = await startProvisioning();
  const response = await open(app, 'churn1', { 'last-event-id': '1' });
  expect(response.statusCode).toBe(200);
  environments.finish('churn1');
  expect((await eventsOf(response).next()).value).toMatchObject({ id: '2', data: { state: 'ready' } });
});

test('the stream of an unknown environment is a problem document', async () => {
  const { app } = await startProvisioning();
  const response = await open(app, 'churn2');
  expect([response.statusCode, response.headers['content-type']]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ]);
  response.resume();
});

test('a client that disconnects ends its watch', async () => {
  const { app, environments } = await startProvisioning();
  const response = await open(app);
  await eventsOf(response).next();
  await vi.waitUntil(() => environments.watchers === 1);
  response.destroy();
  await vi.waitUntil(() => environments.watchers === 0);
});

test('open streams do not delay the closing of the server', async () => {
  const { app, environments } = await startProvisioning();
  const events = eventsOf(await open(app));
  await events.next();
  await app.close();
  expect((await events.next()).done).toBe(true);
  expect(environments.watchers).toBe(0);
});

test('a stream that fails ends without a cause', async () => {
  const { app, environments } = await startProvisioning();
  const events = eventsOf(await open(app));
  await events.next();
  environments.get = () => Promise.reject(new Error('password=hunter2'));
  environments.set('churn1', {});
  expect((await events.next()).done).toBe(true);
});

test('the stream of the list sends what is active, then each change, and does not end with a run', async () => {
  const { app, environments } = await startProvisioning();
  const response = await openPath(app, '/events');
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream' });
  const events = eventsOf(response);
  expect((await events.next()).value).toMatchObject({ id: '1', event: 'progress', data: { state: 'provisioning' } });
  environments.finish('churn1');
  expect((await events.next()).value).toMatchObject({ id: '2', data: { state: 'ready' } });
  environments.set('churn1', { state: 'expired' });
  expect((await events.next()).value).toMatchObject({ id: '3', data: { state: 'expired' } });
  response.destroy();
  await vi.waitUntil(() => environments.watchers === 0);
});

test('a reconnection to the stream of the list is sent only what followed its last event', async () => {
  const { app, environments } = await startProvisioning();
  const response = await openPath(app, '/events', { 'last-event-id': '1' });
  environments.finish('churn1');
  expect((await eventsOf(response).next()).value).toMatchObject({ id: '2', data: { state: 'ready' } });
});
