import { createHash } from 'node:crypto';
import type { Reply } from '../http/call.ts';
import type { ErrorBody, Json } from './model.ts';
import type { Store } from '../state/store.ts';

/** What happens to a request that a fault hits. */
export interface FaultEffect {
  /** answer this instead of executing, with an error made of the members below, or with `body` */
  status?: number;
  /** null is answered as null; without it, an error that has a `message` or `details` has no code */
  code?: string | null;
  message?: string;
  target?: string;
  details?: ErrorBody[];
  additionalInfo?: Json[];
  /** the whole body: a text is sent as it is, as HTML unless `headers` has a content-type; anything else as JSON */
  body?: Json;
  headers?: Record<string, string>;
  /** wait first, in seconds of Azure (times the time scale), then go on as usual */
  delaySeconds?: number;
  /** the connection breaks before anything is executed */
  reset?: boolean;
  /** everything is executed and kept, then the connection breaks */
  dropAnswer?: boolean;
  /** the operation is accepted and ends Failed with this error, whose code may be null or absent */
  failOperation?: ErrorBody;
  /** the operation is accepted and never ends */
  hangOperation?: boolean;
}

export interface FaultRequest {
  /**
   * Which requests: all given members must fit. `id` is a part of the path, `type` a resource type, `action` a POST action.
   * Polls of operations and their results have the action `poll` and are hit by nothing that does not name it.
   */
  match: { method?: string; type?: string; id?: string; action?: string };
  /** let so many matching requests pass first; default 0 */
  skip?: number;
  /** hit so many, then no more; default 1, with `chance` no limit (null) */
  times?: number | null;
  /** hit only so large a part of them, in an order that follows from the seed: the n-th request has the same fate every time */
  chance?: { share: number; seed: number };
  effect: FaultEffect;
}

export type ScriptedFault = Required<Omit<FaultRequest, 'chance'>> &
  Pick<FaultRequest, 'chance'> & { id: string; seen: number; hits: number };

export interface FaultCandidate {
  method: string;
  path: string;
  type: string | undefined;
  action: string | undefined;
}

const effects = ['status', 'delaySeconds', 'reset', 'dropAnswer', 'failOperation', 'hangOperation'];

/** The scripted faults: counted in order of arrival, persisted over a restart. */
export class FaultScript {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Throws a plain Error that describes what is wrong with the request. */
  add(request: Partial<FaultRequest>): ScriptedFault {
    const { match, effect, skip = 0, chance, times = chance ? null : 1 } = request;
    if (!match || !effect) throw new Error('a fault needs "match" and "effect"');
    if (!effects.some((name) => name in effect)) throw new Error(`"effect" needs one of: ${effects.join(', ')}`);
    if (chance && !(chance.share >= 0 && chance.share <= 1 && Number.isInteger(chance.seed)))
      throw new Error('"chance" needs a "share" from 0 to 1 and a "seed", an integer');
    const last = Number(this.#store.get('settings', 'lastFault') ?? 0) + 1;
    this.#store.set('settings', 'lastFault', last);
    const fault: ScriptedFault = {
      id: String(last),
      match,
      skip,
      times,
      ...(chance && { chance }),
      effect,
      seen: 0,
      hits: 0,
    };
    this.#store.set('faults', fault.id, fault);
    return fault;
  }

  list(): Json {
    return [...this.#store.entries('faults')].map(([, fault]) => fault) as Json;
  }

  clear(): void {
    for (const [id] of this.#store.entries('faults')) this.#store.delete('faults', id);
  }

  /** The effect on this request, if any; counts it. */
  hit(candidate: FaultCandidate): FaultEffect | undefined {
    for (const [id, value] of this.#store.entries('faults')) {
      const fault = value as ScriptedFault;
      if (!fits(fault.match, candidate)) continue;
      fault.seen += 1;
      const open = fault.times === null || fault.hits < fault.times;
      const hits = open && fault.seen > fault.skip && falls(fault);
      if (hits) fault.hits += 1;
      this.#store.set('faults', id, fault);
      if (hits) return fault.effect;
    }
    return undefined;
  }
}

/** What a fault with a `status` answers. */
export function faultReply(effect: FaultEffect & { status: number }): Reply {
  const { status, headers = {}, body, code, message, target, details, additionalInfo } = effect;
  if (typeof body === 'string')
    return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, text: body };
  if (body !== undefined) return { status, headers, body };
  const named = code !== undefined || message !== undefined || details !== undefined;
  const error = named
    ? { code, message, target, details, additionalInfo }
    : { code: 'ScriptedFault', message: 'A scripted fault.' };
  return { status, headers, body: { error: error as Json } };
}

/** Whether chance picks the request seen last. */
function falls({ chance, seen }: ScriptedFault): boolean {
  if (!chance) return true;
  const draw = createHash('sha256').update(`${chance.seed} ${seen}`).digest().readUInt32BE() / 2 ** 32;
  return draw < chance.share;
}

const same = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === given?.toLowerCase();

function fits(match: FaultRequest['match'], { method, path, type, action }: FaultCandidate): boolean {
  if (action === 'poll' && match.action !== 'poll') return false;
  return (
    same(match.method, method) &&
    same(match.type, type) &&
    same(match.action, action) &&
    (match.id === undefined || path.toLowerCase().includes(match.id.toLowerCase()))
  );
}
