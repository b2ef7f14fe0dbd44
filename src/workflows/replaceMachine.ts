import { isCancellation, log } from '@temporalio/workflow';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { activityOptions, armOperation } from './armActivities.ts';

/** A run that has a jumpbox. */
interface MachineRun {
  ref: EnvironmentRef;
  machineReplaced: boolean;
}

/**
 * Deletes the jumpbox's virtual machine and creates it again: it holds nothing that set-up and image build do not make again. Its disk and
 * interface go with it (DEL-11). At most once per run. Returns whether the machine was replaced.
 */
export async function replaceMachine(run: MachineRun, create: () => Promise<void>): Promise<boolean> {
  if (run.machineReplaced) return false;
  run.machineReplaced = true;
  const { ref } = run;
  const { id, key } = plannedResource(ref, 'virtualMachine');
  try {
    await armOperation.deleteResource.executeWithOptions(activityOptions('jumpbox', 'delete', key), [
      { ref, id, readFirst: true },
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
