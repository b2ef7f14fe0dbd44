import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

type Kind = 'reads' | 'writes' | 'deletes';

/** ARM's token buckets of a subscription and principal: size, and refill per second (Azure docs: request limits and throttling). */
const buckets: Record<Kind, { size: number; perSecond: number }> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** Below this share of a bucket, requests are delayed in proportion, so that several workers share the refill. */
const delayBelowShare = 0.5;
/** Minimum rate of delayed requests, as a share of the refill rate. */
const minimumRate = 0.05;

interface Bucket {
  /** as ARM reported it last, and when, in ms since the epoch */
  remaining: number;
  at: number;
  inFlight: number;
  /** resolved when the previous request was sent */
  previous: Promise<void>;
}

const fresh = (kind: Kind): Bucket => ({
  remaining: buckets[kind].size,
  at: Date.now(),
  inFlight: 0,
  previous: Promise.resolve(),
});

const kindOf = (method: string): Kind =>
  method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';

/**
 * Delays requests when ARM's `x-ms-ratelimit-remaining-subscription-*` shows that a bucket is running low, before ARM refuses requests.
 * `speed`: how much faster than Azure's an emulator's clock runs.
 */
export function rateLimitPolicy(speed: number): PipelinePolicy {
  const known = new Map<string, Bucket>();

  /** Milliseconds between the previous request and this one. */
  function gapOf(kind: Kind, { remaining, at, inFlight }: Bucket): number {
    const { size, perSecond } = buckets[kind];
    const perMs = (perSecond * speed) / 1000;
    const now = Math.min(size, remaining + (Date.now() - at) * perMs) - inFlight;
    const part = now / (size * delayBelowShare);
    return part >= 1 ? 0 : 1 / (perMs * Math.max(minimumRate, part));
  }

  /** Resolves when a request may be sent. Waiting requests are sent one at a time. */
  async function waitForTurn(kind: Kind, bucket: Bucket, signal: AbortSignal | undefined): Promise<void> {
    const before = bucket.previous;
    const mine = Promise.withResolvers<void>();
    bucket.previous = mine.promise;
    try {
      await before;
      const gap = signal?.aborted ? 0 : gapOf(kind, bucket);
      if (gap > 0) await sleep(gap, undefined, signal ? { signal } : {});
    } finally {
      bucket.inFlight += 1;
      mine.resolve();
    }
  }

  return {
    name: 'rateLimit',
    async sendRequest(request, next) {
      const subscription = /^\/subscriptions\/([^/]+)/i.exec(new URL(request.url).pathname)?.[1];
      if (subscription === undefined) return next(request);
      const kind = kindOf(request.method);
      const key = `${subscription.toLowerCase()} ${kind}`;
      const bucket = known.get(key) ?? fresh(kind);
      known.set(key, bucket);
      try {
        await waitForTurn(kind, bucket, request.abortSignal as AbortSignal | undefined);
        const response = await next(request);
        const remaining = Number(response.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`) ?? NaN);
        if (Number.isFinite(remaining)) Object.assign(bucket, { remaining, at: Date.now() });
        return response;
      } finally {
        bucket.inFlight -= 1;
      }
    },
  };
}
