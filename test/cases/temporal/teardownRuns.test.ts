import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { TeardownReceipt } from '../../../src/domain/environment.ts';
import { groupId, groupName } from '../../../src/domain/naming.ts';
import { plannedResource } from '../../../src/domain/resources.ts';
import { ownResourceOf } from '../../../src/domain/teardownOrder.ts';
import { environmentWorkflowId } from '../../../src/workflows/messages.ts';
import { failWith, inProgress } from '../../workflows/fakeArm.ts';
import type { FakeArm } from '../../workflows/fakeArm.ts';
import { refNamed } from '../../workflows/fixtures.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
/** Foreign resources that a group holds besides those in its list, by environment. */
const moreForeign = new Map<string, number>();
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'casesteardown', {
    activities: {
      listGroup: async (input) => ({
        ...(await moat.fakeActivities.listGroup(input)),
        moreForeign: moreForeign.get(input.ref.name) ?? 0,
      }),
    },
  });
});
afterAll(() => moat.close());

const receiptOf = async (name: string): Promise<TeardownReceipt> =>
  (await moat.environments.get(name)).receipt as TeardownReceipt;

function add(arm: FakeArm, id: string, type: string): void {
  arm.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
}

/** A ready environment whose group somebody deletes by hand. */
async function deletedByHand(name: string): Promise<FakeArm> {
  await moat.create(name);
  await moat.untilState(name, 'ready');
  const arm = moat.arm(name);
  arm.group.exists = false;
  arm.resources.clear();
  return arm;
}

describe.concurrent('a group deleted by hand behind a ready environment', () => {
  test('T04 its workspace may be soft-deleted: a named blocker, until a person has looked', async () => {
    const arm = await deletedByHand('byhand');
    const workspace = plannedResource(refNamed('byhand'), 'workspace');
    await moat.environments.remove('byhand');
    await moat.untilState('byhand', 'blocked');
    expect(await receiptOf('byhand')).toMatchObject({
      remaining: [workspace.id],
      blockers: [
        {
          resource: workspace.id,
          reason: expect.stringContaining('soft-deleted workspace') as string,
          command: expect.stringContaining(`"Recently deleted": delete ${workspace.name} permanently`) as string,
        },
      ],
    });
    // Azure purges a workspace only while its group exists, so an empty group is made for that, and deleted again
    expect(arm.firstIndexOf('ensureGroup')).toBeLessThan(arm.firstIndexOf('deleteResource workspace'));
    expect(arm.group.exists).toBe(false);

    await moat.environments.remove('byhand');
    await moat.untilState('byhand', 'deleted');
    const { removed, remaining } = await receiptOf('byhand');
    expect([removed.find(({ id }) => id === workspace.id)?.proof, remaining]).toEqual(['assumed', []]);
  });

  test('T04 a purge that Azure accepts is proof enough', async () => {
    const arm = await deletedByHand('purged');
    const { id, type } = plannedResource(refNamed('purged'), 'workspace');
    arm.onNextCalls('deleteResource workspace', () => add(arm, id, type));
    await moat.environments.remove('purged');
    await moat.untilState('purged', 'deleted');
    expect((await receiptOf('purged')).removed).toContainEqual({ id, proof: 'purged' });
  });

  test('T04 an environment that never had a workspace is simply deleted', async () => {
    const arm = moat.arm('neverhad');
    arm.preflightFindings = [{ rule: 'PF-01', severity: 'blocks', message: 'no', remedy: '', source: '' }];
    await moat.create('neverhad');
    await moat.untilState('neverhad', 'failed');
    await moat.environments.remove('neverhad');
    await moat.untilState('neverhad', 'deleted');
    expect(arm.called('ensureGroup')).toBe(false);
  });
});

test('T07 a repeated DELETE waits for a deleted lock to take effect; the first one does not', async () => {
  const arm = await moat.createReady('settling');
  const { id } = plannedResource(refNamed('settling'), 'registry');
  arm.locks = [{ id: `${id}/providers/Microsoft.Authorization/locks/keep`, level: 'CanNotDelete', scope: id }];
  arm.onNextCalls('deleteResource registry', failWith('Blocked', 'it is locked', { code: 'ScopeLocked' }));
  await moat.environments.remove('settling');
  await moat.untilState('settling', 'blocked');
  await moat.environments.remove('settling');
  await moat.untilState('settling', 'deleted');
  const waits = arm.inputs('deleteResource registry').map((input) => (input as { awaitLocks: boolean }).awaitLocks);
  expect(waits).toEqual([false, true]);
});

test('T10 a POST after a DELETE knows that its names were just freed, a first POST does not', async () => {
  const freedAt = () =>
    (moat.arm('again').inputs('preflight') as { namesFreedAt?: string }[]).map(({ namesFreedAt }) => namesFreedAt);
  await moat.create('again');
  await moat.untilState('again', 'ready');
  await moat.environments.remove('again');
  await moat.untilState('again', 'deleted');
  await moat.create('again');
  await moat.untilState('again', 'ready');
  expect(freedAt()).toEqual([undefined, expect.any(String)]);
});

test.each(['microsoft.insights/actiongroups', 'microsoft.alertsmanagement/smartdetectoralertrules'])(
  'T09 %s that Azure adds while the group is being emptied is ours in any letter case, and removed',
  async (type) => {
    const name = type.includes('actiongroups') ? 'lategroup' : 'laterule';
    const { suffix } = refNamed(name);
    const own = type.includes('actiongroups')
      ? 'application insights smart detection'
      : `failure anomalies - appi-${suffix}`;
    const id = `${groupId(refNamed(name)).toLowerCase()}/providers/${type}/${own}`;
    expect(ownResourceOf(refNamed(name), id)).toBeDefined();
    const arm = await moat.createReady(name);
    arm.onNextCalls('observeDeletion natAddress', () => add(arm, id, type));
    await moat.environments.remove(name);
    await moat.untilState(name, 'deleted');
    const { removed, blockers } = await receiptOf(name);
    expect([removed.some((row) => row.id === id), blockers]).toEqual([true, []]);
  },
);

test('A17 an extension that a policy installed on the jumpbox goes with it and blocks nothing', async () => {
  const arm = await moat.createReady('extension');
  const vm = plannedResource(refNamed('extension'), 'virtualMachine').id;
  const id = `${vm}/extensions/AzureMonitorLinuxAgent`;
  add(arm, id, 'Microsoft.Compute/virtualMachines/extensions');
  await moat.environments.remove('extension');
  await moat.untilState('extension', 'deleted');
  expect((await receiptOf('extension')).removed).toContainEqual({ id, proof: 'gone' });
});

test('P02 a group with 2,000 foreign resources gives a short receipt with the number of the rest', async () => {
  const arm = await moat.createReady('crowded');
  for (let i = 0; i < 20; i++)
    add(arm, `${groupId(refNamed('crowded'))}/providers/Microsoft.Web/sites/site${i}`, 'Microsoft.Web/sites');
  moreForeign.set('crowded', 1980);
  await moat.environments.remove('crowded');
  await moat.untilState('crowded', 'blocked');
  const receipt = await receiptOf('crowded');
  expect(receipt.blockers).toHaveLength(21);
  expect(receipt.blockers.at(-1)).toMatchObject({
    reason: expect.stringContaining('1980 more') as string,
    command: expect.stringContaining(`az resource list --resource-group ${groupName({ name: 'crowded' })}`) as string,
  });
  expect(arm.called('deleteGroup')).toBe(false);
});

test('P05 thirty days of a blocked teardown, and hours of polling, stay below 4,096 events', async () => {
  const arm = await moat.createReady('monthly');
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('monthly'));
  const eventsOf = async (id: string): Promise<number> =>
    (await moat.client.workflow.getHandle(id).describe()).historyLength;
  arm.onEveryCall('deleteResource registry', failWith('Blocked', 'The scope is locked.'));
  arm.onNextCalls('observeDeletion virtualMachine', ...Array.from({ length: 40 }, () => inProgress));
  const lengths: number[] = [];
  for (let i = 1; i <= 2; i++) {
    await moat.environments.remove('monthly');
    await moat.untilRunEnded('monthly', `teardown-${i}`);
    await moat.untilState('monthly', 'blocked');
    lengths.push((await handle.describe()).historyLength);
  }
  // retried after 10, 20, 40, ... minutes, then daily: fewer than 40 times in thirty days
  expect((lengths[1]! - lengths[0]!) * 40).toBeLessThan(4096);
  // the first run polled 40 times more than the second, and recorded none of it
  const ids = [1, 2].map((n) => `${environmentWorkflowId('monthly')}:teardown:${n}`);
  const [first] = await Promise.all(ids.map(eventsOf));
  expect(first).toBeLessThan(1200);
});
