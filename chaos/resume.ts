/**
 * How soon a run goes on after kill -9 of the only worker: from the moment a worker is back until every activity that was in
 * flight has begun again or is done. Prints each round; fails above 20 seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { runWorkflowId } from '../src/workflows/messages.ts';
import { clientOf } from './client.ts';
import { install } from './installation.ts';
import { createSecretSearch } from './secrets.ts';

const limitSeconds = 20;
const rounds = 5;
const names = Array.from({ length: 8 }, (_, n) => `resume${n + 1}`);
const { PENDING_ACTIVITY_STATE_STARTED: started } = proto.temporal.api.enums.v1.PendingActivityState;

const installation = await install({ timeScale: '1/60', workers: 1, tell: console.log });
const never = new AbortController().signal;
const user = clientOf(installation.url, createSecretSearch(), never);
const client = new Client({ connection: await Connection.connect({ address: installation.address }) });

/** Activities in flight, with their attempts. */
async function inFlight(all = false): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of names) {
    const handle = client.workflow.getHandle(runWorkflowId(name, 'provision-1'));
    const { raw } = await handle.describe().catch(() => ({ raw: { pendingActivities: [] } }));
    for (const { activityId, attempt, state } of raw.pendingActivities ?? [])
      if (all || state === started) found.set(`${name} ${activityId}`, attempt ?? 1);
  }
  return found;
}

let worst = 0;
try {
  while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok) await sleep(100);
  for (const name of names) await user.call('POST', '/environments', { name, location: 'westus2' });
  for (let round = 1; round <= rounds; round++) {
    await sleep(2_000 + 500 * round);
    let lost = await inFlight();
    while (lost.size === 0) lost = await inFlight();
    await installation.kill('worker');
    await installation.startAgain(['worker'], never);
    const back = performance.now();
    while (lost.size > 0) {
      await sleep(100);
      const now = await inFlight(true);
      for (const [key, attempt] of lost) if ((now.get(key) ?? Infinity) > attempt) lost.delete(key);
    }
    const seconds = (performance.now() - back) / 1000;
    worst = Math.max(worst, seconds);
    console.log(`round ${round}: all goes on ${seconds.toFixed(1)} s after a worker is back`);
  }
} finally {
  await client.connection.close();
  await installation.close(false);
}
console.log(`longest ${worst.toFixed(1)} s, limit ${limitSeconds} s`);
process.exit(worst <= limitSeconds ? 0 : 1);
