import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import { failWith, holdCall, inProgress } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'score');
});
afterAll(() => moat.close());

const request = { data: [[1, 2, 3]] };
const score = (name: string, key?: string) => moat.environments.score(name, request, key);

describe('scoring a request', () => {
  it('returns the endpoint’s response, in its own run', async () => {
    const arm = await moat.createReady('scored');
    arm.commandResults.score = { status: 200, body: [42], latencyMs: 7 };
    expect(await score('scored')).toEqual({ status: 200, body: [42], latencyMs: 7 });
    expect(arm.inputs('beginJumpboxCommand score')).toMatchObject([{ request, name: 'score-score-1-1' }]);
    expect(await moat.environments.runs('scored')).toMatchObject([
      { id: 'score-1', kind: 'score', outcome: 'succeeded', receipt: { status: 200, body: [42] } },
    ]);
    const child = await moat.client.workflow.getHandle(runWorkflowId('scored', 'score-1')).describe();
    expect([child.workflowId, child.type]).toEqual(['environment-scored:score:1', 'score']);
    expect(await moat.environments.get('scored')).toMatchObject({ state: 'ready', run: null });
  });

  it('returns an error status of the endpoint unchanged', async () => {
    const arm = await moat.createReady('badrequest');
    arm.commandResults.score = { status: 400, body: { error: 'no such column' }, latencyMs: 2 };
    expect(await score('badrequest')).toMatchObject({ status: 400 });
  });

  it('S09 waits for another score, and both end well', async () => {
    const arm = await moat.createReady('busy');
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('observeJumpboxCommand score', behaviour);
    const first = score('busy');
    await reached;
    const second = score('busy', 'another-key');
    const third = score('busy');
    release();
    expect(await Promise.all([first, second, third])).toMatchObject([
      { status: 200 },
      { status: 200 },
      { status: 200 },
    ]);
    expect((await moat.environments.runs('busy')).map(({ outcome }) => outcome)).toEqual(Array(3).fill('succeeded'));
  });

  it('that waits for another one is refused when the environment is deleted first', async () => {
    const arm = await moat.createReady('lostturn');
    arm.onEveryCall('observeJumpboxCommand score', inProgress);
    const first = expect(score('lostturn')).rejects.toMatchObject({ code: 'Cancelled' });
    await moat.untilEnvironment('lostturn', () => arm.called('observeJumpboxCommand score'));
    const second = expect(score('lostturn')).rejects.toMatchObject({ code: 'NotReady' });
    await moat.environments.remove('lostturn');
    await Promise.all([first, second]);
    await moat.untilState('lostturn', 'deleted');
  });

  it('is refused unless the environment is ready', async () => {
    const arm = moat.arm('unready');
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('preflight', behaviour);
    await moat.create('unready');
    await reached;
    await expect(score('unready')).rejects.toMatchObject({ code: 'NotReady' });
    await expect(score('unready', 'key')).rejects.toMatchObject({ code: 'NotReady' });
    release();
    await moat.untilState('unready', 'ready');
  });

  it('repeated with the same idempotency key is one run with one result', async () => {
    await moat.createReady('repeated');
    const results = await Promise.all([score('repeated', 'key-1'), score('repeated', 'key-1')]);
    expect(results[0]).toEqual(results[1]);
    expect(await score('repeated', 'key-1')).toEqual(results[0]);
    expect(await moat.environments.runs('repeated')).toHaveLength(1);
  });

  it('fails with AnswerTooLarge, and the environment stays ready', async () => {
    const arm = await moat.createReady('toolarge');
    arm.onNextCalls('observeJumpboxCommand score', failWith('AnswerTooLarge', 'the answer has 9,000 bytes'));
    await expect(score('toolarge')).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    expect(await moat.environments.get('toolarge')).toMatchObject({ state: 'ready', run: null, failure: null });
    expect(await moat.environments.runs('toolarge')).toMatchObject([
      { outcome: 'failed', failure: { step: 'score', type: 'AnswerTooLarge' } },
    ]);
    expect(await score('toolarge')).toMatchObject({ status: 200 });
  });

  it('succeeds although a lock prevents the deletion of its run command', async () => {
    const arm = await moat.createReady('lockedvm');
    arm.onEveryCall('deleteJumpboxCommand score', failWith('Blocked', 'The scope is locked.'));
    expect(await score('lockedvm')).toMatchObject({ status: 200 });
  });

  it('is cancelled by a teardown, and the caller gets Cancelled', async () => {
    const arm = await moat.createReady('interrupted');
    arm.onEveryCall('observeJumpboxCommand score', inProgress);
    const rejection = expect(score('interrupted')).rejects.toMatchObject({ code: 'Cancelled' });
    await moat.untilEnvironment('interrupted', () => arm.called('observeJumpboxCommand score'));
    expect((await moat.environments.remove('interrupted')).state).toBe('deleting');
    await rejection;
    expect(await moat.environments.run('interrupted', 'score-1')).toMatchObject({ outcome: 'cancelled' });
    await moat.untilState('interrupted', 'deleted');
  });

  it('returns a long response in full, and keeps only its length in the history of runs', async () => {
    const arm = await moat.createReady('long');
    arm.commandResults.score = { status: 200, body: 'x'.repeat(100_000), latencyMs: 7 };
    for (let i = 0; i < 20; i++) expect((await score('long')).body).toHaveLength(100_000);
    const { receipt } = await moat.environments.run('long', 'score-20');
    expect(receipt).toEqual({ status: 200, body: 'not kept: 100002 characters of JSON', latencyMs: 7 });
  });

  it('keeps the last twenty runs in the history of runs', async () => {
    await moat.createReady('manyruns');
    for (let i = 0; i < 22; i++) await score('manyruns');
    const runs = await moat.environments.runs('manyruns');
    expect(runs).toHaveLength(20);
    expect([runs.at(0)?.id, runs.at(-1)?.id]).toEqual(['score-22', 'score-3']);
    await expect(moat.environments.run('manyruns', 'score-1')).rejects.toMatchObject({ code: 'NotFound' });
    expect(await moat.environments.run('manyruns', 'score-22')).toMatchObject({ outcome: 'succeeded' });
  });
});
