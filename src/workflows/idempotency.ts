import { ApplicationFailure } from '@temporalio/workflow';
import type { CarriedKey, Idempotency } from './messages.ts';

const keptKeys = 100;
/** Answers are kept for so many keys, each up to so many characters of JSON: the next execution gets them as its input. */
const [keptAnswers, longestAnswer] = [50, 4096];

/**
 * The idempotency keys of recent updates. Temporal itself recognises a repeated update only within one execution, so the answers are
 * carried to the next one (temporalio/features#467).
 */
export function createIdempotencyKeys(carried: readonly CarriedKey[] = []) {
  const known = new Map(carried.map(([key, body, answer]) => [key, { body, answer }]));
  const answerOf = (idempotency: Idempotency | undefined): string | null =>
    (idempotency && known.get(idempotency.key)?.answer) ?? null;

  function record({ key, body }: Idempotency): { answer: string | null } {
    const entry = { body, answer: null };
    known.delete(key);
    known.set(key, entry);
    const [oldest] = known.keys();
    if (known.size > keptKeys) known.delete(oldest!);
    for (const old of [...known.values()].slice(0, -keptAnswers)) old.answer = null;
    return entry;
  }

  return {
    /** Throws `IdempotencyKeyReused` where the key was used with another body. */
    check(idempotency: Idempotency | undefined): void {
      const before = idempotency && known.get(idempotency.key);
      if (before && before.body !== idempotency.body)
        throw ApplicationFailure.nonRetryable('The key was used with another body.', 'IdempotencyKeyReused');
    },
    isAnswered: (idempotency: Idempotency | undefined): boolean => answerOf(idempotency) !== null,
    /** Runs `work`, or returns the answer that the same key has got before. */
    async once<T>(idempotency: Idempotency | undefined, work: () => Promise<T>): Promise<T> {
      const before = answerOf(idempotency);
      if (before !== null) return JSON.parse(before) as T;
      const entry = idempotency && record(idempotency);
      const answer = await work();
      const text = JSON.stringify(answer);
      if (entry && text.length <= longestAnswer) entry.answer = text;
      return answer;
    },
    carried: (): CarriedKey[] => [...known].map(([key, { body, answer }]) => [key, body, answer]),
  };
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;
