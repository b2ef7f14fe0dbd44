/** Seconds of Azure's time. */
export interface RunningOperation {
  /** since it was accepted */
  ranSeconds: number;
  /** Azure's `Retry-After`: never polled sooner */
  retryAfterSeconds: number;
  /** it usually does not end sooner; 0 where that is not known */
  usualMinSeconds: number;
}

/** A failure of an operation usually comes early, and is to be seen early. */
const longestFirstWaitSeconds = 30;
/** Before its usual end, an operation is polled again after this share of the time that it has run. */
const shareBeforeUsualEnd = 0.3;
/** From then on, the time between two polls grows more slowly: a run waits for half of it on average, for each operation on its critical path. */
const shareFromUsualEnd = 0.08;
const longestBackoffSeconds = 15;

/**
 * Seconds until the next poll. Before an operation can have succeeded, only a failure could be seen, so that it is polled seldom; waits are
 * multiples of `Retry-After` then, so that the later polls come when they would have come without this.
 */
export function secondsToNextPoll({ ranSeconds, retryAfterSeconds, usualMinSeconds }: RunningOperation): number {
  const missing = usualMinSeconds - ranSeconds;
  if (missing <= 0) return Math.max(retryAfterSeconds, Math.min(shareFromUsualEnd * ranSeconds, longestBackoffSeconds));
  const rare = Math.min(missing, Math.max(shareBeforeUsualEnd * ranSeconds, longestFirstWaitSeconds - ranSeconds));
  return Math.max(retryAfterSeconds, multipleOf(retryAfterSeconds, rare));
}

/** The largest multiple of `unit` in `value`. */
const multipleOf = (unit: number, value: number): number => (unit > 0 ? Math.floor(value / unit) * unit : value);
