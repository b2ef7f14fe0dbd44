import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { failWith } from './fakeArm.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'container-log');
});
afterAll(() => moat.close());

const range = { container: 'inference-server', tail: 50 } as const;
/** What the API asks Temporal to delete, which Temporal does in the background within half a minute. */
const deletions = () => vi.spyOn(moat.client.workflowService, 'deleteWorkflowExecution');

it('a log is read from the deployment of the environment, and its history is deleted', async () => {
  const arm = await moat.createReady('logged');
  arm.containerLog = 'Run function was found';
  const deleted = deletions();
  expect(await moat.environments.log('logged', range)).toBe('Run function was found');
  expect(arm.inputs('tailContainerLog')).toMatchObject([{ ...range, ref: { name: 'logged' } }]);
  const [request] = deleted.mock.calls[0]!;
  expect(request.workflowExecution?.workflowId).toMatch(/^environment-logged:log:/);
  await expect(deleted.mock.results[0]?.value).resolves.toBeDefined();
});

it('without a deployment the caller gets NoDeployment', async () => {
  const arm = await moat.createReady('empty');
  arm.containerLog = null;
  await expect(moat.environments.log('empty', range)).rejects.toMatchObject({ code: 'NoDeployment' });
});

it('what Azure refuses is LogFailed with the reason', async () => {
  const arm = await moat.createReady('forbidden');
  arm.onEveryCall('tailContainerLog', failWith('Forbidden', 'no permission to read the log'));
  await expect(moat.environments.log('forbidden', range)).rejects.toMatchObject({
    code: 'LogFailed',
    message: 'Forbidden: no permission to read the log',
  });
});
