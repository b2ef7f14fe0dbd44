import type { ScriptedFault, FaultRequest } from '../src/emulator/arm/faultScript.ts';
import type { WriteSide } from './plan.ts';

const methods = ['PUT', 'PATCH', 'POST', 'DELETE'] as const;
/** Requests that faults match: all of one method, or every poll of an operation. */
const writes = methods.map((method) => ({ method }));
const calls = [...writes, { method: 'GET' }, { action: 'poll' }];

/** Error codes of failed operations that succeed when repeated. */
const transientCodes = ['InternalServerError', 'RetryableError', 'OperationCanceled'];

/**
 * Random faults during the whole run: 5 % of all writes are executed without an answer; 5 % of all calls are reset or answered 5xx;
 * 5 % are throttled; 2 % of PUTs and DELETEs are accepted and end as Failed with a transient code.
 */
export function backgroundFaults(seed: number): FaultRequest[] {
  let number = 0;
  const faults = (matches: readonly FaultRequest['match'][], share: number, effect: FaultRequest['effect']) =>
    matches.map((match) => ({ match, chance: { share, seed: seed * 1000 + ++number }, effect }));
  const throttled = {
    status: 429,
    code: 'TooManyRequests',
    message: 'chaos: throttled',
    headers: { 'retry-after': '1', 'x-ms-retry-after-ms': '150' },
  };
  return [
    ...faults(writes, 0.05, { dropAnswer: true }),
    ...faults(calls, 0.025, { reset: true }),
    ...faults(calls, 0.025, { status: 503, code: 'ServiceUnavailable', message: 'chaos: unavailable' }),
    ...faults(calls, 0.05, throttled),
    ...transientCodes.flatMap((code) =>
      faults([{ method: 'PUT' }, { method: 'DELETE' }], 0.007, {
        failOperation: { code, message: `chaos: ${code}` },
      }),
    ),
  ];
}

/** Refuses one PUT with 403: the run fails, and the next run succeeds. */
export const permanentRefusal = (name: string, type: string): FaultRequest => ({
  match: { method: 'PUT', type, id: `/resourceGroups/rg-moat-${name}/` },
  effect: { status: 403, code: 'AuthorizationFailed', message: 'chaos: forbidden, once' },
});

/** Marks the time of a kill by one write: held before it is executed, or executed without an answer. `heldMs` is real time. */
export const triggerFault = ({ method, type, side }: WriteSide, heldMs: number, timeScale: number): FaultRequest => ({
  match: { method, type },
  effect: side === 'after' ? { dropAnswer: true } : { delaySeconds: heldMs / 1000 / timeScale },
});

/** Number of hits by effect. */
export function hitsByEffect(faults: readonly ScriptedFault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { effect, hits } of faults) {
    const name = effect.status === undefined ? Object.keys(effect)[0]! : String(effect.status);
    counts[name] = (counts[name] ?? 0) + hits;
  }
  return counts;
}
