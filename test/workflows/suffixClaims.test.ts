import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { environmentMemoKey, suffixClaimId, suffixClaimWorkflowType } from '../../src/workflows/messages.ts';
import { countingConnection } from '../temporal/callCounts.ts';
import { refNamed, specOf, subscriptionId, withRequests } from './fixtures.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'suffixclaims');
});
afterAll(() => moat.close());

const claimOn = async (suffix: string) => {
  const { status, memo, runId } = await moat.client.workflow
    .getHandle(suffixClaimId(subscriptionId, suffix))
    .describe();
  return { status: status.name, holder: memo?.[environmentMemoKey], runId };
};
const freedAt = (name: string) =>
  (moat.arm(name).inputs('preflight') as { namesFreedAt?: string }[]).map(({ namesFreedAt }) => namesFreedAt);

it('a suffix in use by another live environment is refused', async () => {
  const suffix = 'k3x9a0q7';
  const names = ['suffix1', 'suffix2', 'suffix3', 'suffix4'];
  const outcomes = await Promise.all(
    names.map((name) =>
      moat.create(name, { suffix }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      ),
    ),
  );
  expect(outcomes.toSorted()).toEqual(['SuffixInUse', 'SuffixInUse', 'SuffixInUse', 'accepted']);
  const winner = names[outcomes.indexOf('accepted')]!;
  await moat.untilState(winner, 'ready', 'failed');
  await moat.environments.remove(winner);
  await moat.untilState(winner, 'deleted');
  await until('the suffix is free', async () =>
    moat
      .create(
        names.find((name) => name !== winner)!,
        { suffix },
      )
      .then(
        () => true,
        () => false,
      ),
  );
});

it('a new environment with a default suffix is started by one call to Temporal', async () => {
  const { connection, counts } = countingConnection(inject('temporal').address);
  onTestFinished(() => connection.close());
  const client = new Client({ connection, namespace: moat.client.options.namespace });
  await client.workflow.count('WorkflowId = "connects"');
  const environments = withRequests(
    createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null }),
  );
  counts.reset();
  const { environment } = await environments.create(specOf('onecall'));
  expect([counts.total(), counts.started('StartWorkflowExecution')]).toEqual([1, 1]);
  expect(environment).toMatchObject({ state: 'provisioning', name: 'onecall' });
  await moat.untilState('onecall', 'ready');
  expect(await claimOn(refNamed('onecall').suffix)).toMatchObject({ status: 'RUNNING', holder: 'onecall' });
});

describe('a default suffix that another environment has chosen', () => {
  it('fails the run before anything is created, and stays with its holder when the other is deleted', async () => {
    const { suffix } = refNamed('collides');
    await moat.create('holder', { suffix });
    await moat.untilState('holder', 'ready');
    await moat.create('collides');
    const failed = await moat.untilState('collides', 'failed');
    expect(failed.failure).toMatchObject({ type: 'NameTaken', code: 'SuffixInUse' });
    expect(failed.failure!.message).toContain('holder');
    expect(failed.failure!.remedy).toContain('"suffix"');
    expect(moat.arm('collides').group.exists).toBe(false);
    await moat.environments.remove('collides');
    await moat.untilState('collides', 'deleted');
    expect(await claimOn(suffix)).toMatchObject({ status: 'RUNNING', holder: 'holder' });

    await moat.environments.remove('holder');
    await moat.untilState('holder', 'deleted');
    await moat.create('collides');
    await moat.untilState('collides', 'ready');
    expect(await claimOn(suffix)).toMatchObject({ status: 'RUNNING', holder: 'collides' });
    expect(freedAt('collides')).toEqual([expect.any(String)]);
  });

  it('is free for the failed environment once the holder is deleted', async () => {
    const { suffix } = refNamed('waits');
    await moat.create('earlier', { suffix });
    await moat.untilState('earlier', 'ready');
    await moat.create('waits');
    await moat.untilState('waits', 'failed');
    await moat.environments.remove('earlier');
    await moat.untilState('earlier', 'deleted');
    await moat.create('waits');
    await moat.untilState('waits', 'ready');
  });
});

it('T10 an environment whose POST had claimed the suffix before it was interrupted keeps that claim', async () => {
  const { suffix } = refNamed('interrupted');
  const { firstExecutionRunId } = await moat.client.workflow.start(suffixClaimWorkflowType, {
    workflowId: suffixClaimId(subscriptionId, suffix),
    taskQueue: 'without-worker',
    memo: { [environmentMemoKey]: 'interrupted' },
  });
  await moat.create('interrupted');
  await moat.untilState('interrupted', 'ready');
  expect(await claimOn(suffix)).toMatchObject({ status: 'RUNNING', runId: firstExecutionRunId });
});

it('T10 a released suffix is claimed by the next environment, which knows that its names were just freed', async () => {
  const { suffix } = refNamed('quick');
  const released = await moat.client.workflow.start(suffixClaimWorkflowType, {
    workflowId: suffixClaimId(subscriptionId, suffix),
    taskQueue: 'without-worker',
    memo: { [environmentMemoKey]: 'quick' },
  });
  await released.terminate();
  await moat.create('quick');
  await moat.untilState('quick', 'ready');
  const claim = await claimOn(suffix);
  expect([claim.status, claim.runId === released.firstExecutionRunId]).toEqual(['RUNNING', false]);
  expect(freedAt('quick')).toEqual([expect.any(String)]);
});
