import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('import');
const registry = (): string => arm.id('Microsoft.ContainerRegistry/registries', 'crimport1');
const publicImage = { registryUri: 'mcr.microsoft.com', sourceImage: 'azureml/minimal-py312-inference:latest' };
const importFrom = (source: object, more: object = {}): Promise<Reply> =>
  arm.send('POST', `${registry()}/importImage`, { source, targetTags: ['serving:v1'], ...more });
const images = async (): Promise<string[]> => (await arm.control('GET', 'objects/image:crimport1*')).body;

test('an image of a public registry is imported under its tag, once unless it is forced', async () => {
  await arm.put(registry(), { location, sku: { name: 'Premium' } });
  const accepted = await importFrom(publicImage);
  expect(accepted.status).toBe(202);
  expect(accepted.headers['location']).toBeDefined();
  expect(await images()).toContain('image:crimport1.azurecr.io/serving:v1');
  const twice = await importFrom(publicImage);
  expect([twice.status, twice.body.error.code]).toEqual([409, 'Conflict']);
  expect((await importFrom(publicImage, { mode: 'Force' })).status).toBe(202);
});

test('an image of another registry is imported by its id', async () => {
  const second = { resourceId: registry(), sourceImage: 'serving:v1' };
  expect((await importFrom(second, { targetTags: ['copy'] })).status).toBe(202);
  expect(await images()).toContain('image:crimport1.azurecr.io/copy:latest');
});

test('an image that does not exist is refused', async () => {
  const answer = await importFrom({ registryUri: 'mcr.microsoft.com', sourceImage: 'nothing:v1' });
  expect([answer.status, answer.body.error.code]).toEqual([400, 'InvalidParameters']);
});
