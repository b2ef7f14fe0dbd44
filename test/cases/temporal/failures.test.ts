import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureCause } from '../../../src/domain/failures.ts';
import { plannedResource } from '../../../src/domain/resources.ts';
import { refNamed } from '../../workflows/fixtures.ts';
import { failWith } from '../../workflows/fakeArm.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'failurecases');
});
afterAll(() => moat.close());

const traceback = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'lib'";
const unhealthy = failWith('DeploymentUnhealthy', 'User container has crashed', {
  code: 'BadArgument',
  remedy: 'get-logs --endpoint-name <endpoint>',
});

test('D02 a crashed container’s failure has its last log lines, in the environment and in its run', async () => {
  const arm = moat.arm('crashed');
  arm.containerLog = traceback;
  arm.onNextCalls('observeResource deployment', unhealthy);
  await moat.create('crashed');
  const { failure } = await moat.untilState('crashed', 'failed');
  expect(failure).toMatchObject({ step: 'endpoint', type: 'DeploymentUnhealthy', code: 'BadArgument', log: traceback });
  expect(failure!.remedy).toMatch(/^get-logs --endpoint-name crashed-/);
  expect((await moat.environments.runs('crashed'))[0]!.failure!.log).toBe(traceback);
  expect(arm.inputs('observeResource deployment')).toHaveLength(1);
});

test('D09 a deployment that never ends is Stuck, with the log of its container', async () => {
  const arm = moat.arm('neverends');
  arm.containerLog = 'loading the model';
  arm.onNextCalls('observeResource deployment', failWith('Stuck', 'Updating; not finished within 60 minutes'));
  await moat.create('neverends');
  const { failure } = await moat.untilState('neverends', 'failed');
  expect(failure).toMatchObject({ type: 'Stuck', log: 'loading the model' });
});

test('D03 a log that cannot be read does not mask the failure', async () => {
  const arm = moat.arm('nolog');
  arm.onNextCalls('observeResource deployment', unhealthy);
  arm.onEveryCall('readContainerLog', failWith('Forbidden', 'no permission'));
  await moat.create('nolog');
  const { failure } = await moat.untilState('nolog', 'failed');
  expect(failure).toMatchObject({ type: 'DeploymentUnhealthy', message: 'User container has crashed', log: null });
});

test('D01 no log is read for a deployment that was refused', async () => {
  const arm = moat.arm('nocontainer');
  arm.onNextCalls('ensureResource deployment', failWith('Quota', 'Not enough quota available'));
  await moat.create('nocontainer');
  await moat.untilState('nocontainer', 'failed');
  expect(arm.called('readContainerLog')).toBe(false);
});

/** The failure of an operation that blames other resources. */
const blamed = (code: string, causes: FailureCause[], retry?: object) => () => {
  const detail = {
    type: 'Blocked',
    code,
    message: 'Deletion of the group failed',
    remedy: 'az resource delete',
    causes,
  };
  throw ApplicationFailure.create({
    message: detail.message,
    type: code === 'Busy' ? 'Busy' : 'Blocked',
    nonRetryable: true,
    details: retry ? [detail, retry] : [detail],
  });
};
const bot = (name: string) =>
  `/subscriptions/s/resourceGroups/rg-moat-${name}/providers/Microsoft.HealthBot/healthBots/Y`;

test('T01 the blocker is the resource that ARM names inside the error, with the inner code and message', async () => {
  const name = 'blockedgroup';
  const arm = await moat.createReady(name);
  const cause = { resource: bot(name), code: 'InUse', message: 'the bot is in use' };
  arm.onEveryCall('observeGroupDeletion', blamed('ResourceGroupDeletionBlocked', [cause]));
  await moat.environments.remove(name);
  const { receipt } = await moat.untilState(name, 'blocked');
  expect(receipt).toMatchObject({
    blockers: [
      { resource: bot(name), reason: 'InUse: the bot is in use', command: `az resource delete --ids ${bot(name)}` },
    ],
  });
});

test('T01 a resource that is not in a terminal state is awaited: the group is deleted again', async () => {
  const name = 'notterminal';
  const arm = await moat.createReady(name);
  const cause = { resource: bot(name), code: '400', message: 'Resource not in terminal state' };
  const hint = { retry: true, afterMs: 1, blockedByOperation: true };
  arm.onNextCalls('observeGroupDeletion', ...Array.from({ length: 7 }, () => blamed('Busy', [cause], hint)));
  await moat.environments.remove(name);
  const { receipt } = await moat.untilState(name, 'deleted', 'blocked');
  expect(receipt).toMatchObject({ remaining: [], blockers: [] });
});

test('T01 a lock inside the error is a lock blocker, with the command that deletes the lock', async () => {
  const name = 'lockinside';
  const arm = await moat.createReady(name);
  const lock = `${bot(name)}/providers/Microsoft.Authorization/locks/keep`;
  arm.locks.push({ id: lock, level: 'CanNotDelete', scope: plannedResource(refNamed(name), 'workspace').id });
  arm.onEveryCall(
    'observeGroupDeletion',
    blamed('ScopeLocked', [{ resource: bot(name), code: 'ScopeLocked', message: 'locked' }]),
  );
  await moat.environments.remove(name);
  const { receipt } = await moat.untilState(name, 'blocked');
  expect(receipt).toMatchObject({ blockers: [{ command: `az lock delete --ids ${lock}` }] });
});

test('T03 a link that is still there in the next teardown needs a support request, not the same command', async () => {
  const name = 'linkremains';
  const arm = await moat.createReady(name);
  const link = `${plannedResource(refNamed(name), 'virtualNetwork').id}/subnets/snet-scoring/serviceAssociationLinks/AppServiceLink`;
  arm.onEveryCall(
    'deleteResource virtualNetwork',
    failWith('Blocked', `Subnet is in use by ${link}`, { code: 'InUse' }),
  );
  await moat.environments.remove(name);
  const first = await moat.untilState(name, 'blocked');
  expect(first.receipt).toMatchObject({
    blockers: [{ command: `az resource delete --ids ${link} --api-version 2018-10-01` }],
  });
  await moat.environments.remove(name);
  await moat.untilRunEnded(name, 'teardown-2');
  const { receipt } = await moat.untilState(name, 'blocked');
  expect(receipt).toMatchObject({
    blockers: [
      { reason: expect.stringContaining('still there'), command: expect.stringMatching(`support request .*${link}$`) },
    ],
  });
});
