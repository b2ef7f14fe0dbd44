import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { proofOf } from '../../src/domain/proof.ts';
import type { ProofQueue } from '../../src/domain/proofRepetition.ts';
import { createReadyEnvironments } from '../../src/temporal/readyEnvironments.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { setUpVerifySchedule } from '../../src/temporal/verifySchedule.ts';
import { taskQueues, verifyEnvironmentsType, verifyScheduleId } from '../../src/workflows/messages.ts';
import type { RepetitionCounts, VerifyEnvironmentsInput } from '../../src/workflows/messages.ts';
import { holdCall } from './fakeArm.ts';
import { hour, refNamed, specOf, subscriptionId } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'repeat');
});
afterAll(() => moat.close());

const otherSubscription = '00000000-0000-4000-8000-000000000002';
const noCounts: RepetitionCounts = { ended: 0, refused: 0, unanswered: 0, notStarted: 0 };

/** A ready environment that was proved at a time in ms since the epoch. */
async function createProved(name: string, provedAt: number, subscription = subscriptionId) {
  moat.arm(name).group.exists = true;
  const spec = specOf(name);
  const proof = proofOf([], new Date(provedAt).toISOString());
  const record = { ...newRecord(spec, 'emulator', Date.now()), state: 'ready' as const, proof };
  const ref = { ...refNamed(name), subscriptionId: subscription };
  await startEnvironment(moat.client, {
    ref,
    spec,
    specHash: specHash(spec),
    target: 'emulator',
    record,
    request: 'none',
  });
  await moat.untilState(name, 'ready');
  return moat.arm(name);
}

const queue = (subscription: string, ...names: string[]): ProofQueue => ({
  subscriptionId: subscription,
  names,
  nextAt: 0,
  spacingMs: 0,
});

const start = (queues: ProofQueue[], { endsAt = Date.now() + hour, ...input }: Partial<VerifyEnvironmentsInput> = {}) =>
  moat.client.workflow.start<(given: VerifyEnvironmentsInput) => Promise<RepetitionCounts>>(verifyEnvironmentsType, {
    taskQueue: taskQueues.workflows,
    workflowId: `repeat-${randomUUID()}`,
    args: [{ ...input, intervalMs: 24 * hour, state: { endsAt, queues, counts: noCounts } }],
  });

const schedule = () => moat.client.schedule.getHandle(verifyScheduleId);
const verifyRunOf = async (name: string) => (await moat.environments.runs(name)).find(({ kind }) => kind === 'verify')!;

describe('a repetition of proofs', () => {
  it('proves one environment at a time in each subscription, and the subscriptions in parallel', async () => {
    const held = new Map(['a1', 'b1'].map((name) => [name, holdCall()]));
    for (const name of ['a1', 'a2']) await createProved(name, 0);
    for (const name of ['b1', 'b2']) await createProved(name, 0, otherSubscription);
    for (const [name, { behaviour }] of held) moat.arm(name).onNextCalls('proveOutside', behaviour);
    const repetition = await start([queue(subscriptionId, 'a1', 'a2'), queue(otherSubscription, 'b1', 'b2')]);
    await Promise.all([...held.values()].map(({ reached }) => reached));
    for (const { release } of held.values()) release();
    expect(await repetition.result()).toEqual({ ...noCounts, ended: 4 });
    for (const [first, second] of [
      ['a1', 'a2'],
      ['b1', 'b2'],
    ] as const) {
      const runs = [await verifyRunOf(first), await verifyRunOf(second)];
      expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
      expect(runs[1]!.startedAt >= runs[0]!.finishedAt!).toBe(true);
    }
  });

  it('skips an environment that is busy or gone, and keeps its place when it continues as new', async () => {
    const { behaviour, reached, release } = holdCall();
    (await createProved('busy', 0)).onNextCalls('proveOutside', behaviour);
    await createProved('idle', 0);
    await moat.environments.verify('busy');
    await reached;
    const repetition = await start([queue(subscriptionId, 'nobody', 'busy', 'idle')], { proofsPerExecution: 1 });
    expect(await repetition.result()).toEqual({ ...noCounts, refused: 2, ended: 1 });
    const { workflowId, firstExecutionRunId } = repetition;
    const last = await moat.client.workflow.getHandle(workflowId).describe();
    expect(last.runId).not.toBe(firstExecutionRunId);
    release();
    await moat.untilRunEnded('busy', 'verify-1');
    expect((await moat.environments.runs('busy')).length).toBe(1);
    expect(await verifyRunOf('idle')).toMatchObject({ outcome: 'succeeded' });
  });

  it('ends before the next one is due, whatever is in progress then', async () => {
    const { behaviour, reached, release } = holdCall();
    (await createProved('slow', 0)).onNextCalls('proveOutside', behaviour);
    const repetition = await start([queue(subscriptionId, 'slow', 'later')], { endsAt: Date.now() + 1_500 });
    expect(await repetition.result()).toEqual({ ...noCounts, unanswered: 1, notStarted: 1 });
    await reached;
    release();
    await moat.untilRunEnded('slow', 'verify-1');
  });
});

describe('the schedule', () => {
  // one that is far from its next time, whenever this test runs
  const intervalMs = 10_000 * 24 * hour;
  const runningQuery = `WorkflowType = '${verifyEnvironmentsType}' AND ExecutionStatus = 'Running'`;
  async function runningId(): Promise<string | undefined> {
    for await (const { workflowId } of moat.client.workflow.list({ query: runningQuery })) return workflowId;
    return undefined;
  }

  it('proves the ready environments whose proof is old; another interval, or none, cancels what is in progress', async () => {
    const { behaviour, reached, release } = holdCall();
    const old = await createProved('old', Date.now() - intervalMs);
    old.onNextCalls('proveOutside', behaviour);
    await createProved('recent', Date.now());
    const ready = createReadyEnvironments(moat.client);
    const listed = await until('both are listed', async () => {
      const found = (await ready.list()).filter(({ name }) => name === 'old' || name === 'recent');
      return found.length === 2 && found;
    });
    expect(listed.map(({ subscriptionId: subscription }) => subscription)).toEqual([subscriptionId, subscriptionId]);
    await setUpVerifySchedule(moat.client, intervalMs);
    await schedule().trigger();
    await reached;
    await setUpVerifySchedule(moat.client, intervalMs);
    const workflowId = await until('the repetition is listed', runningId);
    const handle = moat.client.workflow.getHandle(workflowId);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await setUpVerifySchedule(moat.client, intervalMs / 2);
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    release();
    await moat.untilRunEnded('old', 'verify-1');
    expect(await moat.environments.runs('recent')).toEqual([]);
  });

  it('is updated, stays paused when it was paused, and is deleted where proofs are not repeated', async () => {
    await setUpVerifySchedule(moat.client, 6 * hour);
    await schedule().pause('not today');
    await setUpVerifySchedule(moat.client, 12 * hour);
    const { spec, action, policies, state } = await schedule().describe();
    expect(spec.intervals).toMatchObject([{ every: 12 * hour }]);
    expect(action).toMatchObject({ args: [{ intervalMs: 12 * hour }] });
    expect([policies.overlap, state.paused, state.note]).toEqual(['SKIP', true, 'not today']);
    for (let i = 0; i < 2; i++) await setUpVerifySchedule(moat.client, null);
    await expect(schedule().describe()).rejects.toThrow();
  });
});
