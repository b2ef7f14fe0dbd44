import { environmentWorkflowId, verifySignal } from '../../src/workflows/messages.ts';
import { failWith, inProgress } from '../workflows/fakeArm.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import type { Recorder } from './recorder.ts';

const requestProof = (moat: WorkflowHarness, name: string): Promise<void> =>
  moat.client.workflow.getHandle(environmentWorkflowId(name)).signal(verifySignal, { requestId: 'request-1' });

/** Provisioning that is retried and succeeds, scores and proofs that succeed and fail, and a teardown. */
export async function recordSuccess({ moat, saveEnvironment, saveRun }: Recorder): Promise<void> {
  const name = 'success';
  const arm = moat.arm(name);
  arm.onNextCalls('observeResource registry', failWith('Transient', 'Service Unavailable', { retry: true }));
  await moat.create(name);
  await moat.untilState(name, 'ready');
  await saveRun('completed', name, 'provision-1');
  await moat.environments.score(name, { data: [[1]] }, undefined);
  arm.onNextCalls('observeJumpboxCommand score', failWith('AnswerTooLarge', 'too large'));
  await moat.environments.score(name, { data: [[2]] }, undefined).catch(() => undefined);
  await saveRun('completed', name, 'score-1');
  await saveRun('failed', name, 'score-2');
  for (const [run, ending, address] of [
    ['verify-1', 'completed', '192.168.0.9'],
    ['verify-2', 'failed', '20.1.2.3'],
  ] as const) {
    arm.commandResults.verify.rows[0]!.addresses = [address];
    await requestProof(moat, name);
    await moat.untilRunEnded(name, run);
    await saveRun(ending, name, run);
  }
  await saveEnvironment('ready', name);
  await moat.environments.remove(name);
  await moat.untilState(name, 'deleted');
  await saveEnvironment('deleted', name);
  await saveRun('completed', name, 'teardown-1');
}

/** A proof that is cancelled, and a score that a DELETE cancels. */
export async function recordCancelledRuns({ moat, saveRun }: Recorder): Promise<void> {
  const name = 'interrupted';
  const arm = await moat.createReady(name);
  arm.onEveryCall('observeJumpboxCommand verify', inProgress);
  arm.onEveryCall('observeJumpboxCommand score', inProgress);
  await requestProof(moat, name);
  await moat.untilEnvironment(name, () => arm.called('observeJumpboxCommand verify'));
  await moat.environments.cancel(name, { teardown: false });
  await moat.untilRunEnded(name, 'verify-1');
  await saveRun('cancelled', name, 'verify-1');
  const score = moat.environments.score(name, { data: [[1]] }, undefined).catch(() => undefined);
  await moat.untilEnvironment(name, () => arm.called('observeJumpboxCommand score'));
  await moat.environments.remove(name);
  await score;
  await moat.untilState(name, 'deleted');
  await saveRun('cancelled', name, 'score-1');
}

/** Provisioning that fails, is repeated and cancelled; then a teardown that is blocked, and completes once the blocker is gone. */
export async function recordFailures({ moat, saveEnvironment, saveRun }: Recorder): Promise<void> {
  const name = 'failures';
  const arm = moat.arm(name);
  arm.onNextCalls('observeResource deployment', failWith('Quota', 'no cores left', { remedy: 'Request more quota.' }));
  await moat.create(name);
  await moat.untilState(name, 'failed');
  await saveEnvironment('failed', name);
  await saveRun('failed', name, 'provision-1');

  arm.onEveryCall('observeResource deployment', inProgress);
  await moat.create(name);
  await moat.untilEnvironment(name, () => arm.inputs('observeResource deployment').length > 1);
  await moat.environments.cancel(name, { teardown: false });
  await moat.untilState(name, 'cancelled');
  await saveEnvironment('cancelled', name);
  await saveRun('cancelled', name, 'provision-2');

  arm.onEveryCall('deleteResource registry', failWith('Blocked', 'a lock', { code: 'ScopeLocked' }));
  await moat.environments.remove(name);
  await moat.untilState(name, 'blocked');
  await saveEnvironment('blocked', name);
  await saveRun('blocked', name, 'teardown-1');

  arm.onEveryCall('deleteResource registry', undefined);
  await moat.environments.remove(name);
  await moat.untilState(name, 'deleted');
  await saveEnvironment('deletedAfterBlocked', name);
}

/** A preflight that finds an error, and a failed run with `onFailure: teardown`. */
export async function recordTeardownOnFailure({ moat, saveEnvironment, saveRun }: Recorder): Promise<void> {
  moat.arm('preflight').preflightFindings = [
    { rule: 'PF-41', severity: 'blocks', message: 'The name is taken.', remedy: 'Choose another suffix.', source: '' },
  ];
  await moat.create('preflight');
  await moat.untilState('preflight', 'failed');
  await saveRun('preflightFailed', 'preflight', 'provision-1');

  const name = 'teardownonfailure';
  moat.arm(name).onNextCalls('observeResource deployment', failWith('Quota', 'no cores left'));
  await moat.create(name, { onFailure: 'teardown' });
  await moat.untilState(name, 'deleted');
  await saveEnvironment('tornDownOnFailure', name);
}

/** Build-time Internet rules that a lock keeps, and that a later run removes; then a cancellation with teardown. */
export async function recordInternetRules({ moat, saveEnvironment, saveRun }: Recorder): Promise<void> {
  const name = 'internetrule';
  const arm = moat.arm(name);
  const imageBuilds = () => arm.inputs('observeJumpboxCommand buildImage').length;
  arm.onEveryCall('observeJumpboxCommand buildImage', inProgress);
  arm.onEveryCall('deleteResource buildInternetRule', failWith('Blocked', 'a lock', { code: 'ScopeLocked' }));
  await moat.create(name);
  await moat.untilEnvironment(name, () => imageBuilds() > 0);
  await moat.environments.cancel(name, { teardown: false });
  await moat.untilState(name, 'failed');
  await saveRun('internetRuleBlocked', name, 'provision-1');

  arm.onEveryCall('deleteResource buildInternetRule', undefined);
  arm.onNextCalls('ensureGroup', failWith('Forbidden', 'not allowed to tag'));
  await moat.create(name);
  await moat.untilState(name, 'failed');
  await saveRun('earlierInternetRuleRemoved', name, 'provision-2');

  const before = imageBuilds();
  await moat.create(name);
  await moat.untilEnvironment(name, () => imageBuilds() > before);
  await moat.environments.cancel(name, { teardown: true });
  await moat.untilState(name, 'deleted');
  await saveEnvironment('cancelledWithTeardown', name);
}

/** A DELETE while the image is being built. */
export async function recordDeletedWhileProvisioning({ moat, saveEnvironment }: Recorder): Promise<void> {
  const name = 'deletedearly';
  const arm = moat.arm(name);
  arm.onEveryCall('observeJumpboxCommand buildImage', inProgress);
  await moat.create(name);
  await moat.untilEnvironment(name, () => arm.called('observeJumpboxCommand buildImage'));
  await moat.environments.remove(name);
  await moat.untilState(name, 'deleted');
  await saveEnvironment('deletedWhileProvisioning', name);
}
