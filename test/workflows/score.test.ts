import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows } from './harness.ts';
import { failing, gate, inProgress } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'score');
});
afterAll(() => moat.close());

const request = { data: [[1, 2, 3]] };
const score = (name: string, key?: string) => moat.environments.score(name, request, key);

describe('scoring a request', () => {
  it('answers what the endpoint answered, from a run of its own', async () => {
    const world = await moat.standing('asked');
    world.answers.score = { status: 200, body: [42], latencyMs: 7 };
    expect(await score('asked')).toEqual({ status: 200, body: [42], latencyMs: 7 });
    expect(world.inputs('beginJumpboxCommand score')).toMatchObject([{ request, name: 'score-score-1-1' }]);
    expect(await moat.environments.runs('asked')).toMatchObject([
      { id: 'score-1', kind: 'score', outcome: 'succeeded', receipt: { status: 200, body: [42] } },
    ]);
    const child = await moat.client.workflow.getHandle(runWorkflowId('asked', 'score-1')).describe();
    expect([child.workflowId, child.type]).toEqual(['environment-asked:score:1', 'score']);
    expect(await moat.environments.get('asked')).toMatchObject({ state: 'ready', run: null });
  });

  it('passes on what the endpoint refuses', async () => {
    const world = await moat.standing('refusing');
    world.answers.score = { status: 400, body: { error: 'no such column' }, latencyMs: 2 };
    expect(await score('refusing')).toMatchObject({ status: 400 });
  });

  it('is refused while another run is at work', async () => {
    const world = await moat.standing('busy');
    const { behaviour, reached, open } = gate();
    world.script('observeJumpboxCommand score', behaviour);
    const first = score('busy');
    await reached;
    await expect(score('busy')).rejects.toMatchObject({ code: 'NotReady' });
    await expect(score('busy', 'another-key')).rejects.toMatchObject({ code: 'NotReady' });
    open();
    await first;
  });

  it('is refused unless the environment is ready', async () => {
    const world = moat.world('unready');
    const { behaviour, reached, open } = gate();
    world.script('preflight', behaviour);
    await moat.create('unready');
    await reached;
    await expect(score('unready')).rejects.toMatchObject({ code: 'NotReady' });
    await expect(score('unready', 'key')).rejects.toMatchObject({ code: 'NotReady' });
    open();
    await moat.untilState('unready', 'ready');
  });

  it('repeated with the same idempotency key is one run with one answer', async () => {
    await moat.standing('repeated');
    const answers = await Promise.all([score('repeated', 'key-1'), score('repeated', 'key-1')]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await score('repeated', 'key-1')).toEqual(answers[0]);
    expect(await moat.environments.runs('repeated')).toHaveLength(1);
  });

  it('says that an answer is too large, and leaves the environment ready', async () => {
    const world = await moat.standing('verbose');
    world.script('observeJumpboxCommand score', failing('AnswerTooLarge', 'the answer has 9,000 bytes'));
    await expect(score('verbose')).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    expect(await moat.environments.get('verbose')).toMatchObject({ state: 'ready', run: null, failure: null });
    expect(await moat.environments.runs('verbose')).toMatchObject([
      { outcome: 'failed', failure: { step: 'score', type: 'AnswerTooLarge' } },
    ]);
    expect(await score('verbose')).toMatchObject({ status: 200 });
  });

  it('answers although a lock keeps its run command', async () => {
    const world = await moat.standing('lockedvm');
    world.always('deleteJumpboxCommand score', failing('Blocked', 'The scope is locked.'));
    expect(await score('lockedvm')).toMatchObject({ status: 200 });
  });

  it('is stopped by a teardown, and says so to who waits for the answer', async () => {
    const world = await moat.standing('interrupted');
    world.always('observeJumpboxCommand score', inProgress);
    const answer = expect(score('interrupted')).rejects.toMatchObject({ code: 'Cancelled' });
    await moat.untilEnvironment('interrupted', () => world.called('observeJumpboxCommand score'));
    expect((await moat.environments.remove('interrupted')).state).toBe('deleting');
    await answer;
    expect(await moat.environments.run('interrupted', 'score-1')).toMatchObject({ outcome: 'cancelled' });
    await moat.untilState('interrupted', 'deleted');
  });

  it('answers a long answer whole, and remembers that there was one', async () => {
    const world = await moat.standing('long');
    world.answers.score = { status: 200, body: 'x'.repeat(100_000), latencyMs: 7 };
    for (let i = 0; i < 20; i++) expect((await score('long')).body).toHaveLength(100_000);
    const { receipt } = await moat.environments.run('long', 'score-20');
    expect(receipt).toEqual({ status: 200, body: 'not kept: 100002 characters of JSON', latencyMs: 7 });
  });

  it('leaves twenty runs at most in the history of runs', async () => {
    await moat.standing('chatty');
    for (let i = 0; i < 22; i++) await score('chatty');
    const runs = await moat.environments.runs('chatty');
    expect(runs).toHaveLength(20);
    expect([runs.at(0)?.id, runs.at(-1)?.id]).toEqual(['score-22', 'score-3']);
    await expect(moat.environments.run('chatty', 'score-1')).rejects.toMatchObject({ code: 'NotFound' });
    expect(await moat.environments.run('chatty', 'score-22')).toMatchObject({ outcome: 'succeeded' });
  });
});
