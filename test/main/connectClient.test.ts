import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import type { Proof, ProofRow } from '../../src/domain/environment.ts';
import { connectClient } from '../../src/main/temporal/connectClient.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { environmentWorkflowType } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../e2e/support/until.ts';

const count = 60;
const at = new Date().toISOString();
const row: ProofRow = { check: 'c', from: 'arm', expected: 'e', observed: 'o'.repeat(1_000), at, verdict: 'failed' };
/** Some 110 KB: a page of these is more than gRPC receives by default. */
const proof: Proof = { at, complete: false, rows: Array.from({ length: 100 }, () => row), changes: [] };

let connection: Connection;
let client: Client;
beforeAll(async () => {
  const { address } = inject('temporal');
  connection = await connectClient({ address });
  client = new Client({ connection, namespace: await ownNamespace(address, 'large-lists') });
  await until('the namespace is ready', async () => {
    await setUpNamespace(client);
    return true;
  });
});
afterAll(() => connection.close());

test('a page of environments with large proofs is received', async () => {
  const query = `WorkflowType = '${environmentWorkflowType}'`;
  await makeKnownEnvironments(client, { count, change: () => ({ proof }) });
  await until('all are visible', async () => (await client.workflow.count(query)).count === count);
  const { list } = createEnvironments(client, { target: 'emulator', subscriptionId: '', temporalUi: null });
  expect((await list({ limit: 100 })).items).toHaveLength(count);
});
