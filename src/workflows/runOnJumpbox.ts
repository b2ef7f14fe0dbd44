import { CancellationScope, isCancellation, log, patched, sleep } from '@temporalio/workflow';
import type { Json, Score, Spec } from '../domain/environment.ts';
import type { InsideProbe } from '../domain/insideProbe.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { runCommandId } from '../domain/resources.ts';
import type { StepId } from '../domain/steps.ts';
import { armRead, activityOptions, armWrite } from './armActivities.ts';
import { retryHint } from './runFailure.ts';

/** What the jumpbox can be told to do, and what it answers. */
export interface JumpboxWork {
  setUp: { input: object; result: object };
  buildImage: { input: { model: Spec['model'] }; result: { image: string; codePath: string; modelPath: string } };
  verify: { input: object; result: { rows: InsideProbe[] } };
  score: { input: { request: Json }; result: Score };
}

/** A command whose script failed for a passing reason is sent again this often. */
const maximumTries = 3;

/** Runs a script on the jumpbox: one run command per attempt, never put again, deleted afterwards. */
export async function runOnJumpbox<C extends keyof JumpboxWork>(
  at: { site: EnvironmentRef; runId: string; step: StepId },
  command: C,
  input: JumpboxWork[C]['input'],
): Promise<JumpboxWork[C]['result']> {
  const { site, runId, step } = at;
  for (let attempt = 1; ; attempt++) {
    const name = `${command}-${runId}-${attempt}`;
    const id = runCommandId(site, name);
    let begun = false;
    try {
      await armWrite.beginJumpboxCommand.executeWithOptions(activityOptions(step, `send run command ${name}`), [
        { site, command, name, ...input },
      ]);
      begun = true;
      const result = await armRead.observeJumpboxCommand.executeWithOptions(
        activityOptions(step, `await run command ${name}`),
        [{ id, command }],
      );
      return result;
    } catch (error) {
      const again = retryHint(error);
      if (!again || attempt === maximumTries) throw error;
      await sleep(Math.max(1, again.afterMs));
    } finally {
      // it may have been sent although nobody heard of it
      if (begun || patched('deletes-a-command-that-was-not-answered'))
        await CancellationScope.nonCancellable(() =>
          armWrite.deleteJumpboxCommand.executeWithOptions(activityOptions(step, `delete run command ${name}`), [
            { id },
          ]),
        ).catch(left);
    }
  }
}

/** What the script did counts, also where a lock keeps its run command: the teardown removes that too. */
function left(error: unknown): void {
  if (isCancellation(error)) throw error;
  if (!patched('keeps-what-a-script-did')) throw error;
  log.warn('a run command stays', { error });
}
