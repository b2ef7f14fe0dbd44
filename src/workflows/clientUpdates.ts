import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Json, Lease, Score } from '../domain/environment.ts';
import { runScore } from './environmentRuns.ts';
import type { EnvironmentParts } from './environmentRuns.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import { busy, protectUpdate, renewUpdate, scoreUpdate } from './messages.ts';
import type { Idempotency } from './messages.ts';
import { assertAccepted, assertNotContinuing, known } from './requestChecks.ts';

/** Scores in progress, those that wait for a run included: Temporal admits ten updates at a time to a workflow, and lease changes need some. */
const concurrentScores = 6;

interface ClientUpdate {
  idempotency: Idempotency;
}

/** Installs the handlers of the updates that clients request: each request is executed once. */
export function handleClientUpdates(parts: EnvironmentParts, keys: IdempotencyKeys): void {
  handleLeaseChanges(parts, keys);
  handleScores(parts, keys);
}

/** Refuses an update that the environment's state does not allow, unless it is a repetition. */
const createValidator =
  (request: 'renew' | 'protect' | 'score', { store }: EnvironmentParts, keys: IdempotencyKeys) =>
  ({ idempotency }: ClientUpdate): void => {
    assertNotContinuing(store);
    keys.check(idempotency);
    if (!keys.isKnown(request, idempotency)) assertAccepted(store, request);
  };

function handleLeaseChanges(parts: EnvironmentParts, keys: IdempotencyKeys): void {
  const { store, leaseChanges } = parts;
  /** A change that failed has changed nothing: a repetition tries again. */
  const change = (request: 'renew' | 'protect', idempotency: Idempotency, work: () => Promise<Lease>) =>
    keys.once(
      request,
      idempotency,
      async () => {
        if (!store.isKnown) {
          await known(store);
          assertAccepted(store, request);
        }
        return work();
      },
      { keepFailure: false },
    );
  setHandler(
    renewUpdate,
    ({ ttl, by, idempotency }) => change('renew', idempotency, () => leaseChanges.renew(ttl, by ?? null)),
    {
      validator: createValidator('renew', parts, keys),
    },
  );
  setHandler(
    protectUpdate,
    ({ protected: isProtected, reason, by, idempotency }) =>
      change('protect', idempotency, () => leaseChanges.protect(isProtected, reason, by ?? null)),
    { validator: createValidator('protect', parts, keys) },
  );
}

function handleScores(parts: EnvironmentParts, keys: IdempotencyKeys): void {
  const { store } = parts;
  const validate = createValidator('score', parts, keys);
  let inProgress = 0;

  async function score(request: Json, idempotency: Idempotency, by: string | null): Promise<Score> {
    // checked again after each wait: another score may have been first, or a teardown
    while (store.record.run !== null && !keys.isKnown('score', idempotency)) {
      await condition(() => store.record.run === null);
      if (!keys.isKnown('score', idempotency)) assertAccepted(store, 'score');
    }
    return keys.once('score', idempotency, () => runScore(parts, request, by), { keepFailure: true });
  }

  setHandler(
    scoreUpdate,
    ({ request, idempotency, by = null }) => {
      inProgress += 1;
      return score(request, idempotency, by).finally(() => (inProgress -= 1));
    },
    {
      validator(update) {
        validate(update);
        if (inProgress >= concurrentScores) throw ApplicationFailure.nonRetryable('Other scores are waiting.', busy);
      },
    },
  );
}
