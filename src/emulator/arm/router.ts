import { setTimeout as wait } from 'node:timers/promises';
import { renderReply } from './renderReply.ts';
import { canonicalId } from './canonicalId.ts';
import { faultReply } from './faultScript.ts';
import type { FaultEffect, FaultScript } from './faultScript.ts';
import { asText, errorReply } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import { depthOf, groupType, parseTarget, segmentsOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmError } from './model.ts';
import type {
  ActionRequest,
  ActionReply,
  ErrorBody,
  Resource,
  ResourceType,
  SubscriptionRoute,
  LroStyle,
} from './model.ts';
import { getResource, listCollection, listResources } from './resourceReads.ts';
import { groupNotFound, resourceNotFound, requireGroup, notEmulated } from './armErrors.ts';
import { tagsAtScope } from './tagsAtScope.ts';
import type { Store } from '../state/store.ts';
import type { Throttle } from './throttle.ts';
import { subscriptionToArm } from '../providers/resources/subscriptions.ts';
import { typeNamed } from './appearedType.ts';
import { acceptedReply, resultReply, statusReply } from './lroReplies.ts';
import { polledOperation } from './lroUrls.ts';
import type { EmulatedCloud } from '../state/cloud.ts';
import { checkApiVersion } from '../schema/checkApiVersion.ts';
import { readBody } from '../schema/requestBody.ts';
import { patchResource, putResource, deleteResource } from './resourceWrites.ts';

/** `dropped`: the connection breaks instead of an answer. */
export type ArmReply = Reply | 'dropped';

interface Parts {
  cloud: EmulatedCloud;
  faults: FaultScript;
  throttle: Throttle;
  routes: readonly SubscriptionRoute[];
  subscriptionIds: readonly string[];
  tenantId: string;
  /** persists the changes; called before every reply */
  store: Pick<Store, 'commit' | 'generation'>;
}

/** Azure Resource Manager: resolves a path to a resource type and executes the request by the type's rules. */
export class Router {
  readonly #parts: Parts;
  readonly #routes: { route: SubscriptionRoute; pattern: RegExp }[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#routes = parts.routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  /** Answers a request with a valid bearer token. Those that ARM itself sends for a deployment are not throttled. */
  async handle(call: Call, { throttled = true } = {}): Promise<ArmReply> {
    const { cloud, faults, throttle, store } = this.#parts;
    const { generation } = store;
    const subscriptionId = segmentsOf(call.path)[1];
    cloud.completeDue();
    const effect = faults.hit(this.#candidate(call));
    store.commit(generation);
    if (effect?.reset) return 'dropped';
    if (effect?.delaySeconds) {
      await wait(effect.delaySeconds * 1000 * cloud.timeScale);
      cloud.completeDue();
    }
    let reply: Reply;
    let remaining: Record<string, string> = {};
    try {
      if (throttled && subscriptionId !== undefined) remaining = throttle.take(call, subscriptionId);
      reply = await this.#answer(call, effect);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      reply = errorReply(error);
      this.#afterRefusal(call, error.body);
    } finally {
      store.commit(generation);
    }
    return effect?.dropAnswer ? 'dropped' : { ...reply, headers: { ...remaining, ...reply.headers } };
  }

  /** Some refusals leave something behind. */
  #afterRefusal(call: Call, { code }: ErrorBody): void {
    if (
      call.method !== 'PUT' ||
      !/^(SkuNotAvailable|AllocationFailed|ZonalAllocationFailed|OperationNotAllowed)$/.test(code ?? '')
    )
      return;
    const target = parseTarget(call.path);
    const type = target && this.#parts.cloud.type(target.type);
    const id = type && canonicalId(this.#parts.cloud, type, { ...target, type: type.type });
    if (id !== undefined && !this.#parts.cloud.find(id)) type?.onRefused?.(this.#parts.cloud, id, call.body);
  }

  /** Executes the request, or answers the fault instead. */
  async #answer(call: Call, effect: FaultEffect | undefined): Promise<Reply> {
    if (effect?.status !== undefined) {
      this.#afterRefusal(call, effect);
      return faultReply({ ...effect, status: effect.status });
    }
    const { cloud } = this.#parts;
    if (effect?.failOperation) cloud.operationFault = { error: effect.failOperation };
    else cloud.operationFault = effect?.hangOperation ? { hung: true } : undefined;
    const answering = this.#dispatch(call);
    // The operation that the fault applies to has started by now: nothing was awaited before.
    cloud.operationFault = undefined;
    return answering;
  }

  async #dispatch(call: Call): Promise<Reply> {
    const { cloud, subscriptionIds } = this.#parts;
    this.#checkVersion(call);
    const segments = segmentsOf(call.path);
    const [root, subscriptionId] = [segments[0]?.toLowerCase(), segments[1]];
    if (
      root === 'subscriptions' &&
      subscriptionId !== undefined &&
      !subscriptionIds.some((id) => id.toLowerCase() === subscriptionId.toLowerCase())
    )
      throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
    if (segments.length === 1 && call.method === 'GET' && (root === 'subscriptions' || root === 'tenants'))
      return this.#tenant(root);
    const routed = this.#routed(call);
    if (routed) return routed;
    const polled = call.method === 'GET' ? polledOperation(segments, call.query) : undefined;
    if (polled) return this.#poll(call, polled);
    const resourceList = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/([^/]+))?)\/resources$/i.exec(call.path);
    if (resourceList && call.method === 'GET') {
      requireGroup(cloud, subscriptionId ?? '', resourceList[2], false);
      return listResources(cloud, call, resourceList[1] ?? '');
    }
    const tagged = /^(.+)\/providers\/Microsoft\.Resources\/tags\/default$/i.exec(call.path)?.[1];
    if (tagged !== undefined)
      return tagsAtScope(
        cloud,
        { ...call, body: readBody('Microsoft.Resources/tags', call.method, call.body) },
        tagged,
      );
    const target = parseTarget(call.path);
    if (!target) throw notEmulated(call.method, call.path);
    return this.#onTarget(call, target);
  }

  #checkVersion({ path, query, method, body }: Call): void {
    const { cloud } = this.#parts;
    const target = parseTarget(path);
    const type = target && typeNamed(cloud, target.type);
    const asked = method === 'PUT' && !type?.proxy ? asText(body['location']) : undefined;
    const addressed = { type: type?.type ?? target?.type ?? '', isResource: type !== undefined, location: asked };
    checkApiVersion(query['api-version'], addressed);
  }

  #tenant(root: string): Reply {
    const { subscriptionIds, tenantId } = this.#parts;
    const value =
      root === 'tenants'
        ? [{ id: `/tenants/${tenantId}`, tenantId, displayName: 'Moat emulator', tenantCategory: 'Home' }]
        : subscriptionIds.map((id) => subscriptionToArm(id, tenantId));
    return { status: 200, body: { value } };
  }

  async #onTarget(call: Call, target: Target): Promise<Reply> {
    const { cloud } = this.#parts;
    const type = typeNamed(cloud, target.type);
    const named = type && target.names.length === depthOf(type.type);
    if (!type || (call.method === 'POST' && !named)) return this.#act(call, target);
    const place = { ...target, type: type.type };
    if (!named) {
      if (call.method === 'GET') return listCollection(cloud, call, type, place);
      throw notEmulated(call.method, `on the collection ${type.type}`);
    }
    if (call.method === 'GET' || call.method === 'HEAD') return this.#get(call, type, place);
    if (call.method === 'PUT') return putResource(cloud, call, type, place);
    if (call.method === 'PATCH') return patchResource(cloud, call, type, place);
    if (call.method === 'DELETE') return deleteResource(cloud, call, type, place);
    throw notEmulated(call.method, `on ${type.type}`);
  }

  #get(call: Call, type: ResourceType, target: Target): Reply {
    const { cloud } = this.#parts;
    if (call.method === 'HEAD' && type.type === groupType && !cloud.find(canonicalId(cloud, type, target)))
      return { status: 404 };
    return getResource(cloud, call, type, target);
  }

  /** An action on a resource: the last word of the path is its name. */
  async #act(call: Call, target: Target): Promise<Reply> {
    const { cloud } = this.#parts;
    const above = target.type.split('/').slice(0, -1).join('/');
    const action = target.type.slice(above.length + 1).toLowerCase();
    const type = cloud.type(above);
    const perform = type?.actions?.[action];
    if (!type || !perform || target.names.length !== depthOf(type.type)) throw notEmulated(call.method, target.type);
    requireGroup(cloud, target.subscriptionId, target.group, false);
    const id = canonicalId(cloud, type, { ...target, type: type.type });
    const resource = cloud.find(id);
    if (!resource) throw type.type === groupType ? groupNotFound(target.names[0] ?? '') : resourceNotFound(id);
    return this.#toReply(call, type.style, await perform(cloud, resource, requestOf(call, action)));
  }

  /** A route below a subscription that is not a resource. */
  #routed(call: Call): Promise<Reply> | undefined {
    const { cloud } = this.#parts;
    for (const { route, pattern } of this.#routes) {
      const match = route.method === call.method ? pattern.exec(call.path) : null;
      if (!match) continue;
      const { subscriptionId = '', ...params } = match.groups ?? {};
      const request = { ...requestOf(call, route.path.slice(route.path.lastIndexOf('/') + 1)), subscriptionId, params };
      // Called in this turn, so that a scripted fault meets the operation that it begins.
      const answered = route.handle(cloud, request);
      return Promise.resolve(answered).then((reply) => this.#toReply(call, route.style ?? 'sync', reply));
    }
    return undefined;
  }

  #toReply(call: Call, style: LroStyle, { operation, status, headers, body }: ActionReply): Reply {
    if (!operation) return { status, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) };
    const reply = acceptedReply(this.#parts.cloud, call, style, 'action', operation, { status: 202 });
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #poll(call: Call, { id, form }: { id: string; form: 'status' | 'result' }): Reply {
    const { cloud } = this.#parts;
    const operation = cloud.operation(id);
    if (!operation) throw new ArmError(404, 'OperationNotFound', `The operation '${id}' could not be found.`);
    if (form === 'status') return statusReply(cloud, call, operation);
    const resource = cloud.find(operation.resourceId);
    const type = resource && cloud.type(resource.type);
    return resultReply(cloud, call, operation, resource && type ? renderReply(cloud, call, type, resource) : undefined);
  }

  #candidate(call: Call): { method: string; path: string; type: string | undefined; action: string | undefined } {
    const { cloud } = this.#parts;
    const polled = call.method === 'GET' ? polledOperation(segmentsOf(call.path), call.query) : undefined;
    const operation = polled && cloud.operation(polled.id);
    const polledResource: Resource | undefined = operation && cloud.find(operation.resourceId);
    const target = parseTarget(call.path);
    const known = target && typeNamed(cloud, target.type) !== undefined;
    const above = target?.type.split('/').slice(0, -1).join('/');
    const base = { method: call.method, path: call.path };
    if (polled) return { ...base, type: polledResource?.type, action: 'poll' };
    return { ...base, type: known ? target.type : above, action: known ? undefined : target?.type.split('/').at(-1) };
  }
}

const requestOf = (call: Call, action: string): ActionRequest => ({
  action,
  method: call.method,
  body: call.body,
  apiVersion: call.query['api-version'] ?? '',
  query: call.query,
});

function patternOf(path: string): RegExp {
  const inner = path.replaceAll('.', String.raw`\.`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^/subscriptions/(?<subscriptionId>[^/]+)${inner}$`, 'i');
}
