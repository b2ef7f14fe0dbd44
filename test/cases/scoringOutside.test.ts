import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateDoor } from '../../src/activities/isolation/outsideVerdict.ts';
import { scoringDoor } from '../../src/activities/isolation/proveOutside.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { attempt, createResource, keys, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

const seen = (status: number, body = '') => ({ addresses: ['20.1.2.3'], status, body, error: null });
const privateLink = 'Access to workspace was denied based on workspace private link configuration';

describe('the scoring address from outside', () => {
  test.each([
    [401, false, 'inconclusive', true],
    [404, false, 'inconclusive', true],
    [200, false, 'failed', false],
    [200, true, 'failed', false],
    [424, true, 'failed', false],
    [401, true, 'inconclusive', false],
    [404, true, 'inconclusive', false],
    [503, true, 'inconclusive', false],
  ])('%i, with the key: %s, is %s', (status, withKey, verdict, repeat) => {
    expect(evaluateDoor(scoringDoor('key'), seen(status), true, withKey)).toMatchObject({ verdict, repeat });
  });

  test.each([false, true])('the private link refusal is closed, with the key: %s', (withKey) => {
    expect(evaluateDoor(scoringDoor('key'), seen(403, privateLink), true, withKey)).toMatchObject({
      verdict: 'passed',
    });
  });
});

describe('a gateway that checks the key before the network', () => {
  let harness: EmulatorHarness;
  beforeAll(async () => {
    harness = await startEmulatorHarness();
    await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
    for (const key of keys.filter((key) => !/networkInterface|virtualMachine|buildInternet/.test(key)))
      await createResource(harness, key);
    await harness.control('PUT', 'objects/scoring:authenticatesFirst', { value: true });
  }, 60_000);
  afterAll(() => harness.close());

  const row = async () => {
    const { rows } = await attempt(harness.activities.proveOutside, { ref: harness.ref });
    return rows.find(({ check }) => check === 'scoring endpoint from outside');
  };

  test('is closed when it refuses the real key, which is part of no row', async () => {
    const proved = await row();
    expect(proved).toMatchObject({
      check: 'scoring endpoint from outside',
      verdict: 'passed',
      observed: expect.stringMatching(/^refused with 403 at .*, with the endpoint’s key$/) as string,
    });
    const { id } = plannedResource(harness.ref, 'onlineEndpoint');
    const names = id.split('/');
    const { onlineEndpoints } = harness.azure.clients(harness.ref.subscriptionId).machineLearning;
    const { primaryKey } = await onlineEndpoints.listKeys('rg-moat-churn1', names.at(-3)!, names.at(-1)!);
    expect(JSON.stringify([proved, await harness.control('GET', 'requests')])).not.toContain(primaryKey);
  });
});
