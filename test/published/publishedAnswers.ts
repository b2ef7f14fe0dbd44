import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import { certificates } from '../../src/emulator/http/certificates.ts';

export const subscriptionId = '00000000-0000-0000-0000-000000000000';

/** The body of a published example; its file names where it is from. */
export const exampleOf = (name: string): unknown =>
  (JSON.parse(readFileSync(join(import.meta.dirname, 'examples', `${name}.json`), 'utf8')) as { body: unknown }).body;

/** Azure's clients, connected to a server that answers every GET with one body, until the test ends. */
export async function azureThatAnswers(body: unknown): Promise<Azure> {
  const directory = await mkdtemp(join(tmpdir(), 'moat-published-'));
  const { cert, key, caPem } = await certificates(directory, ['localhost']);
  const server = createServer({ cert, key }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });
  const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
  return connectAzure({ kind: 'emulator', endpoint, ca: caPem, timeScale: 1 / 1000 }, [subscriptionId]);
}
