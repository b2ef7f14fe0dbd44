import { environmentWorkflowId, taskQueues, verifyEnvironmentsType } from '../../src/workflows/messages.ts';
import type { RepetitionCounts, VerifyEnvironmentsInput } from '../../src/workflows/messages.ts';
import { hour, subscriptionId } from '../workflows/fixtures.ts';
import type { Recorder } from './recorder.ts';

const counts: RepetitionCounts = { ended: 0, refused: 0, unanswered: 0, notStarted: 0 };

/** A repetition that proves two environments and meets one that is gone, continuing as new in between; and one that starts too late. */
export async function recordRepetitions({ moat, save, saveEnvironment }: Recorder): Promise<void> {
  async function run(workflowId: string, input: Omit<VerifyEnvironmentsInput, 'intervalMs'>): Promise<string> {
    const args = [{ intervalMs: 24 * hour, ...input }];
    const start = { taskQueue: taskQueues.workflows, workflowId, args };
    const handle = await moat.client.workflow.start(verifyEnvironmentsType, start);
    await handle.result();
    return handle.firstExecutionRunId;
  }
  const names = ['repeated1', 'gone', 'repeated2'];
  for (const name of ['repeated1', 'repeated2']) await moat.createReady(name);
  const queues = [{ subscriptionId, names, nextAt: Date.now() + 1000, spacingMs: 1000 }];
  const state = { endsAt: Date.now() + hour, queues, counts };
  const firstRunId = await run('repetition', { proofsPerExecution: 2, state });
  await save('verifyEnvironments-continuedAsNew', 'repetition', firstRunId);
  await save('verifyEnvironments-completed', 'repetition');
  await saveEnvironment('provedBySchedule', 'repeated1');
  await run('lateRepetition', { endsAt: Date.now() });
  await save('verifyEnvironments-tooLate', 'lateRepetition');
  for (const name of ['repeated1', 'repeated2'])
    await moat.client.workflow.getHandle(environmentWorkflowId(name)).terminate('recorded');
}
