import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { failWith } from '../../workflows/fakeArm.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'stuckmachine');
});
afterAll(() => moat.close());

const stuck = failWith('Stuck', 'setUp on the jumpbox: Running; not finished within 40 minutes of Azure’s time');
describe('A16 A run command that never ends', () => {
  test('A16 during the set-up: the virtual machine is replaced once, and the run ends ready', async () => {
    const arm = moat.arm('setup');
    arm.onNextCalls('observeJumpboxCommand setUp', stuck);
    await moat.create('setup');
    expect((await moat.untilState('setup', 'ready', 'failed')).failure).toBeNull();
    expect(arm.inputs('observeDeletion virtualMachine')).toHaveLength(1);
    expect(arm.inputs('ensureResource virtualMachine')).toMatchObject([{ readFirst: false }, { readFirst: true }]);
    expect(arm.inputs('beginJumpboxCommand setUp')).toMatchObject([
      { name: 'setUp-provision-1-1' },
      { name: 'setUp-provision-1-2' },
    ]);
  });

  test('A16 during the image build: the new virtual machine is set up before the build is repeated', async () => {
    const arm = moat.arm('build');
    arm.onNextCalls('observeJumpboxCommand buildImage', stuck);
    await moat.create('build');
    expect((await moat.untilState('build', 'ready', 'failed')).failure).toBeNull();
    const commands = arm.calls.filter(({ activity }) => activity === 'beginJumpboxCommand').map(({ label }) => label);
    expect(commands.slice(0, 4)).toEqual(
      ['setUp', 'buildImage', 'setUp', 'buildImage'].map((command) => `beginJumpboxCommand ${command}`),
    );
    expect(arm.inputs('observeDeletion virtualMachine')).toHaveLength(1);
  });

  test('A16 on the new virtual machine too: Stuck, with the command that redeploys it', async () => {
    const arm = moat.arm('twice');
    arm.onEveryCall('observeJumpboxCommand setUp', stuck);
    await moat.create('twice');
    const { failure } = await moat.untilState('twice', 'failed');
    expect(failure).toMatchObject({ step: 'jumpbox', type: 'Stuck' });
    expect(failure!.remedy).toMatch(/^az vm redeploy --ids \/subscriptions\/.*\/virtualMachines\/vm-\w+; then POST/);
    expect(arm.inputs('observeDeletion virtualMachine')).toHaveLength(1);
    expect(arm.called('observeDeletion buildInternetRule')).toBe(true);
  });

  test('A16 whose virtual machine cannot be deleted: Stuck, and the failure is the command’s', async () => {
    const arm = moat.arm('held');
    arm.onNextCalls('beginJumpboxCommand setUp', failWith('Stuck', 'Run command extension execution is in progress.'));
    arm.onEveryCall('deleteResource virtualMachine', failWith('Blocked', 'locked'));
    await moat.create('held');
    const { failure } = await moat.untilState('held', 'failed');
    expect(failure).toMatchObject({ step: 'jumpbox', type: 'Stuck' });
    expect(failure!.message).toContain('Run command extension execution is in progress.');
  });

  test('A command without results in the closed network names the rule that its agent may need', async () => {
    const arm = moat.arm('closed');
    arm.onNextCalls('observeJumpboxCommand verify', stuck);
    await moat.create('closed');
    const { failure } = await moat.untilState('closed', 'failed');
    expect(failure).toMatchObject({ step: 'verify', type: 'Stuck' });
    expect(failure!.remedy).toMatch(
      /az vm redeploy --ids .*; if results still do not arrive, az network nsg rule create/,
    );
    expect(failure!.remedy).toContain('AzureCloud.westus2 --destination-port-ranges 443');
    expect(arm.called('deleteResource virtualMachine')).toBe(false);
  });
});

describe('D09 A deployment that is never ready', () => {
  test('D09 is cancelled and torn down by DELETE while it is created', async () => {
    const arm = moat.arm('never');
    const message = 'online deployment blue: Creating, since 2026-11-27T05:00:00Z';
    arm.onEveryCall('observeResource deployment', failWith('InProgress', message, { retryable: true }));
    await moat.create('never');
    await moat.untilEnvironment('never', ({ steps }) =>
      steps.some(
        (step) => step.id === 'endpoint' && step.reason === 'WaitingOnAzure' && step.message?.startsWith(message),
      ),
    );
    await moat.environments.remove('never');
    await moat.untilState('never', 'deleted');
    expect(arm.group.exists).toBe(false);
  });
});

describe('The deployments’ managed connections', () => {
  test('that are not approved fail the endpoint step with the command that approves them', async () => {
    const arm = moat.arm('unapproved');
    const remedy = 'az network private-endpoint-connection approve --id /subscriptions/1/x';
    arm.onNextCalls('checkEgressConnections', failWith('NotYetConsistent', 'connection x is Pending', { remedy }));
    await moat.create('unapproved');
    expect((await moat.untilState('unapproved', 'failed')).failure).toMatchObject({ step: 'endpoint', remedy });
  });

  test('that are never released do not hold the teardown', async () => {
    const arm = await moat.createReady('released');
    arm.onEveryCall('observeEgressConnections', failWith('Stuck', '2 private endpoint connections remain'));
    await moat.environments.remove('released');
    const { receipt } = await moat.untilState('released', 'deleted');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
  });
});

test('The endpoint is created after the workspace’s private endpoint', async () => {
  const arm = moat.arm('order');
  await moat.create('order');
  await moat.untilState('order', 'ready');
  expect(arm.firstIndexOf('observeResource zoneGroup:workspace')).toBeLessThan(
    arm.firstIndexOf('ensureResource onlineEndpoint'),
  );
});
