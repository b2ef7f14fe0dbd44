import type { Lease } from '../../src/domain/environment.ts';
import { leaseTags } from '../../src/domain/lease.ts';
import type { WebhookEvent } from '../../src/domain/webhookEvent.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import { taskQueues } from '../../src/workflows/messages.ts';
import { holdCall } from '../workflows/fakeArm.ts';
import { hour } from '../workflows/fixtures.ts';
import type { Recorder } from './recorder.ts';

const utc = (fromNow: number): string => new Date(Date.now() + fromNow).toISOString();

/** An environment whose lease expired nine hours ago, marked or not. */
async function createExpired({ moat }: Recorder, name: string, marked: boolean): Promise<void> {
  const markedAt = marked ? utc(-8 * hour) : null;
  const lease: Lease = { expiresAt: utc(-9 * hour), protected: false, reason: null, markedAt };
  Object.assign(moat.arm(name).group.tags, leaseTags(lease));
  await moat.createReady(name, lease);
  await moat.untilState(name, 'expired');
}

/** Runs a sweep to its end and saves its history. Returns the sweep's id. */
async function recordSweep({ moat, save }: Recorder, ending: string, dryRun = false): Promise<string> {
  const { id } = await createSweeps(moat.client).start(dryRun, 'ops');
  await moat.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  await save(`sweepEnvironments-${ending}`, id);
  return id;
}

/** A sweep that marks one environment and tears down another. */
export async function recordExpiry(recorder: Recorder): Promise<void> {
  await createExpired(recorder, 'unmarked', false);
  await createExpired(recorder, 'marked', true);
  await recorder.saveEnvironment('expired', 'marked');
  await recordSweep(recorder, 'completed');
  await recorder.moat.untilState('marked', 'deleted');
  await recorder.saveEnvironment('deletedBySweep', 'marked');
}

/** A teardown by a sweep that stops because the environment is protected meanwhile. */
export async function recordRenewedDuringTeardown(recorder: Recorder): Promise<void> {
  const { moat, saveEnvironment, saveRun } = recorder;
  await createExpired(recorder, 'renewed', true);
  const { behaviour, reached, release } = holdCall();
  moat.arm('renewed').onNextCalls('deleteResource virtualMachine', behaviour);
  await createSweeps(moat.client).start(false, 'ops');
  await reached;
  await moat.environments.change('renewed', { protected: true, reason: 'needed' }, undefined);
  release();
  await moat.untilState('renewed', 'cancelled');
  await saveEnvironment('teardownAborted', 'renewed');
  await saveRun('leaseRenewed', 'renewed', 'teardown-1');
}

/** A sweep that recovers a sealed group without a workflow. */
export async function recordOrphan(recorder: Recorder): Promise<void> {
  const { moat, saveEnvironment } = recorder;
  const { group } = moat.arm('orphan');
  group.exists = true;
  Object.assign(group.tags, { owner: 'ana', state: 'ready', expiresAt: utc(hour) });
  await recordSweep(recorder, 'recovered');
  await moat.environments.remove('orphan');
  await moat.untilState('orphan', 'deleted');
  await saveEnvironment('recoveredBySweep', 'orphan');
}

/** Sweeps that tear nothing down: dry, failed, stopped, off; and an approved one. */
export async function recordSweepEndings(recorder: Recorder): Promise<void> {
  const { moat, settings, faults, save } = recorder;
  await recordSweep(recorder, 'dryRun', true);
  faults.listGroups = true;
  await recordSweep(recorder, 'failed');
  faults.listGroups = false;
  for (let i = 0; i < 12; i++) await createExpired(recorder, `due${i}`, true);
  const stopped = await recordSweep(recorder, 'stopped');
  const { id } = await createSweeps(moat.client).approve(stopped, 'ops');
  await moat.client.workflow.getHandle(id).result();
  await save('sweepEnvironments-approved', id);
  settings.mode = 'off';
  await recordSweep(recorder, 'off');
  settings.mode = 'on';
}

/** The delivery of one event to the webhook. */
export async function recordEventDelivery({ moat, save }: Recorder): Promise<void> {
  const event: WebhookEvent = {
    type: 'sweep.stopped',
    at: utc(0),
    environment: null,
    sweep: 'sweep-1',
    message: 'stopped',
  };
  const options = { workflowId: 'webhook-1', taskQueue: taskQueues.workflows };
  await moat.client.workflow.execute('deliverEvents', { ...options, args: [{ events: [{ id: '1', event }] }] });
  await save('deliverEvents-completed', options.workflowId);
}
