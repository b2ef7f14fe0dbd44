import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { answerNotKept } from './messages.ts';
import type { CarriedRequest, Idempotency, RequestOutcome } from './messages.ts';

/** Requests that are remembered, of those with a key and of those without. */
const keptRequests = 100;
/** Characters of JSON that the next execution gets as its input: of one outcome, and of all. */
const [longestOutcome, allOutcomes] = [4096, 200_000];

const idOf = (update: string, { key }: Idempotency): string => `${update} ${key}`;

interface OnceOptions {
  /** also a failure is final: the work has had effects */
  keepFailure: boolean;
}

/**
 * The recent requests of clients and their outcomes, so that none is executed twice. Temporal itself recognises a repeated update by its id,
 * and only within one execution (temporalio/features#467). `update` is the name of the update: one request may send several.
 */
export function createIdempotencyKeys(carried: readonly CarriedRequest[] = []) {
  const requests = new Map(carried.map((one) => [one.key, { ...one, outcomes: { ...one.outcomes } }]));
  const inProgress = new Map<string, Promise<unknown>>();
  const outcomeOf = (update: string, { key }: Idempotency) => requests.get(key)?.outcomes[update];

  function remember({ key, body, unkeyed = false }: Idempotency): CarriedRequest {
    const request = requests.get(key) ?? { key, body, unkeyed, outcomes: {} };
    requests.delete(key);
    requests.set(key, request);
    const alike = [...requests.values()].filter((one) => one.unkeyed === unkeyed);
    if (alike.length > keptRequests) requests.delete(alike[0]!.key);
    return request;
  }

  async function execute<T>(update: string, idempotency: Idempotency, work: () => Promise<T>, options: OnceOptions) {
    const { outcomes } = remember(idempotency);
    try {
      const answer = await work();
      outcomes[update] = { answer };
      return answer;
    } catch (error) {
      const failure = error instanceof ActivityFailure ? error.cause : error;
      if (options.keepFailure && failure instanceof ApplicationFailure) {
        const { message, type, details } = failure;
        outcomes[update] = { failure: { message, type: type ?? '', details: details ?? [] } };
      }
      throw error;
    } finally {
      inProgress.delete(idOf(update, idempotency));
    }
  }

  return {
    /** Throws `IdempotencyKeyReused` where the key was used with another body. */
    check({ key, body }: Idempotency): void {
      const before = requests.get(key);
      if (before && before.body !== body)
        throw ApplicationFailure.nonRetryable('The key was used with another body.', 'IdempotencyKeyReused');
    },
    /** Whether the request was executed before, or is being executed. */
    isKnown: (update: string, idempotency: Idempotency): boolean =>
      outcomeOf(update, idempotency) !== undefined || inProgress.has(idOf(update, idempotency)),
    /** Runs `work`, or returns what the same request led to before. Throws `AnswerNotKept` where that is too long or too old. */
    async once<T>(update: string, idempotency: Idempotency, work: () => Promise<T>, options: OnceOptions): Promise<T> {
      const outcome = outcomeOf(update, idempotency);
      if (outcome) return resultOf(outcome) as T;
      const id = idOf(update, idempotency);
      if (!inProgress.has(id)) inProgress.set(id, execute(update, idempotency, work, options));
      return inProgress.get(id) as Promise<T>;
    },
    /** For the next execution: nothing is in progress then. */
    carried: (): CarriedRequest[] => shortened([...requests.values()]),
  };
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;

/** Without the outcomes that are too long, and without the oldest ones where all together are. */
function shortened(requests: readonly CarriedRequest[]): CarriedRequest[] {
  let characters = 0;
  const shorten = (outcome: RequestOutcome): RequestOutcome => {
    const { length } = JSON.stringify(outcome);
    if (length > longestOutcome || characters + length > allOutcomes) return 'notKept';
    characters += length;
    return outcome;
  };
  const shortenAll = ({ outcomes, ...request }: CarriedRequest): CarriedRequest => ({
    ...request,
    outcomes: Object.fromEntries(Object.entries(outcomes).map(([name, one]) => [name, shorten(one)])),
  });
  return requests.toReversed().map(shortenAll).toReversed();
}

function resultOf(outcome: RequestOutcome): unknown {
  if (outcome === 'notKept')
    throw ApplicationFailure.nonRetryable('The request was executed before; its answer is not kept.', answerNotKept);
  if ('failure' in outcome) throw ApplicationFailure.create({ ...outcome.failure, nonRetryable: true });
  return outcome.answer;
}
