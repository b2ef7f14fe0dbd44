import { ApplicationFailure } from '@temporalio/workflow';
import type { Idempotency } from './messages.ts';

const keptKeys = 100;

/** The idempotency keys of recent updates with the hash of the body that each came with. */
export function createIdempotencyKeys(carried: readonly [key: string, body: string][] = []) {
  const bodies = new Map(carried);
  return {
    /** Throws `IdempotencyKeyReused` where the key came with another body before. */
    check(idempotency: Idempotency | undefined): void {
      const before = idempotency && bodies.get(idempotency.key);
      if (before !== undefined && before !== idempotency?.body)
        throw ApplicationFailure.nonRetryable('The key came with another body before.', 'IdempotencyKeyReused');
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
