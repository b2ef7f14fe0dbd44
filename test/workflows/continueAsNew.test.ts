import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextFreePort } from '../../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';
import { environmentWorkflowId, searchAttributes } from '../../src/workflows/messages.ts';
import { startWorkflows, until } from './harness.ts';
import type { Workflows } from './harness.ts';

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
