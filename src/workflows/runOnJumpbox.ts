import { CancellationScope, isCancellation, log, sleep } from '@temporalio/workflow';
import type { ApplicationFailure } from '@temporalio/workflow';
import type { Uploaded } from '../activities/resources/registerVersions.ts';
import type { ImageReceipt, Json, LocalTry, Score, Spec } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import type { InsideProbe } from '../domain/insideProbe.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { runCommandId } from '../domain/resources.ts';
import type { SampleOutcome } from '../domain/scoreCheck.ts';
import type { StepId } from '../domain/steps.ts';
import { stuckCommandRemedy } from '../domain/stuckCommand.ts';
import { activityOptions, armOperation, armWrite } from './armActivities.ts';
import { failureOf, retryHint, runFailure } from './runFailure.ts';

/** The commands of the jumpbox, with their inputs and results. */
export interface JumpboxCommands {
  setUp: { input: object; result: object };
  buildImage: { input: Pick<Spec, 'model' | 'probe' | 'serving'> & { tryLocally?: true }; result: BuiltImage };
  verify: { input: object; result: { rows: InsideProbe[] } };
  score: { input: { request: Json }; result: Score };
  scoreSample: { input: { model: Spec['model']; blobs: SampleBlobs }; result: SampleOutcome };
}

interface BuiltImage extends ImageReceipt, Uploaded {
  requestBlob?: string;
  expectedBlob?: string;
  localTry?: LocalTry;
}

/** Names of the blobs with the files of a sample. */
interface SampleBlobs {
  request?: string;
  expected?: string;
}

/** Attempts of a command whose script failed for a transient reason. */
const maximumAttempts = 3;

/** Attempts of a request that the endpoint refuses with 429, with waits that double up to fourfold. */
const maximumThrottled = 7;

/** A command's place in a run. */
interface JumpboxRun {
  ref: EnvironmentRef;
  runId: string;
  step: StepId;
  onRetry?: (failure: Failure) => void;
  /** Replaces the virtual machine where a command never ends. False where that is not possible, or was done before. */
  replaceMachine?: () => Promise<boolean>;
}

/**
 * Runs a script on the jumpbox. Each attempt has its own run command, which is created once and deleted afterwards. Where one is `Stuck`, the
 * machine is replaced, if it can be.
 */
export async function runOnJumpbox<Command extends keyof JumpboxCommands>(
  run: JumpboxRun,
  command: Command,
  input: JumpboxCommands[Command]['input'],
): Promise<JumpboxCommands[Command]['result']> {
  const { ref, runId, step } = run;
  for (let attempt = 1; ; attempt++) {
    const name = `${command}-${runId}-${attempt}`;
    const id = runCommandId(ref, name);
    try {
      return await armOperation.runJumpboxCommand.executeWithOptions(
        activityOptions(step, 'run', command, `run ${name}`),
        [{ ref, command, name, ...input }],
      );
    } catch (error) {
      if (isStuck(error)) {
        if (await run.replaceMachine?.()) continue;
        throw stuckFailure(run, error);
      }
      const hint = retryHint(error);
      const failure = failureOf(error, step);
      const throttled = failure.type === 'Throttled';
      if (!hint || attempt >= (throttled ? maximumThrottled : maximumAttempts)) throw error;
      const delayMs = Math.max(1, throttled ? hint.afterMs * Math.min(4, 2 ** (attempt - 1)) : hint.afterMs);
      run.onRetry?.({ ...failure, message: `${failure.message}; retried after ${Math.ceil(delayMs / 1000)} s` });
      await sleep(delayMs);
    } finally {
      // also after a failed PUT: Azure may have accepted it although the answer was lost
      await deleteRunCommand(step, command, id);
    }
  }
}

const isStuck = (error: unknown): boolean => failureOf(error, null).type === 'Stuck';

/** Set-up and image build, after which the machine can still be replaced, run while the network is open. */
const stuckFailure = ({ ref, step, replaceMachine }: JumpboxRun, error: unknown): ApplicationFailure =>
  runFailure({ ...failureOf(error, step), remedy: stuckCommandRemedy(ref, replaceMachine === undefined) });

/** Deletes a run command. A failure is only logged: the script's result is known, and the teardown deletes what remains. */
async function deleteRunCommand(step: StepId, command: string, id: string): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() =>
      armWrite.deleteJumpboxCommand.executeWithOptions(activityOptions(step, 'delete', command), [{ id }]),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('run command could not be deleted', { error });
  }
}
