import { ArmError } from './model.ts';
import type { Call } from '../http/call.ts';

type Kind = 'reads' | 'writes' | 'deletes';

/** ARM's token buckets per subscription and principal: size, and refill per second of Azure. Azure docs: request limits and throttling. */
const buckets: Record<Kind, { size: number; refill: number }> = {
  reads: { size: 250, refill: 25 },
  writes: { size: 200, refill: 10 },
  deletes: { size: 200, refill: 10 },
};

interface Bucket {
  tokens: number;
  /** monotonic, in milliseconds */
  at: number;
}

const kindOf = (method: string): Kind =>
  method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';

/** Takes a token per request and reports the remaining ones. Refills on the scaled clock: a sixtieth of the time, sixty times the rate. */
export class Throttle {
  enabled = true;
  /** requests since the start: those that had a token, and those that were answered 429 */
  taken = 0;
  refused = 0;
  readonly #timeScale: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(timeScale: number) {
    this.#timeScale = timeScale;
  }

  /** The header with the remaining tokens; none while the limits are off. Throws 429 with `Retry-After` when the bucket is empty. */
  take(call: Call, subscriptionId: string): Record<string, string> {
    if (!this.enabled) {
      this.taken += 1;
      return {};
    }
    const kind = kindOf(call.method);
    const { size, refill } = buckets[kind];
    const key = `${subscriptionId.toLowerCase()} ${call.principal.objectId} ${kind}`;
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: size, at: now };
    const perMs = refill / 1000 / this.#timeScale;
    bucket.tokens = Math.min(size, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      this.refused += 1;
      throw refused(kind, subscriptionId, (1 - bucket.tokens) / perMs, this.#timeScale);
    }
    this.taken += 1;
    bucket.tokens = Math.max(0, bucket.tokens - 1);
    return { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(bucket.tokens)) };
  }
}

function refused(kind: Kind, subscriptionId: string, waitMs: number, timeScale: number): ArmError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ArmError(
    429,
    'SubscriptionRequestsThrottled',
    `The number of ${kind} for subscription '${subscriptionId}' exceeded the limit. Please try again after '${seconds}' seconds.`,
    {
      headers: {
        'retry-after': String(seconds),
        ...(timeScale < 1 ? { 'x-ms-retry-after-ms': String(Math.max(20, Math.ceil(waitMs))) } : {}),
        [`x-ms-ratelimit-remaining-subscription-${kind}`]: '0',
      },
    },
  );
}
