import type { Call, Reply } from '../http/call.ts';
import type { Json, JsonObject, Operation, Resource, LroStyle } from './model.ts';
import { retryAfterHeaders } from './retryAfter.ts';
import { urlsOf } from './lroUrls.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

type Verb = 'put' | 'patch' | 'delete' | 'action';

/** The headers of one style's reply to an accepted request. The status is in `successStatuses.ts`. */
interface ReplyForm {
  asyncOperation?: boolean;
  location?: 'result' | 'resource';
  /** seconds */
  retryAfter?: number;
  headers?: Record<string, string>;
  /** of an answer 202; default: none */
  body?: JsonObject;
}

const notification = { 'azure-asyncnotification': 'Enabled' };
const budget = { 'x-ms-async-operation-timeout': 'PT30M' };
const both = { asyncOperation: true, location: 'result' } as const;

/**
 * As recorded from real traffic; for deletion of a `workspace` or `registry` and purge of a `vault`, which were not recorded, the
 * forms of their API specifications.
 */
const replyForms: Record<Exclude<LroStyle, 'sync'>, Record<Verb, ReplyForm>> = {
  group: same({ location: 'result', retryAfter: 15 }),
  network: {
    ...same({ ...both, retryAfter: 10 }),
    put: { asyncOperation: true, retryAfter: 3, headers: notification },
  },
  dns: { ...same({ ...both, retryAfter: 30, body: {} }), delete: { ...both, retryAfter: 30 } },
  storage: same({
    location: 'result',
    retryAfter: 17,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  }),
  vault: { ...same({ location: 'result', retryAfter: 10 }), put: {} },
  logAnalytics: same({ location: 'resource' }),
  registry: { ...same(both), put: { asyncOperation: true } },
  compute: {
    ...same({ ...both, retryAfter: 10, headers: notification }),
    put: { asyncOperation: true, retryAfter: 10, headers: notification },
  },
  workspace: same(both),
  machineLearning: {
    ...same({ ...both, retryAfter: 10, headers: budget }),
    put: { asyncOperation: true, location: 'resource', headers: budget },
  },
  // Not recorded: the headers are those that azure-cli 2.91 follows.
  deployment: { ...same({ location: 'result', retryAfter: 15 }), put: { asyncOperation: true } },
};

function same(form: ReplyForm): Record<Verb, ReplyForm> {
  return { put: form, patch: form, delete: form, action: form };
}

/** The `Retry-After` of an accepted request, in seconds; undefined where Azure sends none. `id`: contains the resource's type. */
export function retryAfterOf(style: LroStyle, verb: Verb, id: string): number | undefined {
  if (style === 'sync') return undefined;
  const isSlow = style === 'network' && verb === 'put' && /\/privateEndpoints(\/|$)/i.test(id);
  return isSlow ? 10 : replyForms[style][verb].retryAfter;
}

/** The reply to a request that has started an operation. `body`, the current resource, is not part of a 202. */
export function acceptedReply(
  cloud: EmulatedCloud,
  call: Call,
  style: LroStyle,
  verb: Verb,
  operation: Operation,
  { status, body }: { status: number; body?: JsonObject },
): Reply {
  if (style === 'sync') throw new Error('a sync type has no operations');
  const form = replyForms[style][verb];
  const urls = urlsOf(cloud, call, style, operation);
  operation.style = style;
  operation.correlationId ??= call.correlationId;
  cloud.saveOperation(operation);
  const retryAfter = retryAfterOf(style, verb, operation.resourceId);
  const headers: Record<string, string> = { ...form.headers, ...retryAfterHeaders(cloud, operation, retryAfter) };
  if (form.asyncOperation) headers['azure-asyncoperation'] = urls.status;
  if (form.location === 'result') headers['location'] = urls.result;
  if (form.location === 'resource')
    headers['location'] = `${call.origin}${operation.resourceId}?api-version=${call.query['api-version']}`;
  const answered = status === 202 ? form.body : body;
  return { status, headers, ...(answered ? { body: answered } : {}) };
}

/** The reply to a GET of an operation's result (`Location`). `answer` is the resource, if it still exists. */
export function resultReply(
  cloud: EmulatedCloud,
  call: Call,
  operation: Operation,
  answer: JsonObject | undefined,
): Reply {
  const style = styleOf(operation);
  const form =
    replyForms[style][operation.kind === 'delete' ? 'delete' : operation.kind === 'action' ? 'action' : 'put'];
  const own = style === 'vault' ? purgeBody(operation) : undefined;
  if (!operation.settled)
    return {
      status: 202,
      headers: {
        ...retryAfterHeaders(cloud, operation, form.retryAfter),
        location: urlsOf(cloud, call, style, operation).result,
      },
      ...(own ? { body: own } : {}),
    };
  if (operation.error)
    return {
      status: operation.outcome === 'Canceled' ? 409 : 400,
      body: { error: operation.error as unknown as Json },
    };
  if (operation.kind === 'delete' && style === 'dns') return { status: 200, body: {} };
  if (operation.kind === 'delete') return { status: style === 'group' || style === 'compute' ? 200 : 204 };
  if (operation.kind === 'action') return withBody(200, own ?? operation.result);
  return withBody(answer ? 200 : 204, answer);
}

const withBody = (status: number, body: Json | undefined): Reply => ({
  status,
  ...(body === undefined ? {} : { body }),
});

/** A vault's purge reports its status at the `Location`, too; without it the client of azurerm never sees the end. */
function purgeBody({ settled, outcome, startedAt, endsAt }: Operation): JsonObject {
  const createdDateTime = new Date(startedAt).toISOString();
  if (!settled) return { createdDateTime, status: 'NotStarted' };
  const lastActionDateTime = new Date(endsAt ?? startedAt).toISOString();
  return { createdDateTime, lastActionDateTime, status: outcome };
}

/** These report the status of an operation and nothing else. */
const terse = new Set<LroStyle>(['network', 'dns', 'registry', 'workspace', 'deployment']);

/** Seconds until the next poll of a status; some styles send no value. */
const statusWait: Partial<Record<LroStyle, number>> = { network: 10, compute: 10, vault: 10, storage: 10, dns: 30 };

const runningStatus = (style: LroStyle): string => (style === 'deployment' ? 'Running' : 'InProgress');

/** The reply to a GET of an operation's status (`Azure-AsyncOperation`). */
export function statusReply(cloud: EmulatedCloud, call: Call, operation: Operation): Reply {
  const style = styleOf(operation);
  const running = !operation.settled;
  const headers = running ? retryAfterHeaders(cloud, operation, statusWait[style]) : {};
  const body: JsonObject = { status: running ? runningStatus(style) : operation.outcome };
  if (operation.error && !running) body['error'] = operation.error as unknown as Json;
  if (style === 'workspace' && !running) body['percentComplete'] = 100;
  if (style === 'dns' && running) {
    const { status, result } = urlsOf(cloud, call, style, operation);
    return { status: 202, headers: { ...headers, 'azure-asyncoperation': status, location: result }, body };
  }
  if (terse.has(style)) return { status: 200, headers, body };
  body['name'] = call.path.slice(call.path.lastIndexOf('/') + 1);
  body['startTime'] = new Date(operation.startedAt).toISOString();
  if (!running) body['endTime'] = new Date(operation.endsAt ?? operation.startedAt).toISOString();
  if (style === 'machineLearning') {
    body['id'] = call.path;
    body['percentComplete'] = running ? 0 : 100;
    // Of a deletion no poll was recorded: it has ARM's own word.
    if (running)
      Object.assign(body, {
        status: operation.kind === 'delete' ? 'InProgress' : 'Updating',
        endTime: '0001-01-01T00:00:00',
      });
  }
  if (style === 'compute' && !running && operation.result !== undefined)
    body['properties'] = { output: operation.result };
  return { status: 200, headers, body };
}

function styleOf(operation: Operation): Exclude<LroStyle, 'sync'> {
  return operation.style === undefined || operation.style === 'sync' ? 'network' : operation.style;
}

/** Headers on a GET of a resource with a running operation, for clients that poll the resource and not the operation. */
export function pendingHeaders(cloud: EmulatedCloud, resource: Resource): Record<string, string> {
  const running = cloud.running(resource);
  return running ? retryAfterHeaders(cloud, running, undefined) : {};
}
