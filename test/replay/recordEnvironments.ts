import { leaseTags } from '../../src/domain/lease.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { failWith, holdCall } from '../workflows/fakeArm.ts';
import { specOf } from '../workflows/fixtures.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import type { Recorder } from './recorder.ts';

/** A protected environment whose run fails is kept although its spec says `onFailure: teardown`. */
export async function recordProtectedFailure({ moat, saveEnvironment }: Recorder): Promise<void> {
  const name = 'protected';
  const arm = moat.arm(name);
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('ensureResource registry', behaviour);
  arm.onEveryCall('observeResource deployment', failWith('Quota', 'no cores left'));
  await moat.create(name, { onFailure: 'teardown' });
  await reached;
  await moat.environments.change(name, { protected: true, reason: 'demo' }, undefined);
  release();
  await moat.untilState(name, 'failed');
  await saveEnvironment('protectedFailure', name);
}

/** A lease that is renewed by PATCH, and one that expires and is renewed by POST. */
export async function recordLeaseRenewals({ moat, saveEnvironment }: Recorder): Promise<void> {
  const name = 'renewedlease';
  await moat.createReady(name, { expiresAt: new Date(Date.now() + 1_000).toISOString() });
  await moat.untilState(name, 'expired');
  await moat.create(name);
  await moat.environments.change(name, { ttl: '4h' }, undefined);
  await moat.untilState(name, 'ready');
  await saveEnvironment('renewed', name);
}

/** An environment with tags whose workflow was terminated. */
async function terminate(moat: WorkflowHarness, name: string): Promise<void> {
  const arm = await moat.createReady(name);
  const { lease } = await moat.environments.get(name);
  arm.group.tags = {
    environment: name,
    state: 'ready',
    spec: specHash(specOf(name)),
    owner: 'ana@example.com',
    ...leaseTags(lease),
  };
  await moat.client.workflow.getHandle(environmentWorkflowId(name)).terminate('by an administrator');
}

/** Environments whose workflow was lost: recovered by DELETE and by POST. */
export async function recordRecoveries({ moat, saveEnvironment }: Recorder): Promise<void> {
  await terminate(moat, 'lostdeleted');
  await moat.environments.remove('lostdeleted');
  await moat.untilState('lostdeleted', 'deleted');
  await saveEnvironment('recoveredByDelete', 'lostdeleted');

  await terminate(moat, 'lostposted');
  await moat.create('lostposted');
  await moat.untilState('lostposted', 'ready');
  await saveEnvironment('recoveredByPost', 'lostposted');
}

/** Continues as new when the server suggests it, and is deleted by the next execution. */
export async function recordContinueAsNew({ moat, save, saveEnvironment }: Recorder): Promise<void> {
  const name = 'longlived';
  const handle = moat.client.workflow.getHandle(environmentWorkflowId(name));
  await moat.create(name);
  await moat.untilState(name, 'ready');
  const { runId } = await handle.describe();
  while ((await handle.describe()).runId === runId) await moat.environments.score(name, { data: [[1]] }, undefined);
  await save('environment-continuedAsNew', environmentWorkflowId(name), runId);
  await moat.environments.remove(name);
  await moat.untilState(name, 'deleted');
  await saveEnvironment('deletedAfterContinueAsNew', name);
}
