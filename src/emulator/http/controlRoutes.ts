import type { Faults } from '../arm/faultScript.ts';
import type { Call, Reply } from './call.ts';
import { segmentsOf } from '../arm/ids.ts';
import type { Json, Operation } from '../arm/model.ts';
import { requestFromOutside } from '../dataPlane/route.ts';
import type { RequestLog } from './requestLog.ts';
import type { Store } from '../state/store.ts';
import type { Throttle } from '../arm/throttle.ts';
import type { EmulatedWorld } from '../state/cloud.ts';

export interface ControlParts {
  world: EmulatedWorld;
  store: Store;
  faults: Faults;
  throttle: Throttle;
  log: RequestLog;
}

const ok = (body: unknown): Reply => ({ status: 200, body: body as Json });
const bad = (message: string, status = 400): Reply => ({
  status,
  body: { error: { code: 'EmulatorControl', message } },
});

/**
 * The emulator's own routes below `/_emulator/`: no part of Azure, no token needed. Faults, what was asked, what exists,
 * what was done to it, a request from the Internet, objects of the world by key, throttling on or off, and a new beginning.
 */
export async function control(parts: ControlParts, call: Call): Promise<Reply> {
  const { world, store, faults, throttle, log } = parts;
  const [, noun, ...rest] = segmentsOf(call.path);
  if (`${call.method} ${noun}` === 'GET health') store.probe();
  else store.assertWritable();
  world.settle();
  store.commit();
  switch (`${call.method} ${noun}`) {
    case 'GET health':
      return ok({ status: 'ok', target: 'emulator', timeScale: world.timeScale, resources: world.all().length });
    case 'POST faults':
      return kept(store, addFault(faults, call));
    case 'GET faults':
      return ok(faults.list());
    case 'DELETE faults':
      faults.clear();
      world.release();
      return kept(store, { status: 204 });
    case 'GET requests':
      return ok(log.list());
    case 'DELETE requests':
      log.clear();
      return { status: 204 };
    case 'GET resources':
      return ok(
        world.all().map((resource) => ({ ...resource, secrets: undefined, state: world.provisioningState(resource) })),
      );
    case 'GET operations':
      return ok(operations(store, call.query['below'] ?? ''));
    case 'PUT throttling':
      throttle.enabled = call.body['enabled'] !== false;
      return ok({ enabled: throttle.enabled });
    case 'GET throttling':
      return ok({ enabled: throttle.enabled, taken: throttle.taken, refused: throttle.refused });
    case 'PUT objects':
      if (!('value' in call.body)) return bad('the body needs "value"');
      world.objects.put(rest.join('/'), call.body['value'] ?? null);
      return kept(store, { status: 204 });
    case 'GET objects':
      return object(world, rest.join('/'));
    case 'DELETE objects':
      world.objects.delete(rest.join('/'));
      return kept(store, { status: 204 });
    case 'POST outside':
      return fromOutside(world, call);
    case 'DELETE state':
      world.wipe();
      log.clear();
      return { status: 204 };
    default:
      return bad(`no control route ${call.method} ${call.path}`, 404);
  }
}

function kept(store: Store, reply: Reply): Reply {
  store.commit();
  return reply;
}

function addFault(faults: Faults, call: Call): Reply {
  try {
    return { status: 201, body: faults.add(call.body) as unknown as Json };
  } catch (error) {
    return bad((error as Error).message);
  }
}

/** A request from somewhere on the Internet into the emulated world. */
async function fromOutside(world: EmulatedWorld, { body }: Call): Promise<Reply> {
  const {
    url,
    method,
    headers,
    body: sent,
  } = body as { url?: string; method?: string; headers?: Record<string, string>; body?: Json };
  if (url === undefined || !URL.canParse(url)) return bad('the body needs an absolute "url"');
  const text = sent === undefined ? undefined : typeof sent === 'string' ? sent : JSON.stringify(sent);
  const request = {
    url,
    ...(method ? { method } : {}),
    ...(headers ? { headers } : {}),
    ...(text === undefined ? {} : { body: text }),
  };
  return ok(await requestFromOutside(world, request));
}

/** The operations of the last 24 hours on resources whose ids begin so, without what they answered. */
function operations(store: Store, below: string): unknown[] {
  return [...store.entries('operations')].flatMap(([, value]) => {
    const { id, kind, resourceId, startedAt, endsAt, outcome, settled, error } = value as Operation;
    if (!resourceId.toLowerCase().startsWith(below.toLowerCase())) return [];
    return [{ id, kind, resourceId, startedAt, endsAt, outcome, settled, error }];
  });
}

/** One object by its key; with a key that ends in `*`, the keys that begin like that. */
function object(world: EmulatedWorld, key: string): Reply {
  if (key.endsWith('*')) return ok(world.objects.keys(key.slice(0, -1)));
  const value = world.objects.get(key);
  return value === undefined ? bad(`no object ${key}`, 404) : ok({ value });
}
