import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Spec } from '../../src/domain/environment.ts';
import type { Finding } from '../../src/domain/preflightReport.ts';
import { specOf, subscriptionId } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'adoption');
});
afterAll(() => moat.close());

const adoptionDigest = '0'.repeat(32);
const adopting = (name: string, change: Partial<Spec> = {}): Spec =>
  specOf(name, { adopt: true, adoptionDigest, ...change });

const changed: Finding = {
  rule: 'ADOPT-PLAN',
  severity: 'blocks',
  message: 'the resources have changed since the plan',
  remedy: 'POST /plans',
  source: 'docs/adopt.md',
};

/** A group that somebody else has made. */
function foreignGroup(name: string) {
  const arm = moat.arm(name);
  Object.assign(arm.group, { exists: true, sealed: false });
  return arm;
}

describe.concurrent('an adoption', () => {
  it('starts nothing where a check blocks, and claims no suffix', async () => {
    foreignGroup('refused').preflightFindings = [changed];
    await expect(moat.environments.create(adopting('refused'))).rejects.toMatchObject({
      code: 'AdoptionRefused',
      message: expect.stringContaining('ADOPT-PLAN: the resources have changed'),
    });
    await expect(moat.environments.get('refused')).rejects.toMatchObject({ code: 'NotFound' });
    const { suffix } = adopting('refused');
    await moat.environments.create(specOf('other1', { suffix }));
    expect((await moat.environments.get('other1')).spec!.suffix).toBe(suffix);
  });

  it('writes nothing to a group that changes before the run, which a DELETE leaves as it was', async () => {
    const arm = foreignGroup('late');
    // the POST's plan finds it as it was, the run does not
    arm.onNextCalls(
      'preflight',
      () => undefined,
      () => void (arm.preflightFindings = [changed]),
    );
    await moat.environments.create(adopting('late'));
    const failed = await moat.untilState('late', 'failed');
    expect(failed.failure).toMatchObject({ step: 'preflight' });
    await moat.environments.remove('late');
    const deleted = await moat.untilState('late', 'deleted', 'blocked');
    expect(deleted).toMatchObject({ state: 'deleted', receipt: { removed: [], remaining: [], blockers: [] } });
    expect(arm.group).toMatchObject({ exists: true, sealed: false });
  });

  it('leaves the group as it was where the run was cancelled before it had sealed it', async () => {
    const arm = foreignGroup('early');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    arm.onNextCalls(
      'preflight',
      () => undefined,
      () => held,
    );
    await moat.environments.create(adopting('early'));
    await until('the run has begun', async () => (await moat.environments.get('early')).run !== null);
    await moat.environments.cancel('early', { teardown: false });
    release();
    await moat.untilState('early', 'cancelled');
    await moat.environments.remove('early');
    expect(await moat.untilState('early', 'deleted', 'blocked')).toMatchObject({ state: 'deleted' });
    expect(arm.group).toMatchObject({ exists: true, sealed: false });
  });

  it('continues with the digest of a new plan, without a conflict of specs', async () => {
    const arm = foreignGroup('again');
    arm.onNextCalls(
      'preflight',
      () => undefined,
      () => void (arm.preflightFindings = [changed]),
    );
    await moat.environments.create(adopting('again'));
    await moat.untilState('again', 'failed');
    arm.preflightFindings = [];
    arm.group.sealed = true;
    await moat.environments.create(adopting('again', { adoptionDigest: '1'.repeat(32) }));
    const { spec } = await moat.untilState('again', 'ready');
    expect(spec).toMatchObject({ adoptionDigest: '1'.repeat(32) });
    expect(arm.inputs('ensureGroup').at(-1)).toMatchObject({ adopt: true });
  });

  it('keeps what is taken over, for the teardown', async () => {
    const id = `/subscriptions/${subscriptionId}/resourceGroups/rg-moat-taken/providers/Microsoft.Compute/virtualMachines/moevm`;
    const arm = moat.arm('taken');
    Object.assign(arm.group, { exists: true, sealed: true });
    arm.resources.set(id.toLowerCase(), { id, type: 'Microsoft.Compute/virtualMachines', state: 'Succeeded' });
    await moat.environments.create(adopting('taken', { takeOver: [id] }));
    await moat.untilState('taken', 'ready');
    await moat.environments.remove('taken');
    const { receipt } = await moat.untilState('taken', 'deleted', 'blocked');
    expect(receipt).toMatchObject({ blockers: [], remaining: [] });
    expect((receipt as { removed: { id: string }[] }).removed.map((one) => one.id)).toContain(id);
  });
});
