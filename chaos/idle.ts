/**
 * Whether waiting for Azure holds activity slots: 500 runs on one worker with 50 slots, at Azure's own pace. In each, one operation goes
 * on (it is looked at every ten seconds) and all others find Azure busy. Prints how many slots are taken while all of them wait;
 * fails when half of them ever are.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, DefaultLogger, Worker } from '@temporalio/worker';
import { createActivities } from '../src/activities/index.ts';
import { connectAzure } from '../src/azure/connectAzure.ts';
import { taskQueues } from '../src/workflows/messages.ts';
import { clientOf } from './client.ts';
import { emulatorAt } from './emulator.ts';
import { install, subscriptionId } from './installation.ts';
import { locations } from './plan.ts';
import { createSecretSearch } from './secrets.ts';

const many = 500;
const slots = 50;
const rounds = 30;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const installation = await install({ timeScale: '1', workers: 1, tell: console.log });
// It registers what Temporal must know; a worker with fewer slots takes its place.
while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok) await sleep(100);
await installation.kill('worker');
const emulator = emulatorAt(installation.emulatorUrl, installation.caFile);
const user = clientOf(installation.url, createSecretSearch(), new AbortController().signal);
const connection = await NativeConnection.connect({ address: installation.address });
const client = new Client({ connection });
await emulator.setThrottling(false);
const always = { share: 1, seed: 0 };
const address = { method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' };
await emulator.addFault({ match: address, chance: always, effect: { stickOperation: true } });
await emulator.addFault({
  match: { method: 'PUT', id: '/providers/' },
  chance: always,
  effect: { status: 409, code: 'AnotherOperationInProgress', headers: { 'retry-after': '600' } },
});
const ca = await readFile(installation.caFile, 'utf8');
const target = { kind: 'emulator', endpoint: installation.emulatorUrl, ca, timeScale: 1 } as const;
const activities = createActivities({ azure: connectAzure(target, [subscriptionId]), sealKey: 'idle' });
let busy = 0;
const counted = Object.fromEntries(
  Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) => {
      busy += 1;
      try {
        return await run(input);
      } finally {
        busy -= 1;
      }
    },
  ]),
);
const workflowsPath = fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url));
const workers = await Promise.all([
  Worker.create({ connection, taskQueue: taskQueues.workflows, workflowsPath, maxCachedWorkflows: 1_200 }),
  ...[taskQueues.armRead, taskQueues.armWrite].map((taskQueue) =>
    Worker.create({
      connection,
      taskQueue,
      activities: counted,
      maxConcurrentActivityTaskExecutions: slots / 2,
      // ARM's own pace would take many minutes until all wait.
      maxTaskQueueActivitiesPerSecond: 1_000,
    }),
  ),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
let fine = false;
try {
  await emulator.giveQuota(locations);
  for (let n = 0; n < many; n++) {
    const body = { name: `idle${String(n).padStart(4, '0')}`, location: locations[n % locations.length] };
    const { status } = await user.call('POST', '/environments', body);
    if (status !== 202) throw new Error(`POST: ${status}`);
  }
  while ((await emulator.resources()).length < 2 * many) await sleep(1_000);
  const query = `WorkflowType = 'provision' AND ExecutionStatus = 'Running'`;
  const seen: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await sleep(1_000);
    seen.push(busy);
  }
  const { count: open } = await client.workflow.count(query);
  console.log(`${open} runs wait; slots taken, second by second: ${seen.join(' ')} of ${slots}`);
  fine = open === many && Math.max(...seen) < slots / 2;
} finally {
  for (const worker of workers) worker.shutdown();
  await running;
  await connection.close();
  await installation.close(false);
}
process.exit(fine ? 0 : 1);
