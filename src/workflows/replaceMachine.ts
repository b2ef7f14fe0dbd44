import { isCancellation, log } from '@temporalio/workflow';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { activityOptions, armRead, armWrite } from './armActivities.ts';
import { waitBeforePolling } from './ensureResource.ts';
import type { RunProgress } from './runProgress.ts';

/** A run that has a jumpbox. */
interface MachineRun {
  ref: EnvironmentRef;
  progress: RunProgress;
  machineReplaced: boolean;
}

/**
 * Deletes the jumpbox's virtual machine and creates it again: it holds nothing that set-up and image build do not make again. Its disk and
 * interface go with it (DEL-11). At most once per run. Returns whether the machine was replaced.
 */
export async function replaceMachine(run: MachineRun, create: () => Promise<void>): Promise<boolean> {
  if (run.machineReplaced) return false;
  run.machineReplaced = true;
  const { ref, progress } = run;
  const { id, key } = plannedResource(ref, 'virtualMachine');
  try {
    progress.resource('jumpbox', id, 'Deleting');
    const deletion = await armWrite.deleteResource.executeWithOptions(activityOptions('jumpbox', 'delete', key), [
      { ref, id, readFirst: true },
    ]);
    await waitBeforePolling(deletion);
    await armRead.observeDeletion.executeWithOptions(activityOptions('jumpbox', 'observe', key), [
      { id, token: deletion.token },
    ]);
    await create();
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    // the command that never ended is the failure of the run
    log.warn('the virtual machine could not be replaced', { error });
    return false;
  }
}
