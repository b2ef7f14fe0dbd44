import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { buildInternetRule } from '../domain/resources.ts';
import { retry } from './retry.ts';
import { armRead, activityOptions, armWrite } from './armActivities.ts';
import { failureOf, runFailure } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';

/** Seconds between two attempts to close at a run's end: doubled up to ten minutes, an hour in all. */
const waits = [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600];
/** What does not pass by itself. */
const lasting: readonly Failure['type'][] = ['Blocked', 'Forbidden', 'PolicyDenied', 'InvalidRequest'];

/** Removes the rule that set-up and image build need; done already is success. */
export async function removeBuildInternetRule(site: EnvironmentRef): Promise<void> {
  const { id } = buildInternetRule(site);
  await retry(async () => {
    const { token, state } = await armWrite.deleteResource.executeWithOptions(
      activityOptions('image', 'close the build-time Internet rule'),
      [{ site, id, readFirst: true }],
    );
    if (state === 'gone') return;
    const awaited = activityOptions('image', 'await that the Internet is closed');
    await armRead.observeGone.executeWithOptions(awaited, [{ id, token }]);
  });
}

/**
 * The failed run's last deed: no later step would notice a rule that stays, so Azure's trouble is outlasted. What ended the run stays its
 * failure; where the rule cannot be removed, that says so too.
 */
export async function removeOnExit(site: EnvironmentRef, progress: RunProgress, ended: unknown): Promise<void> {
  const closing = await CancellationScope.nonCancellable(() => outlast(site, progress));
  if (!closing) return;
  const left = stillThere(closing);
  const remedy = `az network nsg rule delete --ids ${buildInternetRule(site).id}`;
  const first = failureOf(ended, null);
  throw runFailure({
    ...(isCancellation(ended) ? closing : first),
    message: first.message === closing.message ? left : `${first.message}\n${left}`,
    remedy: [first.remedy, remedy].filter(Boolean).join('\n'),
  });
}

const stillThere = ({ message }: Failure): string => `The build-time Internet rule is still there: ${message}`;

/** Undefined when the rule is gone; else why it is not. */
async function outlast(site: EnvironmentRef, progress: RunProgress): Promise<Failure | undefined> {
  let before: string | null | undefined;
  let failure: Failure | undefined;
  for (const seconds of [...waits, 0]) {
    try {
      await removeBuildInternetRule(site);
      failure = undefined;
      break;
    } catch (error) {
      failure = failureOf(error, 'image');
      if (seconds === 0 || lasting.includes(failure.type)) break;
      const told = progress.tell('image', `${stillThere(failure)}; tries again in ${seconds} s`);
      if (before === undefined) before = told;
      await sleep(`${seconds} seconds`);
    }
  }
  if (before !== undefined) progress.tell('image', before);
  return failure;
}
