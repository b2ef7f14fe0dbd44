import type { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../domain/failures.ts';
import { isBenign, withRetry } from './activityFailures.ts';
import type { ActivityFailureDetail } from './activityFailures.ts';

/** Attempts before a failure is final; types without a row are not counted. */
const budgets: Partial<Record<FailureType, number>> = {
  Transient: 10,
  Capacity: 10,
  NotYetConsistent: 60,
  Unknown: 20,
};

/** How many attempts have failed with each type. */
export type AttemptCounts = Partial<Record<FailureType, number>>;

/** Milliseconds between attempts after `Transient` failures. */
const backoffMs = (attempts: number): number => Math.min(30_000, 1_000 * 2 ** attempts);

/**
 * The same failure, made final where its type has used up its attempts. Temporal's own backoff would count every poll of a running
 * operation, so the delay after `Transient` is computed from the counted attempts.
 */
export function applyAttemptBudget(failure: ApplicationFailure, before: AttemptCounts): ApplicationFailure {
  if (failure.nonRetryable) return failure;
  const type = failure.type as FailureType;
  const attempts = before[type] ?? 0;
  const { limit } = (failure.details?.[0] ?? {}) as Partial<ActivityFailureDetail>;
  if (attempts + 1 >= (limit?.attempts ?? budgets[type] ?? Infinity)) return withRetry(failure, null);
  if (type !== 'Transient' || failure.nextRetryDelay) return failure;
  return withRetry(failure, { nextRetryDelay: backoffMs(attempts) });
}

/** The counts including this attempt: throttling and a busy resource do not count, and `InProgress` resets the counts. */
export function nextAttempts(failure: ApplicationFailure, before: AttemptCounts): AttemptCounts {
  const type = failure.type as FailureType;
  if (type === 'InProgress') return {};
  return isBenign(type) ? before : { ...before, [type]: (before[type] ?? 0) + 1 };
}
