import { createHash } from 'node:crypto';
import type { Call, Reply } from './http.ts';
import type { Json, JsonObject, Operation, Resource, WireStyle } from './model.ts';
import { waitHeaders } from './waiting.ts';
import type { EmulatedWorld } from './world.ts';

type Verb = 'put' | 'patch' | 'delete' | 'action';

/** How one style tells that it has accepted a request. `resource` is 201 for a new one, 200 for an old one, with its body. */
interface Telling {
  status: 'resource' | 202;
  asyncOperation?: boolean;
  location?: 'result' | 'resource';
  /** seconds */
  retryAfter?: number;
  headers?: Record<string, string>;
}

const notification = { 'azure-asyncnotification': 'Enabled' };
const budget = { 'x-ms-async-operation-timeout': 'PT30M' };
const both = { status: 202, asyncOperation: true, location: 'result' } as const;

/**
 * As recorded from real traffic; for `workspace` and `registry` deletion and `vault` purge, which nobody recorded, the
 * forms of their API specifications.
 */
const tellings: Record<Exclude<WireStyle, 'sync'>, Record<Verb, Telling>> = {
  group: same({ status: 202, location: 'result', retryAfter: 15 }),
  network: {
    ...same({ ...both, retryAfter: 10 }),
    put: { status: 'resource', asyncOperation: true, retryAfter: 3, headers: notification },
  },
  dns: same(both),
  storage: same({
    status: 202,
    location: 'result',
    retryAfter: 17,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  }),
  vault: { ...same({ status: 202, location: 'result', retryAfter: 10 }), put: { status: 'resource' } },
  registry: { ...same(both), put: { status: 'resource', asyncOperation: true } },
  compute: {
    ...same({ ...both, retryAfter: 10, headers: notification }),
    put: { status: 'resource', asyncOperation: true, retryAfter: 10, headers: notification },
  },
  workspace: same({ ...both, retryAfter: 10 }),
  machineLearning: {
    ...same({ ...both, retryAfter: 10, headers: budget }),
    put: { status: 'resource', asyncOperation: true, location: 'resource', headers: budget },
  },
};

function same(telling: Telling): Record<Verb, Telling> {
  return { put: telling, patch: telling, delete: telling, action: telling };
}

/** The answer to a request that has begun an operation. `body` is the resource as it is now. */
export function accepted(
  world: EmulatedWorld,
  call: Call,
  style: WireStyle,
  verb: Verb,
  operation: Operation,
  body: JsonObject | undefined,
): Reply {
  if (style === 'sync') throw new Error('a sync type has no operations');
  const telling = tellings[style][verb];
  const urls = urlsOf(world, call, style, operation);
  operation.style = style;
  world.saveOperation(operation);
  const headers: Record<string, string> = { ...telling.headers, ...waitHeaders(world, operation, telling.retryAfter) };
  if (telling.asyncOperation) headers['azure-asyncoperation'] = urls.status;
  if (telling.location === 'result') headers['location'] = urls.result;
  if (telling.location === 'resource')
    headers['location'] = `${call.origin}${operation.resourceId}?api-version=${call.query['api-version']}`;
  if (telling.status === 202) return { status: 202, headers };
  return { status: operation.kind === 'create' ? 201 : 200, headers, ...(body ? { body } : {}) };
}

const bases: Record<
  Exclude<WireStyle, 'sync'>,
  (s: string, location: string, group: string) => { status: string; result: string }
> = {
  group: (s) => ({ status: `${s}/operationresults`, result: `${s}/operationresults` }),
  network: (s, l) => pair(`${s}/providers/Microsoft.Network/locations/${l}`, 'operations', 'operationResults'),
  dns: (_, __, g) =>
    pair(`${g}/providers/Microsoft.Network`, 'privateDnsOperationStatuses', 'privateDnsOperationResults'),
  storage: (s, l) => pair(`${s}/providers/Microsoft.Storage/locations/${l}`, 'asyncoperations', 'asyncoperations'),
  vault: (s, l) => pair(`${s}/providers/Microsoft.KeyVault/locations/${l}`, 'operationStatuses', 'operationResults'),
  registry: (s, l) =>
    pair(`${s}/providers/Microsoft.ContainerRegistry/locations/${l}`, 'operationStatuses', 'operationResults'),
  compute: (s, l) => pair(`${s}/providers/Microsoft.Compute/locations/${l}`, 'operations', 'operations'),
  workspace: (s, l) =>
    pair(
      `${s}/providers/Microsoft.MachineLearningServices/locations/${l}`,
      'workspaceOperationsStatus',
      'workspaceOperationResults',
    ),
  machineLearning: (s, l) =>
    pair(
      `${s}/providers/Microsoft.MachineLearningServices/locations/${l}`,
      'mfeOperationsStatus',
      'mfeOperationResults',
    ),
};

function pair(base: string, status: string, result: string): { status: string; result: string } {
  return { status: `${base}/${status}`, result: `${base}/${result}` };
}

/** Where an operation and its result are to be looked at. */
export function urlsOf(
  world: EmulatedWorld,
  call: Call,
  style: Exclude<WireStyle, 'sync'>,
  operation: Operation,
): { status: string; result: string } {
  const subscription = operation.resourceId.split('/').slice(0, 3).join('/');
  const group = operation.resourceId.split('/').slice(0, 5).join('/');
  const base = bases[style](subscription, operation.location, group);
  const origin = style === 'dns' ? withPort(call.origin) : call.origin;
  const id = operationName(world, style, operation);
  const digest = (part: string): string =>
    createHash('sha256')
      .update(part + operation.id)
      .digest('base64url')
      .slice(0, 32);
  const signature = `t=${operation.startedAt}&c=${digest('c')}&s=${digest('s')}&h=${digest('h')}`;
  const query = (extra: string): string => `?${extra}api-version=${call.query['api-version']}&${signature}`;
  const monitor = style === 'storage' || style === 'compute' ? 'monitor=true&' : '';
  return {
    status: `${origin}${base.status}/${id}${query('')}`,
    result: `${origin}${base.result}/${id}${query(monitor)}`,
  };
}

function operationName(world: EmulatedWorld, style: WireStyle, { id, kind, resourceId }: Operation): string {
  if (style === 'dns') return Buffer.from(`${kind};${id}`).toString('base64url');
  if (style === 'group') return Buffer.from(`{"jobId":"${id}"}`).toString('base64url');
  if (style === 'registry') return `registries-${id}`;
  if (style !== 'machineLearning') return id;
  const workspace = /^.*\/workspaces\/[^/]+/i.exec(resourceId)?.[0];
  const workspaceId = workspace && world.find(workspace)?.properties['workspaceId'];
  return `oeidp:${typeof workspaceId === 'string' ? workspaceId : '00000000-0000-0000-0000-000000000000'}:${id}`;
}

const withPort = (origin: string): string => (/:\d+$/.test(origin) ? origin : `${origin}:443`);

const pollSegments = new Set([
  'operations',
  'operationresults',
  'asyncoperations',
  'operationstatuses',
  'privatednsoperationstatuses',
  'privatednsoperationresults',
  'workspaceoperationsstatus',
  'workspaceoperationresults',
  'mfeoperationsstatus',
  'mfeoperationresults',
]);

/** The operation that a status or result URL names, and which of the two it is; undefined for any other path. */
export function polledOperation(
  segments: readonly string[],
  query: Record<string, string>,
): { id: string; form: 'status' | 'result' } | undefined {
  const [kind, name] = [segments.at(-2)?.toLowerCase(), segments.at(-1)];
  if (kind === undefined || name === undefined || !pollSegments.has(kind)) return undefined;
  const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  const decoded = Buffer.from(name, 'base64url').toString('utf8').replace(/"}$/, '');
  const id = guid.exec(name)?.[0] ?? guid.exec(decoded)?.[0] ?? name;
  const result = kind.endsWith('results') || kind === 'asyncoperations' || query['monitor'] === 'true';
  return { id, form: result ? 'result' : 'status' };
}

/** What a look at an operation's result (`Location`) answers. `answer` is the resource, if it is still there. */
export function resultReply(
  world: EmulatedWorld,
  call: Call,
  operation: Operation,
  answer: JsonObject | undefined,
): Reply {
  const style = styleOf(operation);
  const telling =
    tellings[style][operation.kind === 'delete' ? 'delete' : operation.kind === 'action' ? 'action' : 'put'];
  if (!operation.settled)
    return {
      status: 202,
      headers: {
        ...waitHeaders(world, operation, telling.retryAfter),
        location: urlsOf(world, call, style, operation).result,
      },
    };
  if (operation.error)
    return {
      status: operation.outcome === 'Canceled' ? 409 : 400,
      body: { error: operation.error as unknown as Json },
    };
  if (operation.kind === 'delete') return { status: style === 'group' || style === 'compute' ? 200 : 204 };
  const body = operation.kind === 'action' ? operation.result : answer;
  return body === undefined ? { status: 204 } : { status: 200, body };
}

/** What a look at an operation's status (`Azure-AsyncOperation`) answers. */
export function statusReply(world: EmulatedWorld, operation: Operation, path: string): Reply {
  const style = styleOf(operation);
  const running = !operation.settled;
  const headers = running
    ? waitHeaders(world, operation, style === 'machineLearning' || style === 'dns' ? undefined : 10)
    : {};
  const body: JsonObject = { status: running ? 'InProgress' : operation.outcome };
  if (operation.error && !running) body['error'] = operation.error as unknown as Json;
  if (style === 'network' || style === 'dns') return { status: 200, headers, body };
  body['name'] = path.slice(path.lastIndexOf('/') + 1);
  body['startTime'] = new Date(operation.startedAt).toISOString();
  if (!running) body['endTime'] = new Date(operation.endsAt ?? operation.startedAt).toISOString();
  if (style === 'machineLearning') {
    body['id'] = path;
    body['percentComplete'] = running ? 0 : 100;
    if (running)
      Object.assign(body, {
        status: operation.kind === 'delete' ? 'Deleting' : 'Updating',
        endTime: '0001-01-01T00:00:00',
      });
  }
  if (style === 'compute' && !running && operation.result !== undefined)
    body['properties'] = { output: operation.result };
  return { status: 200, headers, body };
}

function styleOf(operation: Operation): Exclude<WireStyle, 'sync'> {
  return operation.style === undefined || operation.style === 'sync' ? 'network' : operation.style;
}

/** Headers on a GET of a resource at work, for clients that poll the resource and not the operation. */
export function pendingHeaders(world: EmulatedWorld, resource: Resource): Record<string, string> {
  const running = world.running(resource);
  return running ? waitHeaders(world, running, undefined) : {};
}
