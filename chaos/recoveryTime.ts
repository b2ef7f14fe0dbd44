/**
 * Measures how soon runs continue after kill -9 of the only worker: from the start of the next worker until every activity that was
 * running has a new attempt or is completed. Prints each round; fails above 20 seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { runWorkflowId } from '../src/workflows/messages.ts';
import { createApiClient } from './apiClient.ts';
import { startInstallation } from './installation.ts';
import { createSecretScan } from './secretScan.ts';

const limitSeconds = 20;
const rounds = 5;
const names = Array.from({ length: 8 }, (_, n) => `resume${n + 1}`);
const { PENDING_ACTIVITY_STATE_STARTED: started } = proto.temporal.api.enums.v1.PendingActivityState;

const installation = await startInstallation({ timeScale: '1/60', workers: 1, log: console.log });
const never = new AbortController().signal;
const api = createApiClient(installation.url, createSecretScan(), never);
const client = new Client({
  connection: await Connection.connect({ address: installation.address }),
  dataConverter: installation.dataConverter(),
});

/** Running (or all pending) activities with their attempt numbers. */
async function pendingActivities(all = false): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of names) {
    const handle = client.workflow.getHandle(runWorkflowId(name, 'provision-1'));
    const { raw } = await handle.describe().catch(() => ({ raw: { pendingActivities: [] } }));
    for (const { activityId, attempt, state } of raw.pendingActivities ?? [])
      if (all || state === started) found.set(`${name} ${activityId}`, attempt ?? 1);
  }
  return found;
}

let longest = 0;
try {
  while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok) await sleep(100);
  for (const name of names) await api.call('POST', '/environments', { name, location: 'westus2' });
  for (let round = 1; round <= rounds; round++) {
    await sleep(2_000 + 500 * round);
    let interrupted = await pendingActivities();
    while (interrupted.size === 0) interrupted = await pendingActivities();
    await installation.kill('worker');
    await installation.restart(['worker'], never);
    const restartedAt = performance.now();
    while (interrupted.size > 0) {
      await sleep(100);
      const now = await pendingActivities(true);
      for (const [key, attempt] of interrupted) if ((now.get(key) ?? Infinity) > attempt) interrupted.delete(key);
    }
    const seconds = (performance.now() - restartedAt) / 1000;
    longest = Math.max(longest, seconds);
    console.log(`round ${round}: all activities continued ${seconds.toFixed(1)} s after the worker's start`);
  }
} finally {
  await client.connection.close();
  await installation.close(false);
}
console.log(`longest ${longest.toFixed(1)} s, limit ${limitSeconds} s`);
process.exit(longest <= limitSeconds ? 0 : 1);
