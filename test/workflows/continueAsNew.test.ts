import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextFreePort } from '../../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';
import { environmentWorkflowId, searchAttributes } from '../../src/workflows/messages.ts';
import { startWorkflows, until } from './harness.ts';
import type { Workflows } from './harness.ts';
import { failing } from './world.ts';

/** Temporal asks for it at 4,096 events of history, unless told otherwise for the whole server. */
const suggestedAt = 'limit.historyCount.suggestContinueAsNew=60';

let server: ChildProcess;
let moat: Workflows;
beforeAll(async () => {
  const executable = await temporalExecutable(() => undefined);
  const port = await nextFreePort(30_000 + Math.floor(Math.random() * 2_000));
  const address = `127.0.0.1:${port}`;
  server = spawnDevServer({ executable, port, dynamicConfig: [suggestedAt] });
  await until('Temporal answers', () => temporalAnswers({ address }, 1_000));
  moat = await startWorkflows(address, 'continue');
});
afterAll(async () => {
  await moat.close();
  const ended = once(server, 'exit');
  server.kill();
  await ended;
});

it('an environment whose history grows long goes on in a new execution, and nobody notices', async () => {
  await moat.create('longlived');
  const { createdAt } = await moat.untilState('longlived', 'ready');
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('longlived'));
  const first = (await handle.describe()).runId;
  for (let i = 1; i <= 8; i++) await moat.environments.score('longlived', { data: [[i]] }, undefined);
  const later = await until('a new execution', async () => {
    const description = await handle.describe();
    return description.runId !== first && description;
  });
  expect(later.typedSearchAttributes.get(searchAttributes.environment)).toBe('longlived');
  expect(later.typedSearchAttributes.get(searchAttributes.owner)).toBe('ana@example.com');

  expect(await moat.environments.get('longlived')).toMatchObject({ state: 'ready', createdAt, run: null });
  expect((await moat.environments.runs('longlived')).map(({ id }) => id)).toEqual([
    ...[8, 7, 6, 5, 4, 3, 2, 1].map((n) => `score-${n}`),
    'provision-1',
  ]);
  // the same spec is the same environment still, and another is refused
  expect(await moat.create('longlived')).toMatchObject({ state: 'ready' });
  await expect(moat.create('longlived', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
  await moat.environments.score('longlived', { data: [[9]] }, undefined);
  expect((await moat.environments.runs('longlived'))[0]).toMatchObject({ id: 'score-9', outcome: 'succeeded' });
  await moat.environments.remove('longlived');
  await moat.untilState('longlived', 'deleted');
});

it('an environment that cannot be taken down goes on in a new execution, and goes when it can', async () => {
  const world = await moat.standing('stuckfast');
  world.always('deleteResource registry', failing('Blocked', 'The scope is locked.'));
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('stuckfast'));
  const first = (await handle.describe()).runId;
  await moat.environments.remove('stuckfast');
  await until('a new execution', async () => {
    // whoever asks again has it looked at at once
    if ((await moat.environments.get('stuckfast')).state === 'blocked') await moat.environments.remove('stuckfast');
    return (await handle.describe()).runId !== first;
  });
  world.always('deleteResource registry', undefined);
  await until('it is gone', async () => {
    const { state } = await moat.environments.get('stuckfast');
    if (state === 'blocked') await moat.environments.remove('stuckfast');
    return state === 'deleted';
  });
  expect(world.group.exists).toBe(false);
});
