import type { IncomingMessage, ServerResponse } from 'node:http';
import { FaultScript } from '../arm/faultScript.ts';
import { ArmError } from '../arm/model.ts';
import { Router } from '../arm/router.ts';
import { Throttle } from '../arm/throttle.ts';
import { DeploymentRunner } from '../templates/deploymentRunner.ts';
import { takesTemplate, templateJson } from '../templates/templateJson.ts';
import { activityLogRoutes } from '../providers/insights/activityLog.ts';
import { subscriptionRoutes, typeRegistry } from '../providers/typeRegistry.ts';
import { Clock } from '../state/clock.ts';
import { EmulatedCloud } from '../state/cloud.ts';
import { JournalError } from '../state/journal.ts';
import type { LogLine } from '../state/journal.ts';
import type { Store } from '../state/store.ts';
import { errorReply, parseBody } from './call.ts';
import type { Call, Reply } from './call.ts';
import { handleControl } from './controlRoutes.ts';
import { handleDirectory } from './directoryRoutes.ts';
import { hostOf, parseCall, readBody, sendReply } from './httpAdapter.ts';
import { RequestLog } from './requestLog.ts';
import { handleSignIn, principalOf } from './signIn.ts';

type Log = (line: LogLine) => void;

export interface RequestHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** ends what runs without a request */
  stop(): void;
}

interface RequestHandlerParts {
  timeScale: number;
  seed?: number | null | undefined;
  subscriptionIds: readonly string[];
  tenantId: string;
  hosts: readonly string[];
  store: Store;
  log?: Log | undefined;
}

/** Builds the emulated cloud over the store, and returns what answers its HTTP requests. */
export function createRequestHandler({
  timeScale,
  seed = null,
  subscriptionIds,
  tenantId,
  hosts,
  store,
  log,
}: RequestHandlerParts): RequestHandler {
  const cloud = new EmulatedCloud(new Clock(timeScale, seed), store, typeRegistry);
  const faults = new FaultScript(store);
  const throttle = new Throttle(timeScale);
  const requests = new RequestLog();
  const activity = { requests: () => requests.list(), operations: () => cloud.operations() };
  const routes = [...subscriptionRoutes({ subscriptionIds, tenantId }), ...activityLogRoutes(activity)];
  const router = new Router({
    cloud,
    faults,
    throttle,
    routes,
    subscriptionIds,
    tenantId,
    store,
  });
  const send = (call: Call): Promise<Reply | 'dropped'> => router.handle(call, { throttled: false });
  const deployments = new DeploymentRunner({ cloud, store, send, log });

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
    const json = takesTemplate(call.path) ? templateJson(text) : text;
    const full = { ...call, principal, body: parseBody(json) };
    const directory = handleDirectory(cloud, full);
    if (directory) return directory;
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
        caller: principal.appId,
      });
    return reply;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
    if (call.method !== 'GET') deployments.wake();
  }

  return { handle, stop: () => deployments.stop() };
}

/** The error to reply with; logs what is a defect of the emulator. */
function armErrorOf(error: unknown, log: Log | undefined): ArmError {
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
