import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf, startEmulatorHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

const tail = (container: 'inference-server' | 'storage-initializer', lines: number) =>
  untilDone(harness.activities.tailContainerLog, { ref: harness.ref, container, tail: lines });

const answerLog = (content: string) =>
  harness.control('POST', 'faults', {
    match: { method: 'POST', id: 'deployments/blue/getLogs' },
    times: 1,
    effect: { status: 200, body: { content } },
  });

test('without a group, or with one that has no deployment, there is no log', async () => {
  expect(await tail('inference-server', 10)).toEqual({ log: null });
  const { activities, ref } = harness;
  await untilDone(activities.ensureGroup, { ref, tags: { environment: ref.name, owner: 'ana', spec: 'h1' } });
  expect(await tail('inference-server', 10)).toEqual({ log: null });
});

test('the requested container is asked for so many lines, and secrets are removed', async () => {
  await answerLog('AccountKey=c2VjcmV0\nGET https://stx.blob.core.windows.net/c/m.pkl?sig=abc');
  expect(await tail('storage-initializer', 7)).toEqual({
    log: 'AccountKey=***\nGET https://stx.blob.core.windows.net/c/m.pkl',
  });
  const sent = await harness.sent('POST', /\/getLogs$/i);
  expect(sent.at(-1)?.body).toEqual({ containerType: 'StorageInitializer', tail: 7 });
});

test('a log with very long lines is cut at its beginning', async () => {
  await answerLog(`first ${'x'.repeat(300_000)}\nlast line`);
  const { log } = await tail('inference-server', 1000);
  expect(log).toHaveLength(200_000);
  expect(log).toMatch(/x\nlast line$/);
});

test('the log of a group of another installation is not read', async () => {
  const { azure, ref } = harness;
  await azure.clients(ref.subscriptionId).resources.resourceGroups.update(`rg-moat-${ref.name}`, {
    tags: { 'moat-seal': 'f'.repeat(64) },
  });
  const { type, detail } = await failureOf(tail('inference-server', 10));
  expect([type, detail.code]).toEqual(['Forbidden', 'NotSealed']);
});
