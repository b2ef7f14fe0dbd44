import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ProofRow } from '../../src/domain/environment.ts';
import { rowsAt } from './fakeArm.ts';
import { sweepSettings, subscriptionId } from './fixtures.ts';
import { startWebhookReceiver } from './webhookReceiver.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let moat: WorkflowHarness;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  const { webhook } = receiver;
  moat = await startWorkflowHarness(inject('temporal').address, 'drift', { sweepSettings: sweepSettings(), webhook });
});
afterAll(async () => {
  await moat.close();
  receiver.close();
});

const rowWith = (verdict: ProofRow['verdict'], observed: string): ProofRow => ({
  check: 'key vault from outside',
  from: 'outside',
  expected: 'refused',
  observed,
  at: rowsAt,
  verdict,
});
const rows = {
  passed: rowWith('passed', 'refused with 403'),
  failed: rowWith('failed', 'answered 401'),
  inconclusive: rowWith('inconclusive', 'no answer'),
};
const eventsOf = (name: string) => receiver.events.filter(({ environment }) => environment?.name === name);
const typesOf = (name: string) => eventsOf(name).map(({ type }) => type.replace('environment.isolation-', ''));

/** Proves the environment while the row has this verdict. Returns what changed. */
async function prove(name: string, number: number, verdict: keyof typeof rows) {
  moat.arm(name).outsideRows = [rows[verdict]];
  await moat.environments.verify(name);
  await moat.untilRunEnded(name, `verify-${number}`);
  return (await moat.environments.get(name)).proof!.changes.map(({ before, after }) => `${before}, ${after}`);
}

it('isolation that breaks, and that is restored, is published once each; the proof has what changed', async () => {
  const name = 'drifts';
  await moat.createReady(name);
  expect(await prove(name, 1, 'passed')).toEqual([]);
  expect(await prove(name, 2, 'failed')).toEqual(['passed, failed']);
  await expect.poll(() => typesOf(name)).toEqual(['broken']);
  expect(await prove(name, 3, 'failed')).toEqual([]);
  expect(await prove(name, 4, 'inconclusive')).toEqual(['failed, inconclusive']);
  expect(await prove(name, 5, 'failed')).toEqual(['inconclusive, failed']);
  expect(await prove(name, 6, 'passed')).toEqual(['failed, passed']);
  await expect.poll(() => typesOf(name)).toEqual(['broken', 'restored']);
  await prove(name, 7, 'failed');
  await expect.poll(() => typesOf(name)).toEqual(['broken', 'restored', 'broken']);
  expect(eventsOf(name)[0]).toMatchObject({
    environment: { name, subscriptionId, owner: 'ana@example.com' },
    sweep: null,
    message: 'key vault from outside: answered 401',
  });
});

it('a provisioning run that fails its proof is a failed run, and publishes nothing', async () => {
  const name = 'neverready';
  moat.arm(name).outsideRows = [rows.failed];
  await moat.create(name);
  await moat.untilState(name, 'failed');
  moat.arm(name).outsideRows = [rows.passed];
  await moat.create(name);
  expect((await moat.untilState(name, 'ready')).proof!.changes).toMatchObject([{ before: 'failed', after: 'passed' }]);
  await prove(name, 1, 'failed');
  await expect.poll(() => typesOf(name)).toEqual(['broken']);
});
