import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { buildInternetRule } from '../domain/resources.ts';
import { activityOptions, armOperation } from './armActivities.ts';
import { evidenceIn, failureOf, runFailure } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';

/** Seconds between attempts at the end of a run: doubled up to ten minutes, an hour in total. */
const retryDelays = [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600];
/** Failures that a retry cannot resolve. */
const permanentTypes: readonly Failure['type'][] = ['Blocked', 'Forbidden', 'PolicyDenied', 'InvalidRequest'];

/** Removes the rule that set-up and image build need. An absent rule is success. */
export async function removeBuildInternetRule(ref: EnvironmentRef): Promise<void> {
  const { id, key } = buildInternetRule(ref);
  await armOperation.deleteResource.executeWithOptions(activityOptions('image', 'delete', key), [
    { ref, id, readFirst: true },
  ]);
}

/**
 * Removes the rule at the end of a failed or cancelled run. No later step would detect a remaining rule, so transient failures are retried
 * for an hour. Throws where the rule remains: the failure of the run, with the message and remedy of the rule added.
 */
export async function removeOnExit(ref: EnvironmentRef, progress: RunProgress, ended: unknown): Promise<void> {
  const failure = await CancellationScope.nonCancellable(() => retryUntilRemoved(ref, progress));
  if (!failure) return;
  const remaining = remainingMessage(failure);
  const remedy = `az network nsg rule delete --ids ${buildInternetRule(ref).id}`;
  const first = failureOf(ended, null);
  throw runFailure(
    {
      ...(isCancellation(ended) ? failure : first),
      message: first.message === failure.message ? remaining : `${first.message}\n${remaining}`,
      remedy: [first.remedy, remedy].filter(Boolean).join('\n'),
    },
    evidenceIn(ended),
  );
}

const remainingMessage = ({ message }: Failure): string => `The build-time Internet rule still exists: ${message}`;

/** Returns undefined once the rule is removed, else the last failure. */
async function retryUntilRemoved(ref: EnvironmentRef, progress: RunProgress): Promise<Failure | undefined> {
  let earlierMessage: string | null | undefined;
  let failure: Failure | undefined;
  for (const seconds of [...retryDelays, 0]) {
    try {
      await removeBuildInternetRule(ref);
      failure = undefined;
      break;
    } catch (error) {
      failure = failureOf(error, 'image');
      if (seconds === 0 || permanentTypes.includes(failure.type)) break;
      const replaced = progress.setMessage('image', `${remainingMessage(failure)}; next attempt in ${seconds} s`);
      if (earlierMessage === undefined) earlierMessage = replaced;
      await sleep(`${seconds} seconds`);
    }
  }
  if (earlierMessage !== undefined) progress.setMessage('image', earlierMessage);
  return failure;
}
