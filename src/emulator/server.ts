import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createRequestHandler } from './http/requestHandler.ts';
import type { RequestHandler } from './http/requestHandler.ts';
import { certificates } from './http/certificates.ts';
import { replyToParserError } from './http/parserErrors.ts';
import type { LogLine } from './state/journal.ts';
import { Store } from './state/store.ts';
import { tenantId } from './providers/resourceHelpers.ts';

/** The subscription when none is configured. */
const defaultSubscriptionId = '5f0e1d6c-3b6a-4b52-9d1e-0a7c4e2f8b90';

export interface EmulatorOptions {
  /** where state, authority and certificates are kept */
  dataDir: string;
  /** default 127.0.0.1 */
  host?: string;
  /** default 8743; 0 selects a free port */
  port?: number;
  /** names beside localhost, 127.0.0.1 and ::1 that a `Host` header may have */
  allowedHosts?: readonly string[];
  /** factor on the real duration of operations; default 1/60 */
  timeScale?: number;
  /** operations vary around their mean, the same for the same seed; default null: each takes exactly its mean */
  seed?: number | null;
  subscriptionIds?: readonly string[];
  /** receives a line for every reply and every failure of the emulator itself */
  log?: ((line: LogLine) => void) | undefined;
}

export interface Emulator {
  url: string;
  port: number;
  caPath: string;
  caPem: string;
  subscriptionIds: readonly string[];
  tenantId: string;
  close(): Promise<void>;
}

/** What one connection may cost: header bytes, and milliseconds until headers and the whole request must have come. */
const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than clients keep idle connections, so that none is closed under a request.
  keepAliveTimeout: 120_000,
};

const loopback = ['localhost', '127.0.0.1', '::1'];

/**
 * Starts an Azure Resource Manager on localhost over the state in `dataDir`. Rejects when the port is taken, before
 * anything in `dataDir` but the certificates is touched, so that a second emulator started by mistake does no harm.
 */
export async function buildEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { dataDir, host = '127.0.0.1', port = 8743, timeScale = 1 / 60 } = options;
  if (!(timeScale > 0)) throw new Error(`the time scale must be above 0, not ${timeScale}`);
  const hosts = [...loopback, ...(options.allowedHosts ?? [])];
  const { cert, key, caPath, caPem } = await certificates(dataDir, hosts, options.log);
  let handler: RequestHandler | undefined;
  const server = createServer({ cert, key, ...limits }, (request, response) => {
    handler?.handle(request, response).catch(() => response.destroy());
  });
  server.on('clientError', replyToParserError);
  await listen(server, host, port);
  const subscriptionIds = options.subscriptionIds?.length ? options.subscriptionIds : [defaultSubscriptionId];
  let store: Store;
  try {
    store = new Store(dataDir, { log: options.log });
  } catch (error) {
    server.close();
    throw error;
  }
  const requests = createRequestHandler({ ...options, timeScale, subscriptionIds, tenantId, hosts, store });
  handler = requests;
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `https://localhost:${bound}`,
    port: bound,
    caPath,
    caPem,
    subscriptionIds,
    tenantId,
    close: async () => {
      requests.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
