import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookOptions } from '../../src/activities/sweep/webhook.ts';
import type { WebhookEvent } from '../../src/domain/webhookEvent.ts';

/** An HTTP server that receives webhook events and acknowledges each. */
export async function startWebhookReceiver() {
  const events: WebhookEvent[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      events.push(JSON.parse(chunks.join('')) as WebhookEvent);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const webhook: WebhookOptions = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret: 'sixteen characters',
    allowLoopback: true,
  };
  return { events, webhook, close: () => server.close() };
}
