import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocking } from '../../src/domain/preflightReport.ts';
import type { Finding } from '../../src/domain/preflightReport.ts';
import {
  attempt,
  createResource,
  deleteResource,
  failureOf,
  startEmulatorHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { specOf } from '../workflows/fixtures.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

/** Milliseconds ago; negative: the wait lasts longer than ten minutes of the emulator's fast clock. */
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

/** A storage account and its group are created and deleted; its name stays taken. Returns preflight's input for the next POST. */
async function deleted(suffix: string, heldSeconds: number) {
  await harness.control('PUT', 'objects/storageNameHeldSeconds', { value: heldSeconds });
  const ref = { ...harness.ref, name: suffix, suffix };
  const here = { ...harness, ref };
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  await deleteResource(here, await createResource(here, 'storageAccount'));
  const { token } = await attempt(harness.activities.beginGroupDeletion, { ref });
  await untilDone(harness.activities.observeGroupDeletion, { ref, token });
  return { ref, spec: specOf(suffix, { suffix }), specHash: 'h1' };
}

const held = 'held by what you just deleted, or taken by somebody else; checking again';

test('T10 a name of what was just deleted is waited for', async () => {
  const input = { ...(await deleted('heldnow', 10_000)), namesFreedAt: ago(-60_000) };
  expect(await failureOf(attempt(harness.activities.preflight, input))).toMatchObject({
    type: 'NotYetConsistent',
    nonRetryable: false,
    message: `storage account stheldnow: ${held}`,
  });
  expect(blocking((await untilDone(harness.activities.preflight, input)).findings)).toEqual([]);
});

const blocks = [
  {
    rule: 'PF-41',
    message: expect.stringContaining('stheldlong: The storage account named stheldlong is already taken') as string,
    remedy: expect.stringMatching(/wait some minutes, then POST .* with another "suffix"/) as string,
  },
];

test('T10 a name that stays taken blocks after ten minutes, or at once where nothing was deleted', async () => {
  const input = await deleted('heldlong', 1e9);
  const later = { ...input, namesFreedAt: ago(60_000) };
  expect(blocking((await attempt(harness.activities.preflight, later)).findings)).toMatchObject(blocks);
  expect(blocking((await attempt(harness.activities.preflight, input)).findings)).toMatchObject(blocks);
});

const ruleOf = ({ rule, severity }: Finding): string => `${rule} ${severity}`;

test('T10 a plan does not wait: what a run waits for is a warning, and what a run fails with blocks', async () => {
  const input = await deleted('heldplan', 1e9);
  const planAt = async (namesFreedAt: string | undefined) =>
    (await attempt(harness.activities.preflight, { ...input, namesFreedAt, waits: false })).findings;
  const waiting = await planAt(ago(-60_000));
  expect(blocking(waiting)).toEqual([]);
  expect(waiting.map(ruleOf)).toContain('PF-41 warns');
  expect((await planAt(ago(60_000))).map(ruleOf)).toContain('PF-41 blocks');
});

test('T10 where something else blocks too, everything is reported at once', async () => {
  const input = { ...(await deleted('heldmore', 1e9)), namesFreedAt: ago(-60_000) };
  await harness.control('PUT', 'objects/quota:ml:standardDSv2Family:westus2', { value: 0 });
  const found = blocking((await attempt(harness.activities.preflight, input)).findings);
  expect(found.map(({ rule }) => rule)).toEqual(['PF-41', 'ML-QUOTA']);
});
