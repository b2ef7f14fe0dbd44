import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiVersionPolicy, offeredVersion } from '../../src/azure/apiVersionFallback.ts';
import { attempt, createResource, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

const supported = (versions: string): string =>
  `No registered resource provider found for location 'westus2' and API version '2026-01-01' for type 'virtualNetworks'. The supported api-versions are '${versions}'. The supported locations are 'westus2'.`;

const answer = (status: number, code: string, message: string): PipelineResponse => ({
  request: createPipelineRequest({ url: 'https://localhost' }),
  headers: createHttpHeaders(),
  status,
  bodyAsText: JSON.stringify({ error: { code, message } }),
});

test('The newest released version that is not newer than the sent one is taken.', () => {
  const versions = '2024-05-01, 2025-09-01, 2025-11-01-preview, 2026-03-01, 2025-01-01';
  expect(offeredVersion(answer(400, 'NoRegisteredProviderFound', supported(versions)), '2026-01-01')).toBe(
    '2025-09-01',
  );
  const invalid = "The api-version '2026-09-01' is invalid. The supported versions are '2026-04-01,2025-08-01'.";
  expect(offeredVersion(answer(400, 'InvalidApiVersionParameter', invalid), '2026-09-01')).toBe('2026-04-01');
  const noType =
    "The resource type could not be found in the namespace 'Microsoft.Storage' for api version '2026-09-01'. The supported api-versions are '2026-04-01'.";
  expect(offeredVersion(answer(404, 'InvalidResourceType', noType), '2026-09-01')).toBe('2026-04-01');
});

test('Another error, or one that lists no older version, is left to the activity.', () => {
  expect(offeredVersion(answer(400, 'InvalidRequestFormat', supported('2025-09-01')), '2026-01-01')).toBeUndefined();
  expect(offeredVersion(answer(400, 'NoRegisteredProviderFound', supported('')), '2026-01-01')).toBeUndefined();
  expect(offeredVersion(answer(404, 'ResourceNotFound', 'not found'), '2026-01-01')).toBeUndefined();
  expect(offeredVersion({ ...answer(400, '', ''), bodyAsText: '<html>' }, '2026-01-01')).toBeUndefined();
});

test('The version is kept for the type, and only for that.', async () => {
  const policy = apiVersionPolicy();
  const seen: string[] = [];
  const send = (path: string, version: string) =>
    policy.sendRequest(
      createPipelineRequest({ url: `https://localhost${path}?api-version=${version}` }),
      async ({ url }) => {
        const asked = new URL(url).searchParams.get('api-version')!;
        seen.push(asked);
        return asked === '2026-01-01'
          ? answer(400, 'NoRegisteredProviderFound', supported('2025-09-01'))
          : { ...answer(200, '', ''), bodyAsText: '{}' };
      },
    );
  const network = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network';
  expect((await send(`${network}/virtualNetworks/a`, '2026-01-01')).status).toBe(200);
  await send(`${network}/virtualNetworks/b`, '2026-01-01');
  await send(`${network}/natGateways/c`, '2024-01-01');
  expect(seen).toEqual(['2026-01-01', '2025-09-01', '2025-09-01', '2024-01-01']);
});

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

test('A region without the SDK’s version gets the resource with an older one.', async () => {
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  await harness.control('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' },
    effect: { status: 400, code: 'NoRegisteredProviderFound', message: supported('2025-09-01, 2025-07-01') },
  });
  await createResource(harness, 'natAddress');
  const sent = (await harness.sent('PUT', /publicIPAddresses/i)) as unknown as { query: Record<string, string> }[];
  expect(sent.map(({ query }) => query['api-version'])).toEqual(['2026-01-01', '2025-09-01']);
});
