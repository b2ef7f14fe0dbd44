import { beforeEach, expect, test } from 'vitest';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { clientId, container, isolatedCloud, registry, scoringUri, storageAccount } from '../emulator/isolatedCloud.ts';
import type { IsolatedCloud } from '../emulator/isolatedCloud.ts';

/** The scripts run in virtual time: waiting a quarter of an hour takes no time here. */
let isolated: IsolatedCloud;
beforeEach(() => {
  isolated = isolatedCloud();
  isolated.openInternet(true);
});

const minutes = (count: number): number => isolated.cloud.now() + count * 60_000;

async function ran<Name extends 'setUp' | 'buildImage' | 'score'>(
  name: Name,
  input: Parameters<typeof jumpboxCommand<Name>>[1],
) {
  const run = await runScript(isolated.cloud, isolated.vm, jumpboxCommand(name, input));
  const view = { ...run, executionState: run.state };
  return { outcome: (async () => readOutcome(name, view))(), minutes: run.elapsedSeconds / 60 };
}

async function buildWith(grants: { push?: number; blobs?: number }) {
  await ran('setUp', {});
  for (const [role, after] of Object.entries(grants)) isolated.assign(role as 'push' | 'blobs', minutes(after));
  const model = samples.custom;
  return ran('buildImage', { clientId, registry, storageAccount, container, model, allowPrivateRepositories: false });
}

const key = { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] };
const score = () => ran('score', { clientId, endpointId: isolated.endpoint.id, scoringUri, request: key });

test('A15 a role on the registry that is effective after 14 minutes is waited for', async () => {
  const { outcome, minutes } = await buildWith({ push: 14, blobs: 0 });
  expect(await outcome).toMatchObject({ image: expect.stringContaining('@sha256:') as string });
  expect(minutes).toBeGreaterThan(14);
});

test('A15 a role on the storage account that becomes effective during the image build delays nothing', async () => {
  const { outcome } = await buildWith({ push: 0, blobs: 20 });
  expect(await outcome).toMatchObject({ modelPath: expect.stringContaining('model') as string });
});

test.each(['push', 'blobs'] as const)(
  'A15 the role %s that is never effective ends Forbidden, not before 15 minutes',
  async (missing) => {
    const { outcome, minutes } = await buildWith({ push: 0, blobs: 0, [missing]: 24 * 60 });
    await expect(outcome).rejects.toMatchObject({
      type: 'Forbidden',
      retryable: false,
      remedy: expect.stringContaining('role assignments') as string,
    });
    expect(minutes).toBeGreaterThanOrEqual(15);
  },
);

test('A15 listing keys with a role that is never effective ends Forbidden, not before 15 minutes', async () => {
  await ran('setUp', {});
  const { outcome, minutes } = await score();
  await expect(outcome).rejects.toMatchObject({ type: 'Forbidden' });
  expect(minutes).toBeGreaterThanOrEqual(15);
});

/** The score follows an image build, so that the machine has a token from before the grant of the keys' role. */
async function scoreAfterBuild(tokenCacheMinutes: number) {
  isolated.cloud.objects.put('tokenCacheMinutes', tokenCacheMinutes);
  isolated.cloud.clock = minutes((await buildWith({ push: 0, blobs: 0 })).minutes);
  const [issue] = isolated.cloud.objects.keys('tokenIssuedAt:');
  const tokenAge = (isolated.cloud.now() - Number(isolated.cloud.objects.get(issue!))) / 60_000;
  isolated.assign('keys', minutes(0));
  const run = await score();
  return {
    ...run,
    tokenAge,
    text: run.outcome.then(
      () => 'scored',
      (error: Error) => error.message,
    ),
  };
}

test('A15 a token from before the grant is replaced by a new sign-in', async () => {
  const { text, minutes } = await scoreAfterBuild(0);
  expect(await text).toBe('scored');
  expect(minutes).toBeLessThan(5);
});

test('A15 a token from before the grant that the machine keeps for ten minutes is waited out', async () => {
  const { text, minutes, tokenAge } = await scoreAfterBuild(10);
  expect(await text).toBe('scored');
  expect(minutes).toBeGreaterThanOrEqual(10 - tokenAge);
});

test('A15 a token from before the grant that the machine keeps for a day ends Forbidden, not before 15 minutes', async () => {
  const { outcome, text, minutes } = await scoreAfterBuild(24 * 60);
  expect(await text).toMatch(/listing the keys.*please refresh your credentials/);
  await expect(outcome).rejects.toMatchObject({ type: 'Forbidden' });
  expect(minutes).toBeGreaterThanOrEqual(15);
});

test('A15 a role on the storage account that is granted after the sign-in to the registry is used by the upload', async () => {
  isolated.cloud.objects.put('tokenCacheMinutes', 0);
  const { outcome } = await buildWith({ push: 0, blobs: 3 });
  expect(await outcome).toMatchObject({ modelPath: expect.stringContaining('model') as string });
});
