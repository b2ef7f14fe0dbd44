import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FoundRow } from '../../src/domain/proof.ts';
import { inProgressUntil, rowsAt } from './fakeArm.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'verify');
});
afterAll(() => moat.close());

const row = (change: Partial<FoundRow>): FoundRow => ({
  check: 'key vault from outside',
  from: 'outside',
  expected: 'refused',
  observed: 'refused with 403',
  at: rowsAt,
  verdict: 'passed',
  ...change,
});
const broken = row({ verdict: 'failed', observed: 'answered 401', remedy: 'az resource update --ids /vault' });

describe('a proof of a ready environment', () => {
  it('is a run, and its result is the environment’s newest proof', async () => {
    const name = 'proved';
    const arm = moat.arm(name);
    await moat.create(name);
    await moat.untilState(name, 'ready');

    arm.outsideRows = [row({ verdict: 'inconclusive', observed: 'no answer' })];
    await moat.environments.verify(name);
    await moat.untilRunEnded(name, 'verify-1');
    const unproved = await moat.environments.get(name);
    expect(unproved).toMatchObject({ state: 'ready', proof: { complete: false } });
    expect(unproved.proof!.rows).toContainEqual(arm.outsideRows[0]);
    expect(await moat.environments.run(name, 'verify-1')).toMatchObject({ outcome: 'succeeded' });

    arm.outsideRows = [broken];
    await moat.environments.verify(name);
    await moat.untilRunEnded(name, 'verify-2');
    const { remedy, ...shown } = broken;
    const failed = await moat.environments.get(name);
    expect(failed).toMatchObject({ state: 'ready', failure: null, proof: { complete: false } });
    expect(failed.proof!.rows).toContainEqual(shown);
    const run = await moat.environments.run(name, 'verify-2');
    expect(run).toMatchObject({ outcome: 'failed', receipt: { proof: failed.proof } });
    expect(run.failure).toMatchObject({
      step: 'verify',
      type: 'IsolationBroken',
      message: 'key vault from outside: answered 401',
      remedy: expect.stringContaining(remedy!) as string,
    });

    arm.outsideRows = [row({})];
    await moat.environments.verify(name);
    await moat.untilRunEnded(name, 'verify-3');
    expect((await moat.environments.get(name)).proof).toMatchObject({ complete: true });
  });

  it('is refused while another one runs, and before the environment is ready', async () => {
    const name = 'provedonce';
    const arm = moat.arm(name);
    await moat.create(name);
    await expect(moat.environments.verify(name)).rejects.toMatchObject({ code: 'NotReady' });
    await moat.untilState(name, 'ready');
    let ended = false;
    arm.onEveryCall(
      'observeJumpboxCommand verify',
      inProgressUntil(() => ended),
    );
    await moat.environments.verify(name);
    await moat.untilEnvironment(name, ({ run }) => run?.kind === 'verify');
    const during = await moat.environments.get(name);
    expect(during.steps.every(({ state }) => state === 'succeeded')).toBe(true);
    await expect(moat.environments.verify(name)).rejects.toMatchObject({ code: 'NotReady' });
    ended = true;
    await moat.untilRunEnded(name, 'verify-1');
    await expect(moat.environments.verify('nobody')).rejects.toMatchObject({ code: 'NotFound' });
  });
});

it('provisioning with a failed row fails, and keeps the proof with the row', async () => {
  const name = 'neverproved';
  moat.arm(name).outsideRows = [broken];
  await moat.create(name);
  const { failure, proof } = await moat.untilState(name, 'failed');
  expect(failure).toMatchObject({ step: 'verify', type: 'IsolationBroken' });
  expect(proof!.rows.map(({ verdict }) => verdict)).toContain('failed');
});
