/**
 * Checks that waiting for Azure holds no activity slots: 500 runs on one worker with 50 slots, at time scale 1. In each run, one
 * operation stays running (polled every ten seconds) and all other requests are refused as busy. Prints the number of used slots
 * while all runs wait; fails when it reaches half of the slots.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, DefaultLogger, Worker } from '@temporalio/worker';
import { createEnvironmentActivities } from '../src/activities/environment/environmentActivities.ts';
import { createActivities } from '../src/activities/index.ts';
import { connectAzure } from '../src/azure/connectAzure.ts';
import { workflowReports } from '../src/main/observability/workflowReports.ts';
import { createEnvironmentGateway } from '../src/temporal/environmentGateway.ts';
import { taskQueues } from '../src/workflows/messages.ts';
import { createApiClient } from './apiClient.ts';
import { createEmulatorControl } from './emulatorControl.ts';
import { startInstallation, subscriptionId } from './installation.ts';
import { locations } from './plan.ts';
import { createSecretScan } from './secretScan.ts';

const runs = 500;
const slots = 50;
const samples = 30;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const installation = await startInstallation({ timeScale: '1', workers: 1, log: console.log });
// The installation's worker registers schedule and search attributes; a worker with fewer slots replaces it.
while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok) await sleep(100);
await installation.kill('worker');
const emulator = createEmulatorControl(installation.emulatorUrl, installation.caFile);
const api = createApiClient(installation.url, createSecretScan(), new AbortController().signal);
const connection = await NativeConnection.connect({ address: installation.address });
const dataConverter = installation.dataConverter();
const client = new Client({ connection, dataConverter });
await emulator.setThrottling(false);
const always = { share: 1, seed: 0 };
const address = { method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' };
await emulator.addFault({ match: address, chance: always, effect: { hangOperation: true } });
await emulator.addFault({
  match: { method: 'PUT', id: '/providers/' },
  chance: always,
  effect: { status: 409, code: 'AnotherOperationInProgress', headers: { 'retry-after': '600' } },
});
const ca = await readFile(installation.caFile, 'utf8');
const target = { kind: 'emulator', endpoint: installation.emulatorUrl, ca, timeScale: 1 } as const;
const activities = createActivities({
  azure: connectAzure(target, [subscriptionId]),
  sealKey: 'slot-usage',
  allowPrivateRepositories: false,
});
let usedSlots = 0;
const countedActivities = Object.fromEntries(
  Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) => {
      usedSlots += 1;
      try {
        return await run(input);
      } finally {
        usedSlots -= 1;
      }
    },
  ]),
);
const workflowsPath = fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url));
const workers = await Promise.all([
  Worker.create({
    connection,
    dataConverter,
    taskQueue: taskQueues.workflows,
    workflowsPath,
    activities: createEnvironmentActivities(createEnvironmentGateway(client)),
    sinks: workflowReports(),
    maxCachedWorkflows: 1_200,
  }),
  ...[taskQueues.armRead, taskQueues.armWrite].map((taskQueue) =>
    Worker.create({
      connection,
      dataConverter,
      taskQueue,
      activities: countedActivities,
      maxConcurrentActivityTaskExecutions: slots / 2,
      // With ARM's rate limits it would take many minutes until all runs wait.
      maxTaskQueueActivitiesPerSecond: 1_000,
    }),
  ),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
let passed = false;
try {
  await emulator.raiseQuota(locations);
  for (let n = 0; n < runs; n++) {
    const body = { name: `slots${String(n).padStart(4, '0')}`, location: locations[n % locations.length] };
    const { status } = await api.call('POST', '/environments', body);
    if (status !== 202) throw new Error(`POST: ${status}`);
  }
  while ((await emulator.resources()).length < 2 * runs) await sleep(1_000);
  const query = `WorkflowType = 'provision' AND ExecutionStatus = 'Running'`;
  const observed: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    await sleep(1_000);
    observed.push(usedSlots);
  }
  const { count: open } = await client.workflow.count(query);
  console.log(`${open} runs waiting; used slots per second: ${observed.join(' ')} of ${slots}`);
  passed = open === runs && Math.max(...observed) < slots / 2;
} finally {
  for (const worker of workers) worker.shutdown();
  await running;
  await connection.close();
  await installation.close(false);
}
process.exit(passed ? 0 : 1);
