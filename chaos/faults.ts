import type { ScriptedFault, FaultRequest } from '../src/emulator/arm/faultScript.ts';
import type { WriteSide } from './plan.ts';

const methods = ['PUT', 'PATCH', 'POST', 'DELETE'] as const;
/** What each is hit by: every request of a method, or every poll of an operation. */
const writes = methods.map((method) => ({ method }));
const calls = [...writes, { method: 'GET' }, { action: 'poll' }];

/** Codes that Azure's own operations end with now and then, and that another try mends. */
const passing = ['InternalServerError', 'RetryableError', 'OperationCanceled'];

/**
 * The weather at the emulator: 5 % of all writes executed with their answer dropped; 5 % of all calls reset or answered 5xx,
 * 5 % throttled; 2 % of PUTs and DELETEs accepted and then ended Failed with a code that another try mends.
 */
export function weather(seed: number): FaultRequest[] {
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
    ...passing.flatMap((code) =>
      faults([{ method: 'PUT' }, { method: 'DELETE' }], 0.007, {
        failOperation: { code, message: `chaos: ${code}` },
      }),
    ),
  ];
}

/** Refuses one PUT of a run for good: the run fails with a named type, and the next one gets through. */
export const refusal = (name: string, type: string): FaultRequest => ({
  match: { method: 'PUT', type, id: `/resourceGroups/rg-moat-${name}/` },
  effect: { status: 403, code: 'AuthorizationFailed', message: 'chaos: not allowed, once' },
});

/** Catches one write for a kill: held before it is executed, or executed with its answer lost. `heldMs` is real time. */
export const snare = ({ method, type, side }: WriteSide, heldMs: number, timeScale: number): FaultRequest => ({
  match: { method, type },
  effect: side === 'after' ? { dropAnswer: true } : { delaySeconds: heldMs / 1000 / timeScale },
});

/** How often each effect was felt. */
export function hitsByEffect(faults: readonly ScriptedFault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { effect, hits } of faults) {
    const name = effect.status === undefined ? Object.keys(effect)[0]! : String(effect.status);
    counts[name] = (counts[name] ?? 0) + hits;
  }
  return counts;
}
