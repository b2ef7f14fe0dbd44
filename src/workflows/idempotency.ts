import { ApplicationFailure } from '@temporalio/workflow';
import type { Idempotency } from './messages.ts';

const keptKeys = 100;

/** The idempotency keys of recent updates, each with the hash of its request body. */
export function createIdempotencyKeys(carried: readonly [key: string, body: string][] = []) {
  const bodies = new Map(carried);
  return {
    /** Throws `IdempotencyKeyReused` where the key was used with another body. */
    check(idempotency: Idempotency | undefined): void {
      const before = idempotency && bodies.get(idempotency.key);
      if (before !== undefined && before !== idempotency?.body)
        throw ApplicationFailure.nonRetryable('The key was used with another body.', 'IdempotencyKeyReused');
    },
    record(idempotency: Idempotency | undefined): void {
      if (!idempotency) return;
      bodies.set(idempotency.key, idempotency.body);
      const [oldest] = bodies.keys();
      if (bodies.size > keptKeys) bodies.delete(oldest!);
    },
    carried: (): [key: string, body: string][] => [...bodies],
  };
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;
