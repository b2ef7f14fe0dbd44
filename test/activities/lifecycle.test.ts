import { afterEach, beforeEach, expect, test } from 'vitest';
import { privateLinkKeys, zoneNames } from '../../src/domain/privateLinks.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { evaluateJumpbox } from '../../src/domain/insideProbe.ts';
import { roleDefinitionIn } from '../../src/domain/roleDefinitions.ts';
import { sampleOf } from '../../src/domain/samples.ts';
import { startEmulatorHarness, untilDone, deleteResource } from './emulatorHarness.ts';
import { createEnvironment, onJumpbox } from './soundEnvironment.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeEach(async () => {
  harness = await startEmulatorHarness();
});
afterEach(() => harness.close());

/** `keyReader`: an existing role that the spec names. */
async function runLifecycle(model: 'custom' | 'mlflow', keyReader?: string): Promise<void> {
  const { activities, ref } = harness;
  await createEnvironment(harness, model, keyReader);

  const scored = await onJumpbox(harness, 'scoreSample', { model });
  expect(scored.status).toBe(200);
  expect((scored.body as number[]).map(Math.trunc)).toEqual((sampleOf(model).expected as number[]).map(Math.trunc));
  expect(await untilDone(activities.readOutputs, { ref })).toEqual({
    scoringUri: 'https://churn1-k3x9a0q7.westus2.inference.ml.azure.com/score',
    workspaceId: plannedResource(ref, 'workspace').id,
  });
  const { rows } = await onJumpbox(harness, 'verify');
  const { inside, outward } = evaluateJumpbox(ref, rows);
  const outside = await untilDone(activities.proveOutside, { ref });
  const arm = await untilDone(activities.proveFromArm, { ref });
  const proved = [...outside.rows, ...inside, ...outward, ...arm.rows];
  expect(proved.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);

  const remove = (keys: readonly ResourceKey[]) =>
    Promise.all(keys.map((key) => deleteResource(harness, plannedResource(ref, key).id)));
  await remove(['onlineEndpoint']);
  await remove(['virtualMachine']);
  await untilDone(activities.revokeRoles, { ref });
  await remove(privateLinkKeys.map((link): ResourceKey => `zoneGroup:${link}`));
  await remove(privateLinkKeys.map((link): ResourceKey => `privateEndpoint:${link}`));
  await remove(['workspace']);
  await remove(['registry', 'storageAccount', 'applicationInsights', 'vault', 'identity']);
  const purge = await untilDone(activities.beginVaultPurge, { ref });
  await untilDone(activities.observeVaultPurge, { ref, token: purge.token });
  await remove(zoneNames.map((zone): ResourceKey => `zoneLink:${zone}`));
  await remove(zoneNames.map((zone): ResourceKey => `zone:${zone}`));
  await remove(['virtualNetwork', 'logAnalytics']);
  await remove(['natGateway']);
  await remove(['natAddress', 'networkSecurityGroup']);
  expect((await untilDone(activities.listGroup, { ref })).resources).toEqual([]);

  const { token } = await untilDone(activities.beginGroupDeletion, { ref });
  await untilDone(activities.observeGroupDeletion, { ref, token });
  expect(await untilDone(activities.listGroup, { ref })).toMatchObject({ exists: false, resources: [] });
}

test('An environment is created, scored, proved isolated and deleted.', { timeout: 60_000 }, () =>
  runLifecycle('custom'),
);

test(
  'An environment with a model in MLflow format is created, scored, proved isolated and deleted.',
  { timeout: 60_000 },
  async () => {
    // its jumpbox fetches the key with a role that the spec names: AzureML Data Scientist (Azure docs: built-in roles)
    await runLifecycle('mlflow', roleDefinitionIn(harness.ref.subscriptionId, 'f6c7c914-8db3-469d-8ca1-694a8f32e121'));
    expect(await harness.sent('PUT', /roleDefinitions/i)).toEqual([]);
  },
);

test(
  'An environment is created and deleted despite lost answers and refused requests.',
  { timeout: 60_000 },
  async () => {
    const effects = [
      { dropAnswer: true },
      { status: 503, code: 'ServiceUnavailable' },
      { reset: true },
      { status: 429, code: 'TooManyRequests', headers: { 'x-ms-retry-after-ms': '30' } },
    ];
    for (const [method, every] of [
      ['PUT', 3],
      ['DELETE', 3],
      ['GET', 15],
      ['POST', 5],
    ] as const) {
      for (let n = 0; n < 12; n++) {
        await harness.control('POST', 'faults', {
          match: { method },
          skip: n * every,
          effect: effects[n % effects.length],
        });
      }
    }
    await runLifecycle('custom');
    const faults = (await harness.control('GET', 'faults')) as { hits: number }[];
    expect(faults.filter(({ hits }) => hits > 0).length).toBeGreaterThan(30);
  },
);
