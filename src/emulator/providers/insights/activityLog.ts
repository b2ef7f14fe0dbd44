import { STATUS_CODES } from 'node:http';
import { depthOf, groupType, parseTarget, sameId } from '../../arm/ids.ts';
import type { Instant, Json, JsonObject, Operation, SubscriptionRoute } from '../../arm/model.ts';
import type { LoggedRequest } from '../../http/requestLog.ts';
import { guidOf } from '../../http/signIn.ts';
import { sameSubscription, tenantId } from '../resourceHelpers.ts';
import { activityLogFilter, selected } from './activityLogFilter.ts';

/** What the events are made of: the requests that changed something, oldest first, and the operations that some of them began. */
export interface ActivitySource {
  requests(): readonly LoggedRequest[];
  operations(): Operation[];
}

/** What a request did, in the terms of role definitions: `{type}/write`, `{type}/delete` or `{type}/{action}/action`. */
function operationOf({
  method,
  path,
}: LoggedRequest): { type: string; action: string; resourceId: string } | undefined {
  const target = parseTarget(path);
  if (target === undefined) return undefined;
  const whole = target.names.length === depthOf(target.type);
  const parts = target.type.split('/');
  const named = whole || target.type === groupType;
  const type = named ? target.type : parts.slice(0, -1).join('/');
  const shown = type === groupType ? 'Microsoft.Resources/subscriptions/resourceGroups' : type;
  const verb = named ? (method === 'DELETE' ? 'delete' : 'write') : `${parts.at(-1)}/action`;
  const resourceId = named ? path : path.slice(0, path.lastIndexOf('/'));
  return { type: shown, action: `${shown}/${verb}`, resourceId };
}

const both = (value: string, localizedValue = value): JsonObject => ({ value, localizedValue });

interface Moment {
  at: Instant;
  begin?: boolean;
  status: string;
  httpStatus?: number | undefined;
  statusMessage?: Json;
}

/** When a request began, when it was answered, and when the operation that it began has ended. */
function momentsOf(request: LoggedRequest, operation: Operation | undefined): Moment[] {
  const { at, status: httpStatus } = request;
  const moments: Moment[] = [{ at, begin: true, status: 'Started' }];
  if (httpStatus === null) return moments;
  const failed = httpStatus >= 400;
  const status = failed ? 'Failed' : operation ? 'Accepted' : 'Succeeded';
  moments.push({ at, status, httpStatus });
  if (!operation?.settled || operation.endsAt === null || failed) return moments;
  const { endsAt, outcome, error } = operation;
  moments.push({ at: endsAt, status: outcome, ...(error ? { statusMessage: error as unknown as Json } : {}) });
  return moments;
}

/** Finds the operation that a request began: many requests may have one correlation id. */
function operationFinder(operations: Operation[]): (request: LoggedRequest) => Operation | undefined {
  const byRequest = Map.groupBy(operations, ({ correlationId }) => correlationId);
  return (request) => {
    const resourceId = operationOf(request)?.resourceId ?? '';
    return byRequest
      .get(request.correlationId)
      ?.findLast((operation) => sameId(operation.resourceId, resourceId) && operation.startedAt <= request.at);
  };
}

/** One event as the service reports it (azure-rest-api-specs: Microsoft.Insights, GetActivityLogsFiltered). */
function eventOf(request: LoggedRequest, moment: Moment): JsonObject | undefined {
  const operation = operationOf(request);
  if (operation === undefined) return undefined;
  const { resourceId, type, action } = operation;
  const { correlationId, caller, method } = request;
  const time = new Date(moment.at).toISOString();
  const eventDataId = guidOf(`event ${correlationId} ${request.at} ${moment.at} ${moment.status} ${resourceId}`);
  const code = moment.httpStatus === undefined ? '' : (STATUS_CODES[moment.httpStatus] ?? '').replaceAll(' ', '');
  return {
    authorization: { action, scope: resourceId },
    caller,
    channels: 'Operation',
    claims: { appid: caller },
    correlationId,
    description: '',
    eventDataId,
    eventName: moment.begin ? both('BeginRequest', 'Begin request') : both('EndRequest', 'End request'),
    category: both('Administrative'),
    httpRequest: { clientRequestId: correlationId, clientIpAddress: '203.0.113.10', method },
    id: `${resourceId}/events/${eventDataId}/ticks/${(moment.at + 62_135_596_800_000) * 10_000}`,
    level: moment.status === 'Failed' ? 'Error' : 'Informational',
    resourceGroupName: /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(resourceId)?.[1] ?? '',
    resourceProviderName: both(type.split('/')[0] ?? ''),
    resourceId,
    resourceType: both(type),
    operationId: correlationId,
    operationName: both(action),
    properties: {
      ...(code === '' ? {} : { statusCode: code }),
      ...(moment.statusMessage === undefined ? {} : { statusMessage: JSON.stringify({ error: moment.statusMessage }) }),
      entity: resourceId,
    },
    status: both(moment.status),
    subStatus: code === '' ? both('') : both(code, `${code} (HTTP Status Code: ${moment.httpStatus})`),
    eventTimestamp: time,
    submissionTimestamp: time,
    subscriptionId: resourceId.split('/')[2] ?? '',
    tenantId,
  };
}

/**
 * The activity log of a subscription, newest event first: of the requests that the emulator has in its request log, since it was started.
 * Requests that it refused as not emulated are no events.
 */
export const activityLogRoutes = (source: ActivitySource): SubscriptionRoute[] => [
  {
    method: 'GET',
    path: '/providers/Microsoft.Insights/eventtypes/management/values',
    handle: (_cloud, { subscriptionId, query }) => {
      const fits = activityLogFilter(query['$filter']);
      const begun = operationFinder(source.operations());
      const events = source
        .requests()
        .filter(({ path, status }) => sameSubscription(path, subscriptionId) && status !== 501)
        .flatMap((request) => momentsOf(request, begun(request)).map((moment) => eventOf(request, moment)))
        .filter((event) => event !== undefined)
        .filter(fits)
        .toReversed();
      return { status: 200, body: { value: events.map((event) => selected(event, query['$select'])) } };
    },
  },
];
