import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { isPublic } from '../../src/activities/sweep/publicAddress.ts';
import { createWebhook, signatureOf } from '../../src/activities/sweep/webhook.ts';
import type { WebhookEvent } from '../../src/domain/webhookEvent.ts';

const secret = 'sixteen characters';
const event: WebhookEvent = {
  type: 'environment.marked',
  at: '2026-11-23T18:00:00.000Z',
  environment: { name: 'churn1', subscriptionId: 's', owner: 'ana', expiresAt: '2026-11-23T17:00:00.000Z' },
  sweep: 'sweep-1',
  message: 'its lease is over',
};

async function listener(status: number, headers: Record<string, string> = {}) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(status, headers).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

test('The receiver can verify sender and time', async () => {
  const { received, url } = await listener(204);
  await createWebhook({ url, secret, allowLoopback: true })(event, 'event-1');
  const [{ headers, body }] = received as [(typeof received)[0]];
  expect(JSON.parse(body)).toEqual({ id: 'event-1', ...event });
  const seconds = Number(/^t=(\d+),/.exec(String(headers['moat-signature']))![1]);
  expect(headers['moat-signature']).toBe(signatureOf(secret, seconds, body));
  expect(headers['moat-event-id']).toBe('event-1');
  expect(signatureOf('another secret', seconds, body)).not.toBe(headers['moat-signature']);
});

test('Only a 2xx answer counts as delivered, and no redirection is followed', async () => {
  for (const status of [301, 400, 500]) {
    const { received, url } = await listener(status, { location: 'http://127.0.0.1:1/' });
    await expect(createWebhook({ url, secret, allowLoopback: true })(event, 'e')).rejects.toThrow(`answered ${status}`);
    expect(received).toHaveLength(1);
  }
});

const refused = (at: string) => expect(createWebhook({ url: at, secret, allowLoopback: false })(event, 'e')).rejects;

test('Nothing is sent to this machine or into private networks, by address or by name', async () => {
  const { received, url } = await listener(204);
  await refused(url).toThrow('is not a public address');
  await refused(url.replace('127.0.0.1', 'localhost')).toThrow('not public');
  await refused('https://169.254.169.254/metadata').toThrow('is not a public address');
  await refused('https://[::1]/').toThrow('is not a public address');
  expect(received).toEqual([]);
});

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['168.63.129.16', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['fc00::1', false],
  ['fe80::1', false],
  ['2002:0a00:0001::', false],
])('Whether %s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});
