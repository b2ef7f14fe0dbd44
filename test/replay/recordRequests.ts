import { specHash } from '../../src/temporal/specHash.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import {
  planWorkflowId,
  planWorkflowType,
  tailLogWorkflowId,
  tailLogWorkflowType,
  taskQueues,
} from '../../src/workflows/messages.ts';
import type { PlanInput, TailLogInput } from '../../src/workflows/messages.ts';
import { failWith } from '../workflows/fakeArm.ts';
import { specOf, subscriptionId } from '../workflows/fixtures.ts';
import type { Recorder } from './recorder.ts';

/** The workflows that exist for one request: the API deletes their histories, so they are started here. */
export async function recordRequests({ moat, save }: Recorder): Promise<void> {
  const run = async (
    type: string,
    workflowId: string,
    input: PlanInput | TailLogInput,
    name: string,
  ): Promise<void> => {
    const start = { taskQueue: taskQueues.workflows, workflowId, args: [input] };
    await moat.client.workflow.execute(type, start).catch(() => undefined);
    await save(name, workflowId);
  };
  const arm = await moat.createReady('requested');
  const spec = specOf('requested');
  const ref = environmentRefOf(subscriptionId, spec);
  const plan: PlanInput = { ref, spec, specHash: specHash(spec) };
  const log: TailLogInput = { ref, container: 'inference-server', tail: 50 };
  await run(planWorkflowType, planWorkflowId('requested', '1'), plan, 'plan-completed');
  await run(tailLogWorkflowType, tailLogWorkflowId('requested', '1'), log, 'tailLog-completed');
  arm.onEveryCall('preflight', failWith('Forbidden', 'no permission to read'));
  arm.onEveryCall('tailContainerLog', failWith('Forbidden', 'no permission to read the log'));
  await run(planWorkflowType, planWorkflowId('requested', '2'), plan, 'plan-failed');
  await run(tailLogWorkflowType, tailLogWorkflowId('requested', '2'), log, 'tailLog-failed');
}
