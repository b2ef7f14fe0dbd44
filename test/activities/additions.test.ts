import { afterAll, beforeAll, expect, test } from 'vitest';
import { existingIds } from '../../src/domain/existingResources.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { until } from '../e2e/support/until.ts';
import { attempt, createResource, failureOf, startEmulatorHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

const zone = 'privatelink.blob.core.windows.net';
let owner: EmulatorHarness;
let harness: EmulatorHarness;
let ref: EnvironmentRef;

/** The zone and the storage account are those of another environment: whoever made them, they are existing resources. */
beforeAll(async () => {
  owner = await startEmulatorHarness();
  await attempt(owner.activities.ensureGroup, { ref: owner.ref, tags: {} });
  for (const key of [`zone:${zone}`, 'storageAccount'] as const) await createResource(owner, key);
  const ids = existingIds({
    storageAccount: plannedResource(owner.ref, 'storageAccount').id,
    privateDnsZones: [plannedResource(owner.ref, `zone:${zone}`).id],
  });
  ref = { ...owner.ref, name: 'churn2', suffix: 'churn2xx', ids };
  harness = { ...owner, ref };
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  for (const key of ['networkSecurityGroup', 'natAddress', 'natGateway', 'virtualNetwork'] as const)
    await createResource(harness, key);
});
afterAll(() => owner.close());

const linkId = (): string => plannedResource(ref, `zoneLink:${zone}`).id;
const remove = (id: string) => attempt(harness.activities.deleteResource, { ref, id });
/** Writes the link once no other operation on it is in progress. */
const putLink = (id: string, tags: Record<string, string>) =>
  until(`${id} is written`, async () =>
    owner.azure.generic
      .send('PUT', id, '2024-06-01', {
        body: {
          location: 'global',
          tags,
          properties: { virtualNetwork: { id: plannedResource(ref, 'virtualNetwork').id }, registrationEnabled: false },
        },
      })
      .then(
        () => true,
        (error: unknown) => {
          if (owner.azure.errorOf(error).status === 409 || owner.azure.errorOf(error).status === 429) return false;
          throw error;
        },
      ),
  );

test('an existing resource is read and never written', async () => {
  await createResource(harness, 'storageAccount');
  await createResource(harness, `zone:${zone}`);
  const writes = await harness.sent('PUT', /storageAccounts|privateDnsZones/i);
  // those of its owner
  expect(writes.map(({ path }) => path.split('/').at(-1))).toEqual([zone, `st${owner.ref.suffix}`]);
});

test('an existing resource that is absent or in another region is a final failure', async () => {
  const absent = { ...ref, ids: existingIds({ vault: plannedResource(owner.ref, 'vault').id }) };
  const vault = { ref: absent, key: 'vault', readFirst: false, options: {} } as const;
  expect(await failureOf(attempt(harness.activities.ensureResource, vault))).toMatchObject({
    type: 'InvalidRequest',
    nonRetryable: true,
  });
  const elsewhere = { ...ref, location: 'eastus' };
  const account = { ref: elsewhere, key: 'storageAccount', readFirst: false, options: {} } as const;
  const { detail } = await failureOf(attempt(harness.activities.ensureResource, account));
  expect(detail.message).toContain('is in westus2, not in eastus');
});

test('no existing resource, and nothing of others below it, can be deleted', async () => {
  const other = `${plannedResource(ref, `zone:${zone}`).id}/virtualNetworkLinks/of-the-team`;
  for (const id of [plannedResource(ref, 'storageAccount').id, plannedResource(ref, `zone:${zone}`).id, other])
    expect((await failureOf(remove(id))).detail, id).toMatchObject({ type: 'Forbidden', code: 'NotInGroup' });
});

test('a link has a seal that no copy has: only the genuine one is listed and deleted', async () => {
  await createResource(harness, `zoneLink:${zone}`);
  expect(await attempt(harness.activities.listAdditions, { ref })).toMatchObject({ resources: [linkId()] });
  const { tags } = (await owner.azure.generic.send('GET', linkId(), '2024-06-01')) as { tags: Record<string, string> };

  // another environment with the same names would have the same link: its seal is another one
  const impostor = { ...ref, name: 'churn3', group: `rg-moat-${ref.name}` };
  expect(await attempt(harness.activities.listAdditions, { ref: impostor })).toMatchObject({ resources: [] });

  await putLink(linkId(), { ...tags, 'moat-seal': '0'.repeat(64) });
  expect(await attempt(harness.activities.listAdditions, { ref })).toMatchObject({ resources: [] });
  expect((await failureOf(remove(linkId()))).detail).toMatchObject({ type: 'NameTaken', code: 'NotSealed' });
  expect((await failureOf(createResource(harness, `zoneLink:${zone}`))).detail).toMatchObject({ type: 'NameTaken' });

  await putLink(linkId(), tags);
  await untilDone(harness.activities.deleteResource, { ref, id: linkId() });
  expect(await attempt(harness.activities.listAdditions, { ref })).toMatchObject({ resources: [] });
});

test('a link that its owner made is used, one that another environment made is not', async () => {
  const other = `${plannedResource(ref, `zone:${zone}`).id}/virtualNetworkLinks/dns-churn9`;
  await putLink(other, { 'moat-environment': 'churn9' });
  expect((await failureOf(createResource(harness, `zoneLink:${zone}`))).detail).toMatchObject({
    type: 'NameTaken',
    code: 'LinkedByAnother',
  });
  await putLink(other, {});
  await createResource(harness, `zoneLink:${zone}`);
  expect(await attempt(harness.activities.listAdditions, { ref })).toMatchObject({ resources: [] });
});

test('a connection that remains on an existing resource is deleted, those of others stay', async () => {
  for (const one of [owner, harness]) {
    const network =
      one === owner ? (['networkSecurityGroup', 'natAddress', 'natGateway', 'virtualNetwork'] as const) : [];
    for (const key of network) await createResource(one, key);
    await createResource(one, 'privateEndpoint:blob');
  }
  const connections = async (): Promise<string[]> =>
    (
      (await owner.azure.generic.list(
        `${plannedResource(ref, 'storageAccount').id}/privateEndpointConnections`,
        '2024-01-01',
      )) as { properties: { privateEndpoint: { id: string } } }[]
    ).map(({ properties }) => properties.privateEndpoint.id.split('/').at(-1)!);
  expect((await connections()).toSorted()).toEqual(
    ['ple-churn2xx-st-blob', `ple-${owner.ref.suffix}-st-blob`].toSorted(),
  );
  expect((await attempt(harness.activities.listAdditions, { ref })).connections).toHaveLength(1);
  await untilDone(harness.activities.deleteAddedConnections, { ref });
  expect(await connections()).toEqual([`ple-${owner.ref.suffix}-st-blob`]);
});
