import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentWorkflowId } from '../../../src/workflows/messages.ts';
import { startTemporalServer } from '../../workflows/temporalServer.ts';
import type { TemporalServer } from '../../workflows/temporalServer.ts';
import { startWorkflowHarness, until } from '../../workflows/workflowHarness.ts';
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

/** PATCH as a client sends it: one that is answered 503 is repeated with its key. */
const renew = (ttl: string, key: string): Promise<unknown> =>
  until(`renewed for ${ttl}`, () => moat.environments.change('hammered', { ttl }, key));

test('P04 renewals every 10 ms across continue-as-new are answered, and each is executed once', async () => {
  const arm = await moat.createReady('hammered');
  const before = await runIdOf('hammered');
  const answers: Promise<unknown>[] = [];
  for (let i = 0; i < 25; i++) {
    answers.push(renew(`${i + 1}h`, `key-${i}`));
    await wait(10);
  }
  const outcomes = await Promise.allSettled(answers);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await runIdOf('hammered')).not.toBe(before);
  expect(arm.inputs('tagGroup')).toHaveLength(25);
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
