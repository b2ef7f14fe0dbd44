import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { plannedResource } from '../domain/resources.ts';
import type { ResourceKey } from '../domain/resources.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import type { Activities } from '../activities/index.ts';
import { retry } from './retry.ts';
import { armRead, activityOptions, armWrite } from './armActivities.ts';
import { unwrapCancellation, failureOf, runFailure } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';

type EnsureOptions = Parameters<Activities['ensureResource']>[0]['options'];

/**
 * Promises that make a sequence: work that waits for other work, told step by step. The first failure stops all of it;
 * what is in flight is waited for.
 */
export function createStepScheduler(site: EnvironmentRef, progress: RunProgress) {
  const pieces: Promise<unknown>[] = [];
  const scope = new CancellationScope();
  let first: unknown;

  /** Runs `work` as part of a step, once everything in `needs` is there. */
  function after<T>(
    needs: Promise<unknown> | readonly Promise<unknown>[],
    step: StepId,
    work: () => Promise<T>,
  ): Promise<T> {
    const piece = scope.run(async () => {
      await Promise.all([needs].flat());
      progress.begin(step);
      try {
        return await work();
      } catch (thrown) {
        const error = unwrapCancellation(thrown);
        first ??= isCancellation(error) ? error : runFailure(failureOf(error, step));
        if (!isCancellation(error)) progress.fail(step, failureOf(error, step));
        scope.cancel();
        throw error;
      }
    });
    piece.catch(() => undefined);
    pieces.push(piece);
    return piece;
  }

  return {
    after,
    /** Creates a resource, or adopts the one that is there, and waits until Azure says Succeeded. */
    async ensure(key: ResourceKey, look: boolean, options: EnsureOptions = {}): Promise<void> {
      const { step, id, title, name } = plannedResource(site, key);
      const label = `${title} ${name}`;
      await retry(
        async (tries) => {
          const begun = await armWrite.ensureResource.executeWithOptions(activityOptions(step, `ensure ${label}`), [
            { site, key, readFirst: look || tries > 1, options },
          ]);
          progress.resource(step, id, begun.state);
          if (begun.token === null && begun.state === 'Succeeded') return;
          await armRead.observeResource.executeWithOptions(activityOptions(step, `await ${label}`), [
            { id, token: begun.token },
          ]);
          progress.resource(step, id, 'Succeeded');
        },
        (error) => progress.again(step, failureOf(error, step)),
      );
    },
    /** A step has ended when all of its pieces have. */
    step(id: StepId, own: readonly Promise<unknown>[], message?: () => string): Promise<void> {
      return after(own, id, async () => progress.succeed(id, message?.() ?? null));
    },
    /** Waits for every piece, also after the first failure; throws that failure, or the cancellation. */
    async end(): Promise<void> {
      await Promise.allSettled(pieces);
      if (first !== undefined) throw first;
    },
  };
}
