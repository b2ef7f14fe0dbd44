import { afterAll, beforeAll, expect, it } from 'vitest';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { searchAttributes } from '../../src/workflows/searchAttributes.ts';
import { failWith } from './fakeArm.ts';
import { startTemporalServer } from './temporalServer.ts';
import type { TemporalServer } from './temporalServer.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

/** The threshold is a setting of the whole server; its default is 4,096 events. */
const suggestedAt = 'limit.historyCount.suggestContinueAsNew=60';

let server: TemporalServer;
let moat: WorkflowHarness;
beforeAll(async () => {
  server = await startTemporalServer({ dynamicConfig: [suggestedAt] });
  moat = await startWorkflowHarness(server.address, 'continue');
});
afterAll(async () => {
  await moat.close();
  await server.stop();
});

it('continues as new when the history is long, and keeps state, runs and search attributes', async () => {
  await moat.create('longlived');
  const { createdAt } = await moat.untilState('longlived', 'ready');
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('longlived'));
  const firstRunId = (await handle.describe()).runId;
  for (let i = 1; i <= 8; i++) await moat.environments.score('longlived', { data: [[i]] }, undefined);
  const next = await until('a new execution', async () => {
    const description = await handle.describe();
    return description.runId !== firstRunId && description;
  });
  expect(next.typedSearchAttributes.get(searchAttributes.environment)).toBe('longlived');
  expect(next.typedSearchAttributes.get(searchAttributes.owner)).toBe('ana@example.com');

  expect(await moat.environments.get('longlived')).toMatchObject({ state: 'ready', createdAt, run: null });
  expect((await moat.environments.runs('longlived')).map(({ id }) => id)).toEqual([
    ...[8, 7, 6, 5, 4, 3, 2, 1].map((n) => `score-${n}`),
    'provision-1',
  ]);
  await until('it is listed once', async () => {
    const { items } = await moat.environments.list({ q: 'longlived', limit: 10 });
    return items.length === 1 && items[0]!.state === 'ready';
  });
  // the spec hash is carried over: the same spec is accepted, another one is refused
  expect(await moat.create('longlived')).toMatchObject({ state: 'ready' });
  await expect(moat.create('longlived', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
  await moat.environments.score('longlived', { data: [[9]] }, undefined);
  expect((await moat.environments.runs('longlived'))[0]).toMatchObject({ id: 'score-9', outcome: 'succeeded' });
  await moat.environments.remove('longlived');
  await moat.untilState('longlived', 'deleted');
});

it('continues as new while its teardown is blocked, and completes once the blocker is cleared', async () => {
  const arm = await moat.createReady('blocked');
  arm.onEveryCall('deleteResource registry', failWith('Blocked', 'The scope is locked.'));
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('blocked'));
  const firstRunId = (await handle.describe()).runId;
  await moat.environments.remove('blocked');
  await until('a new execution', async () => {
    // a repeated DELETE retries the teardown immediately
    if ((await moat.environments.get('blocked')).state === 'blocked') await moat.environments.remove('blocked');
    return (await handle.describe()).runId !== firstRunId;
  });
  arm.onEveryCall('deleteResource registry', undefined);
  await until('the environment is deleted', async () => {
    const { state } = await moat.environments.get('blocked');
    if (state === 'blocked') await moat.environments.remove('blocked');
    return state === 'deleted';
  });
  expect(arm.group.exists).toBe(false);
});
