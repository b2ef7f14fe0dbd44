import { afterAll, beforeAll, expect, test } from 'vitest';
import { existingIds } from '../../src/domain/existingResources.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource, resourceName } from '../../src/domain/resources.ts';
import { additionTags } from '../../src/activities/resources/ownershipSeal.ts';
import { attempt, createResource, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

const version = '2024-10-01';
const sealKey = 'the key of an installation';
let owner: EmulatorHarness;
let ref: EnvironmentRef;
let codes: string;

/** The workspace is that of another environment: whoever made it, it is an existing resource. */
beforeAll(async () => {
  owner = await startEmulatorHarness({ sealKey });
  await attempt(owner.activities.ensureGroup, { ref: owner.ref, tags: {} });
  const keys = ['storageAccount', 'vault', 'registry', 'logAnalytics', 'applicationInsights', 'workspace'] as const;
  for (const key of keys) await createResource(owner, key);
  const ids = existingIds({ workspace: plannedResource(owner.ref, 'workspace').id });
  ref = { ...owner.ref, name: 'churn2', suffix: 'churn2xx', ids };
  codes = `${plannedResource(ref, 'workspace').id}/codes/${resourceName(ref, 'onlineEndpoint')}`;
});
afterAll(() => owner.close());

const send = (method: 'GET' | 'PUT' | 'DELETE', id: string, tags?: Record<string, string>) =>
  owner.azure.generic.send(method, id, version, {
    ...(tags && { body: { properties: { codeUri: 'https://sttest.blob.core.windows.net/c/code', tags } } }),
  });
const sealed = (id: string) => send('PUT', id, additionTags(sealKey, ref, id));
const statusOf = (id: string): Promise<number | null> =>
  send('GET', id).then(
    () => 200,
    (error: unknown) => owner.azure.errorOf(error).status,
  );
const remove = () => attempt(owner.activities.deleteAddedVersions, { ref });

test('an asset goes with its last version, also where an earlier attempt has deleted that one', async () => {
  await sealed(`${codes}/versions/1`);
  await remove();
  expect(await statusOf(codes)).toBe(404);

  await sealed(`${codes}/versions/1`);
  await send('DELETE', `${codes}/versions/1`);
  expect(await statusOf(codes)).toBe(200);
  await remove();
  expect(await statusOf(codes)).toBe(404);
});

test('an asset with a version of somebody else stays, with that version', async () => {
  await sealed(`${codes}/versions/1`);
  await send('PUT', `${codes}/versions/2`, {});
  await remove();
  expect([await statusOf(`${codes}/versions/1`), await statusOf(`${codes}/versions/2`)]).toEqual([404, 200]);
});
