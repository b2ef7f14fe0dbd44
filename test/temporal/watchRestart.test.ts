import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { expect, it, onTestFinished } from 'vitest';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { nextFreePort } from '../../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { refNamed, specOf, subscriptionId } from '../workflows/fixtures.ts';
import { until } from '../workflows/workflowHarness.ts';
import { countingConnection } from './callCounts.ts';

/** A development server on a file that can be killed and started again at the same address. */
async function restartableServer() {
  const executable = await temporalExecutable(() => undefined);
  const port = await nextFreePort(40_000 + Math.floor(Math.random() * 10_000));
  const address = `127.0.0.1:${port}`;
  const directory = await mkdtemp(join(tmpdir(), 'moat-restart-'));
  const spawn = () => spawnDevServer({ executable, port, file: join(directory, 'temporal.db') });
  let server = spawn();
  const kill = async (): Promise<void> => {
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  const answers = () => until('Temporal answers', () => temporalAnswers({ address }, 1_000));
  onTestFinished(async () => {
    await kill();
    await rm(directory, { recursive: true });
  });
  await answers();
  const restart = () => {
    server = spawn();
    return answers();
  };
  return { address, kill, restart };
}

it('an event stream pauses while Temporal is down and resumes when it is back', { timeout: 120_000 }, async () => {
  const temporal = await restartableServer();
  const { connection, counts } = countingConnection(temporal.address);
  onTestFinished(() => connection.close());
  const client = new Client({ connection });
  await setUpNamespace(client);
  const spec = specOf('restarted');
  const record = newRecord(spec, 'emulator', Date.now());
  const ref = refNamed('restarted');
  await startEnvironment(client, { ref, spec, specHash: specHash(spec), target: 'emulator', record, request: 'none' });
  const environments = createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null });

  const states: string[] = [];
  const ended = (async () => {
    for await (const { environment } of (await environments.watch(
      'restarted',
      undefined,
      new AbortController().signal,
    ))!)
      states.push(environment.state);
  })();
  await until('the history is followed', async () => counts.open('GetWorkflowExecutionHistory') === 1);
  await temporal.kill();
  await until('the long poll is broken', async () => counts.open('GetWorkflowExecutionHistory') === 0);
  await temporal.restart();
  await client.workflow.getHandle(environmentWorkflowId('restarted')).terminate();
  await ended;
  expect(states).toEqual(['provisioning', 'failed']);
});
