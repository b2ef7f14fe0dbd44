import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { environmentWorkflowId, refMemoKey } from '../../src/workflows/messages.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { leaseTags } from '../../src/domain/lease.ts';
import type { Lease } from '../../src/domain/environment.ts';
import { refNamed, specOf } from './fixtures.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'lost');
});
afterAll(() => moat.close());

/** An environment that was ready and tagged when its workflow was terminated. */
async function terminated(name: string, lease: Partial<Lease> = {}) {
  const arm = await moat.createReady(name, lease);
  const current = (await moat.environments.get(name)).lease;
  arm.group.tags = {
    environment: name,
    state: 'ready',
    spec: specHash(specOf(name)),
    owner: 'ana@example.com',
    ...leaseTags({ ...current, ...lease }),
  };
  await moat.client.workflow.getHandle(environmentWorkflowId(name)).terminate('by an administrator');
  return arm;
}

describe.concurrent('an environment whose workflow was terminated', () => {
  it('reports WorkflowLost, and refuses requests that need the workflow', async () => {
    await terminated('reported');
    const environment = await moat.environments.get('reported');
    expect(environment).toMatchObject({ state: 'failed', run: null, failure: { code: 'WorkflowLost' } });
    expect(environment.failure!.remedy).toMatch(/DELETE/);
    await expect(moat.environments.change('reported', { ttl: '1h' }, undefined)).rejects.toMatchObject({
      code: 'NotReady',
    });
    await expect(moat.environments.score('reported', {}, 'key')).rejects.toMatchObject({ code: 'NotReady' });
    await expect(moat.environments.cancel('reported', { teardown: true })).rejects.toMatchObject({
      code: 'NothingRuns',
    });
  });

  it('is torn down by DELETE, which recovers it from its tags', async () => {
    const arm = await terminated('removed');
    expect((await moat.environments.remove('removed')).state).toBe('deleting');
    expect((await moat.untilState('removed', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(arm.group.exists).toBe(false);
  });

  it('is torn down under its own suffix also when it was recovered before and its group is gone', async () => {
    const name = 'recoveredtwice';
    const arm = await terminated(name);
    const handle = moat.client.workflow.getHandle(environmentWorkflowId(name));
    const refInMemo = async () => (await handle.describe()).memo?.[refMemoKey];
    // as a sweep recovers it: only the group has location and suffix
    await startEnvironment(moat.client, {
      ref: { ...refNamed(name), suffix: '' },
      spec: null,
      specHash: '',
      target: 'emulator',
      record: { ...newRecord(specOf(name), 'emulator', Date.now()), spec: null, state: 'ready' },
      recover: true,
      request: 'none',
    });
    await until('the suffix is known', async () => ((await refInMemo()) as { suffix: string }).suffix !== '');
    await handle.terminate('by an administrator');
    arm.group.exists = false;
    await moat.environments.remove(name);
    await moat.untilState(name, 'deleted');
    expect(await refInMemo()).toEqual(refNamed(name));
  });

  it('stays protected by its tags on DELETE and POST', async () => {
    const arm = await terminated('protected', { protected: true, reason: 'demo' });
    await expect(moat.environments.remove('protected')).rejects.toMatchObject({ code: 'Protected' });
    await moat.create('protected');
    const ready = await moat.untilState('protected', 'ready');
    expect(ready.lease).toMatchObject({ protected: true, reason: 'demo' });
    await expect(moat.environments.remove('protected')).rejects.toMatchObject({ code: 'Protected' });
    expect(arm.group.exists).toBe(true);
  });

  it('is recovered by a POST of the same spec, with its previous lease', async () => {
    await terminated('posted');
    const before = (await moat.environments.get('posted')).lease.expiresAt;
    await expect(moat.create('posted', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
    await moat.create('posted');
    expect((await moat.untilState('posted', 'ready')).lease.expiresAt).toBe(before);
  });
});

it('an environment whose workflow tasks keep failing reports that, and can be deleted', async () => {
  const name = 'failingtasks';
  const spec = specOf(name);
  const arm = moat.arm(name);
  arm.group.exists = true;
  arm.group.tags = { environment: name, state: 'ready', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  // no request produces this input; it makes the first workflow task fail
  await startEnvironment(moat.client, {
    ref: refNamed(name),
    spec,
    specHash: specHash(spec),
    target: 'emulator',
    record: newRecord(spec, 'emulator', Date.now()),
    carried: { runs: 5 } as never,
  });
  const failed = await until('the failing workflow task is reported', async () => {
    const environment = await moat.environments.get(name);
    return environment.failure?.code === 'WorkflowTaskFailed' && environment;
  });
  expect(failed.failure!.remedy).toMatch(/DELETE/);
  await moat.environments.remove(name);
  expect((await moat.untilState(name, 'deleted')).receipt).toMatchObject({ remaining: [] });
  expect(arm.group.exists).toBe(false);
});
