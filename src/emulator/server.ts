import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificates } from './http/certificates.ts';
import { Clock } from './state/clock.ts';
import { handleControl } from './http/controlRoutes.ts';
import { readBody, parseCall, hostOf, sendReply } from './http/httpAdapter.ts';
import { FaultScript } from './arm/faultScript.ts';
import { errorReply, parseBody } from './http/call.ts';
import type { Call, Reply } from './http/call.ts';
import { ArmError } from './arm/model.ts';
import { replyToParserError } from './http/parserErrors.ts';
import { JournalError } from './state/journal.ts';
import { RequestLog } from './http/requestLog.ts';
import { Router } from './arm/router.ts';
import { principalOf, handleSignIn } from './http/signIn.ts';
import { Store } from './state/store.ts';
import { Throttle } from './arm/throttle.ts';
import { tenantId } from './providers/resourceHelpers.ts';
import { subscriptionRoutes, typeRegistry } from './providers/typeRegistry.ts';
import { EmulatedCloud } from './state/cloud.ts';

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
  subscriptionIds?: readonly string[];
  /** receives a line for every reply and every failure of the emulator itself */
  log?: (line: { level: 'info' | 'error'; message: string }) => void;
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
  let handle: Handler | undefined;
  const server = createServer({ cert, key, ...limits }, (request, response) => {
    handle?.(request, response).catch(() => response.destroy());
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
  handle = handler({ ...options, timeScale, subscriptionIds, tenantId, hosts, store });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `https://localhost:${bound}`,
    port: bound,
    caPath,
    caPem,
    subscriptionIds,
    tenantId,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Parts {
  timeScale: number;
  subscriptionIds: readonly string[];
  tenantId: string;
  hosts: readonly string[];
  store: Store;
  log?: EmulatorOptions['log'];
}

function handler({ timeScale, subscriptionIds, tenantId, hosts, store, log }: Parts): Handler {
  const cloud = new EmulatedCloud(new Clock(timeScale), store, typeRegistry);
  const faults = new FaultScript(store);
  const throttle = new Throttle(timeScale);
  const requests = new RequestLog();
  const routes = subscriptionRoutes({ subscriptionIds, tenantId });
  const router = new Router({
    cloud,
    faults,
    throttle,
    routes,
    subscriptionIds,
    tenantId,
    store,
  });

  async function answer(request: IncomingMessage, call: Call, text: string): Promise<Reply | 'dropped'> {
    if (!hosts.includes(hostOf(call.origin))) return foreignHost(call.origin);
    if (call.path.startsWith('/_emulator/'))
      return await handleControl({ cloud, store, faults, throttle, log: requests }, { ...call, body: parseBody(text) });
    // Clients that ask whether this cloud is ready ask here.
    if (call.path === '/metadata/endpoints') store.probe();
    else store.assertWritable();
    const signedIn = handleSignIn(call, new URLSearchParams(text), tenantId);
    if (signedIn) return signedIn;
    const principal = principalOf(request.headers.authorization);
    if (!principal) return unauthorized(call.origin, tenantId);
    const full = { ...call, principal, body: parseBody(text) };
    const reply = await router.handle(full);
    const { method, path, query, body, correlationId } = full;
    if (method !== 'GET' && method !== 'HEAD')
      requests.add({
        at: cloud.now(),
        method,
        path,
        query,
        status: reply === 'dropped' ? null : reply.status,
        body,
        correlationId,
      });
    return reply;
  }

  return async (request, response) => {
    const call = parseCall(request);
    let reply: Reply | 'dropped';
    try {
      reply = await answer(request, call, await readBody(request));
    } catch (error) {
      reply = errorReply(armErrorOf(error, log));
    }
    log?.({ level: 'info', message: `${call.method} ${call.path} ${reply === 'dropped' ? 'dropped' : reply.status}` });
    if (reply === 'dropped') request.socket.destroy();
    else sendReply(response, call, reply);
  };
}

/** The error to reply with; logs what is a defect of the emulator. */
function armErrorOf(error: unknown, log: EmulatorOptions['log']): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof JournalError)
    return new ArmError(503, 'ServiceUnavailable', error.message, { headers: { 'retry-after': '5' } });
  log?.({ level: 'error', message: String(error instanceof Error ? error.stack : error) });
  return new ArmError(500, 'InternalServerError', `Internal error of the emulator: ${String(error)}`);
}

const foreignHost = (origin: string): Reply =>
  errorReply(
    new ArmError(
      421,
      'ForeignHost',
      `The host of ${origin} is not allowed. The emulator serves localhost and the names in MOAT_EMULATOR_ALLOWED_HOSTS.`,
    ),
  );

const unauthorized = (origin: string, tenantId: string): Reply =>
  errorReply(
    new ArmError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", {
      headers: {
        'www-authenticate': `Bearer authorization_uri="${origin}/${tenantId}", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`,
      },
    }),
  );

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
