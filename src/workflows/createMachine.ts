import { sleep } from '@temporalio/workflow';
import type { Spec } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { chooseJumpboxSizes } from '../domain/jumpbox.ts';
import { failureOf, retryHint, runFailure, unwrapCancellation } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';
import type { StepScheduler } from './stepScheduler.ts';

/** How often all sizes are tried, at a minute or more between rounds. */
const maximumRounds = 5;
const messageLength = 200;

interface MachineRun {
  spec: Spec;
  scheduler: StepScheduler;
  progress: RunProgress;
}

/**
 * Creates the jumpbox's virtual machine with the first of `jumpbox.sizes` that Azure has capacity and quota for. Sizes that are only short
 * of capacity are tried again later. Throws Capacity or Quota, with what Azure said to each size.
 */
export async function createMachine({ spec, scheduler, progress }: MachineRun, readFirst: boolean): Promise<void> {
  const { sizes, diskGb } = spec.jumpbox;
  const failures = new Map<string, Failure>();
  let candidates = sizes;
  for (let round = 1; ; round++) {
    const worthWaiting: string[] = [];
    let afterMs = 1;
    for (const vmSize of candidates) {
      try {
        await scheduler.ensure('virtualMachine', readFirst || failures.size > 0, { vmSize, diskGb });
        return;
      } catch (thrown) {
        const error = unwrapCancellation(thrown);
        const failure = failureOf(error, 'jumpbox');
        if (failure.type !== 'Capacity' && failure.type !== 'Quota') throw error;
        failures.set(vmSize, failure);
        progress.retry('jumpbox', failure);
        const hint = retryHint(error);
        if (hint) worthWaiting.push(vmSize);
        afterMs = Math.max(afterMs, hint?.afterMs ?? 0);
      }
    }
    if (worthWaiting.length === 0 || round === maximumRounds) throw noSizeLeft(failures);
    candidates = worthWaiting;
    await sleep(afterMs);
  }
}

function noSizeLeft(failures: ReadonlyMap<string, Failure>) {
  const all = [...failures.values()];
  const last = all.find(({ type }) => type === 'Capacity') ?? all.at(-1)!;
  const message = [...failures].map(([size, one]) => `${size}: ${one.message.slice(0, messageLength)}`).join('\n');
  return runFailure({ ...last, message, remedy: chooseJumpboxSizes });
}
