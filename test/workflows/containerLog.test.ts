import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { localCaller } from '../../src/domain/roles.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { failWith } from './fakeArm.ts';
import { specOf, subscriptionId } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
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

it('without a worker the caller gets Unavailable at once, and nothing is started', async () => {
  const namespace = await ownNamespace(inject('temporal').address, 'log-without-worker');
  const client = new Client({ connection: moat.client.connection, namespace });
  await until('the namespace is ready', () => setUpNamespace(client).then(() => true));
  const start = vi.spyOn(client.workflow, 'start');
  const environments = createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null });
  await environments.as(localCaller).create(specOf('unserved'));
  start.mockClear();
  await expect(environments.log('unserved', range)).rejects.toMatchObject({
    code: 'Unavailable',
    message: 'No worker is running.',
  });
  expect(start).not.toHaveBeenCalled();
  await expect(environments.log('unknown', range)).rejects.toMatchObject({ code: 'NotFound' });
});
