import type { FaultScript } from '../arm/faultScript.ts';
import type { Call, Reply } from './call.ts';
import { handleImageRoutes } from './imageRoutes.ts';
import { segmentsOf } from '../arm/ids.ts';
import type { Json, Operation } from '../arm/model.ts';
import { requestFromOutside } from '../dataPlane/routing.ts';
import { remediate } from '../policy/policyDenial.ts';
import { policyRules, setPolicyRules } from '../policy/policyRules.ts';
import { addAnswer, clearAnswers, listAnswers } from '../dataPlane/scriptedAnswers.ts';
import type { RequestLog } from './requestLog.ts';
import { JournalError } from '../state/journal.ts';
import type { Store } from '../state/store.ts';
import type { Throttle } from '../arm/throttle.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

export interface ControlParts {
  cloud: EmulatedCloud;
  store: Store;
  faults: FaultScript;
  throttle: Throttle;
  log: RequestLog;
}

const ok = (body: unknown): Reply => ({ status: 200, body: body as Json });
const bad = (message: string, status = 400): Reply => ({
  status,
  body: { error: { code: 'EmulatorControl', message } },
});

/**
 * The emulator's own routes below `/_emulator/`: no part of Azure, no token needed. Scripted faults and scoring answers, the request log, resources,
 * operations, requests from the Internet, objects of the cloud by key, throttling, and the whole state: read, restore, reset.
 */
export async function handleControl(parts: ControlParts, call: Call): Promise<Reply> {
  const { cloud, store, faults, throttle, log } = parts;
  const [, noun, ...rest] = segmentsOf(call.path);
  if (`${call.method} ${noun}` === 'GET health') store.probe();
  else store.assertWritable();
  cloud.completeDue();
  store.commit();
  const imageReply = handleImageRoutes(cloud, noun, call);
  if (imageReply) return committed(store, imageReply);
  switch (`${call.method} ${noun}`) {
    case 'GET health':
      return ok({ status: 'ok', target: 'emulator', timeScale: cloud.timeScale, resources: cloud.all().length });
    case 'POST faults':
      return committed(store, addFault(faults, call));
    case 'GET faults':
      return ok(faults.list());
    case 'DELETE faults':
      faults.clear();
      cloud.releaseHung();
      return committed(store, { status: 204 });
    case 'GET requests':
      return ok(log.list());
    case 'DELETE requests':
      log.clear();
      return { status: 204 };
    case 'GET resources':
      return ok(
        cloud.all().map((resource) => ({ ...resource, secrets: undefined, state: cloud.provisioningState(resource) })),
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
      cloud.objects.put(rest.join('/'), call.body['value'] ?? null);
      return committed(store, { status: 204 });
    case 'GET objects':
      return object(cloud, rest.join('/'));
    case 'DELETE objects':
      cloud.objects.delete(rest.join('/'));
      return committed(store, { status: 204 });
    case 'GET policies':
      return ok({ rules: policyRules(cloud) });
    case 'PUT policies':
      return committed(store, setPolicies(cloud, call));
    case 'DELETE policies':
      setPolicyRules(cloud, []);
      return committed(store, { status: 204 });
    case 'POST appearances':
      return committed(store, addAppearance(cloud, call));
    case 'GET appearances':
      return ok(cloud.appearances.list());
    case 'DELETE appearances':
      cloud.appearances.clear();
      return committed(store, { status: 204 });
    case 'POST scoring':
      return committed(store, addScriptedAnswer(cloud, call));
    case 'GET scoring':
      return ok(listAnswers(cloud));
    case 'DELETE scoring':
      clearAnswers(cloud);
      return committed(store, { status: 204 });
    case 'POST outside':
      return committed(store, await fromOutside(cloud, call));
    case 'GET state':
      return ok(store.snapshot());
    case 'PUT state':
      return restoreState(parts, call);
    case 'DELETE state':
      cloud.wipe();
      log.clear();
      return { status: 204 };
    default:
      return bad(`no control route ${call.method} ${call.path}`, 404);
  }
}

function committed(store: Store, reply: Reply): Reply {
  store.commit();
  return reply;
}

function addFault(faults: FaultScript, call: Call): Reply {
  try {
    return { status: 201, body: faults.add(call.body) as unknown as Json };
  } catch (error) {
    return bad((error as Error).message);
  }
}

/** Schedules a resource that appears without a request of a client. */
function addAppearance(cloud: EmulatedCloud, { body }: Call): Reply {
  try {
    return { status: 201, body: cloud.appearances.add(body, cloud.now(), cloud.timeScale) as unknown as Json };
  } catch (error) {
    return bad((error as Error).message);
  }
}

/** Replaces the policies; `remediate` also applies them to what exists. */
function setPolicies(cloud: EmulatedCloud, { body }: Call): Reply {
  try {
    const rules = setPolicyRules(cloud, body['rules']);
    if (body['remediate'] === true) remediate(cloud, cloud.all(), (name) => cloud.type(name));
    return ok({ rules });
  } catch (error) {
    return bad((error as Error).message);
  }
}

function addScriptedAnswer(cloud: EmulatedCloud, call: Call): Reply {
  try {
    return { status: 201, body: addAnswer(cloud, call.body) as unknown as Json };
  } catch (error) {
    return bad((error as Error).message);
  }
}

/** Replaces everything by what `GET state` answered, now or in another emulator. Operations that were running continue or are due. */
function restoreState({ store, log }: ControlParts, { body }: Call): Reply {
  try {
    store.restore(body);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    return bad(`the body is not a state: ${(error as Error).message}`);
  }
  log.clear();
  return { status: 204 };
}

/** A request from somewhere on the Internet into the emulated cloud. */
async function fromOutside(cloud: EmulatedCloud, { body }: Call): Promise<Reply> {
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
  return ok(await requestFromOutside(cloud, request));
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
function object(cloud: EmulatedCloud, key: string): Reply {
  if (key.endsWith('*')) return ok(cloud.objects.keys(key.slice(0, -1)));
  const value = cloud.objects.get(key);
  return value === undefined ? bad(`no object ${key}`, 404) : ok({ value });
}
