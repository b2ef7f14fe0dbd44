import { createHmac } from 'node:crypto';
import { Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { sweepWorkflowType, taskQueues } from '../workflows/messages.ts';
import type { SweepInput } from '../workflows/messages.ts';
import { ForeignInstallation } from './foreignInstallation.ts';

const installationScheduleId = 'moat-installation';
const memoKey = 'installation';

/** Public identifier of the installation that owns a seal key. The key cannot be derived from it. */
export const installationIdOf = (sealKey: string): string =>
  createHmac('sha256', sealKey).update('moat-installation').digest('hex').slice(0, 16);

/**
 * Claims the client's namespace for an installation, or checks that it is already claimed by it. Throws ForeignInstallation.
 *
 * The claim is a paused schedule without times. Temporal creates a schedule atomically, and its memo is never changed, so exactly one of
 * several installations that start together gets the namespace. The memo is in plain text: encryption keys are rotated, the claim is not.
 */
export async function claimNamespace(client: Client, id: string, address: string): Promise<void> {
  const { namespace } = client.options;
  const owner = await createClaim(new Client({ connection: client.connection, namespace }), id);
  if (owner !== id) throw new ForeignInstallation(address, namespace, owner, id);
}

/** Creates the claim unless there is one. Returns the id of its owner. */
async function createClaim(client: Client, id: string): Promise<string> {
  const neverStarted: SweepInput = { dryRun: true };
  try {
    await client.schedule.create({
      scheduleId: installationScheduleId,
      spec: {},
      action: {
        type: 'startWorkflow',
        workflowType: sweepWorkflowType,
        taskQueue: taskQueues.workflows,
        args: [neverStarted],
        workflowExecutionTimeout: '1 hour',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      state: { paused: true, note: 'Identifies the Moat installation that owns this namespace. It starts nothing.' },
      memo: { [memoKey]: id },
    });
    return id;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const { memo } = await client.schedule.getHandle(installationScheduleId).describe();
  const owner = memo?.[memoKey];
  return typeof owner === 'string' ? owner : 'unknown';
}
