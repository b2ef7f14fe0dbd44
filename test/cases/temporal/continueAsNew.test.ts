import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentWorkflowId, scoreUpdate } from '../../../src/workflows/messages.ts';
import { failWith } from '../../workflows/fakeArm.ts';
import { startTemporalServer } from '../../workflows/temporalServer.ts';
import type { TemporalServer } from '../../workflows/temporalServer.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let server: TemporalServer;
let moat: WorkflowHarness;
beforeAll(async () => {
  server = await startTemporalServer({ dynamicConfig: ['limit.historyCount.suggestContinueAsNew=100'] });
  moat = await startWorkflowHarness(server.address, 'casescontinue');
});
afterAll(async () => {
  await moat.close();
  await server.stop();
});
const runIdOf = async (name: string): Promise<string> =>
  (await moat.client.workflow.getHandle(environmentWorkflowId(name)).describe()).runId;

/** The workflow's next execution, which enough renewals bring about. */
async function continueAsNew(name: string): Promise<void> {
  const before = await runIdOf(name);
  while ((await runIdOf(name)) === before) await moat.environments.change(name, { ttl: '2h' }, undefined);
}

test('P04 renewals every 10 ms across continue-as-new, with and without keys, are all answered and executed once', async () => {
  const arm = await moat.createReady('hammered');
  const before = await runIdOf('hammered');
  const answers: Promise<unknown>[] = [];
  for (let i = 1; i <= 40; i++) {
    const key = i % 2 === 0 ? `key-${i}` : undefined;
    answers.push(moat.environments.change('hammered', { ttl: `${i}h` }, key));
    await wait(10);
  }
  await Promise.all(answers);
  expect(await runIdOf('hammered')).not.toBe(before);
  expect(arm.inputs('tagGroup')).toHaveLength(40);
});

test('P04 an Idempotency-Key repeated over continue-as-new gets the same answer, and starts nothing', async () => {
  await moat.createReady('repeated');
  const before = await runIdOf('repeated');
  const answer = await moat.environments.score('repeated', { data: [[1]] }, 'the key');
  for (let i = 2; (await runIdOf('repeated')) === before; i++)
    await moat.environments.score('repeated', { data: [[i]] }, undefined);
  const count = (await moat.environments.runs('repeated')).length;
  expect(await moat.environments.score('repeated', { data: [[1]] }, 'the key')).toEqual(answer);
  expect(await moat.environments.runs('repeated')).toHaveLength(count);
  await expect(moat.environments.score('repeated', { data: [[2]] }, 'the key')).rejects.toMatchObject({
    code: 'IdempotencyKeyReused',
  });
});

test('P04 a repeated renewal is not executed again after continue-as-new, unless it had failed', async () => {
  const arm = await moat.createReady('renewed');
  await moat.environments.change('renewed', { ttl: '3h' }, 'done');
  arm.onNextCalls('tagGroup', failWith('Blocked', 'The scope is locked.'));
  await expect(moat.environments.change('renewed', { ttl: '5h' }, 'failed')).rejects.toMatchObject({
    code: 'Unavailable',
  });
  await continueAsNew('renewed');
  const writes = arm.inputs('tagGroup').length;
  await moat.environments.change('renewed', { ttl: '3h' }, 'done');
  expect(arm.inputs('tagGroup')).toHaveLength(writes);
  await moat.environments.change('renewed', { ttl: '5h' }, 'failed');
  expect(arm.inputs('tagGroup')).toHaveLength(writes + 1);
});

test('P04 a score without a key, sent to both executions because its answer was lost, runs once', async () => {
  const arm = await moat.createReady('lostanswer');
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('lostanswer'));
  const send = (key: string) =>
    handle.executeUpdate(scoreUpdate, {
      args: [{ request: {}, idempotency: { key, body: 'b', unkeyed: true } }],
      updateId: `update-${key}`,
    });
  const answer = await send('short');
  arm.onNextCalls('observeJumpboxCommand score', failWith('Unknown', 'no answer'));
  await expect(send('failed')).rejects.toThrow('Workflow Update failed');
  arm.commandResults.score = { status: 200, body: 'x'.repeat(5000), latencyMs: 1 };
  await send('long');
  await continueAsNew('lostanswer');
  expect(await send('short')).toEqual(answer);
  await expect(send('failed')).rejects.toMatchObject({ cause: { type: 'Unknown', message: 'no answer' } });
  await expect(send('long')).rejects.toMatchObject({ cause: { type: 'AnswerNotKept' } });
  expect(await moat.environments.runs('lostanswer')).toHaveLength(3);
});
