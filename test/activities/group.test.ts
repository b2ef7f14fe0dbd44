import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { groupName } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import {
  attempt,
  failureOf,
  createResource,
  startEmulatorHarness,
  deleteResource,
  untilDone,
} from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

let n = 0;
const uniqueRef = () => ({ ...harness.ref, name: `group${(n += 1)}` });
const resources = () => harness.azure.clients(harness.ref.subscriptionId).resources;

/** A foreign group with the environment's name and tags, but without Moat's seal. */
async function foreignGroup() {
  const ref = uniqueRef();
  const tags = { 'moat-environment': ref.name, 'moat-seal': 'forged' };
  await resources().resourceGroups.createOrUpdate(groupName(ref), { location: ref.location, tags });
  return ref;
}

test('A group is created once, with its tags and seal, then adopted.', async () => {
  const ref = uniqueRef();
  const tags = { environment: ref.name, owner: 'ana@example.com', expiresAt: '2026-11-23T18:00:00.000Z' };
  expect(await attempt(harness.activities.ensureGroup, { ref, tags })).toMatchObject({ created: true });
  expect(await attempt(harness.activities.ensureGroup, { ref, tags })).toMatchObject({ created: false });
  const list = await attempt(harness.activities.listGroup, { ref });
  expect(list).toMatchObject({ exists: true, sealed: true, tags: { 'moat-owner': 'ana@example.com' } });
});

test('A group whose creation was not answered is adopted, not created twice.', async () => {
  const ref = uniqueRef();
  const match = { method: 'PUT', type: 'Microsoft.Resources/resourceGroups' };
  await harness.control('POST', 'faults', { match, effect: { dropAnswer: true } });
  expect(await failureOf(attempt(harness.activities.ensureGroup, { ref, tags: {} }))).toMatchObject({
    type: 'Transient',
  });
  await attempt(harness.activities.ensureGroup, { ref, tags: {} }, { attempt: 2 });
  expect(await harness.sent('PUT', new RegExp(`resourcegroups/${groupName(ref)}$`, 'i'))).toHaveLength(1);
});

test('Tags are merged and removed, others are kept, and an absent group is not created.', async () => {
  const ref = uniqueRef();
  await attempt(harness.activities.tagGroup, { ref, tags: { state: 'ready' } });
  expect(await attempt(harness.activities.listGroup, { ref })).toMatchObject({ exists: false });
  await attempt(harness.activities.ensureGroup, { ref, tags: { owner: 'ana', markedAt: 'now' } });
  await attempt(harness.activities.tagGroup, { ref, tags: { state: 'ready', markedAt: null } });
  const { tags, sealed } = await attempt(harness.activities.listGroup, { ref });
  expect(tags).toMatchObject({ 'moat-owner': 'ana', 'moat-state': 'ready' });
  expect(tags).not.toHaveProperty('moat-marked-at');
  expect(sealed).toBe(true);
});

test('A foreign group is not adopted.', async () => {
  const ref = await foreignGroup();
  const failure = await failureOf(attempt(harness.activities.ensureGroup, { ref, tags: {} }));
  expect(failure).toMatchObject({ type: 'NameTaken', nonRetryable: true });
});

test('Nothing in a foreign group is tagged, deleted or revoked, nor the group itself.', async () => {
  const ref = await foreignGroup();
  const { id } = plannedResource(ref, 'natAddress');
  const { network } = harness.azure.clients(ref.subscriptionId);
  const address = {
    location: ref.location,
    sku: { name: 'Standard' as const },
    publicIPAllocationMethod: 'Static' as const,
  };
  await network.publicIPAddresses.createOrUpdate(groupName(ref), id.split('/').at(-1)!, address).submitted();
  await harness.control('DELETE', 'requests');
  const { tagGroup, deleteResource, deleteGroup, revokeRoles } = harness.activities;
  for (const run of [
    () => attempt(tagGroup, { ref, tags: { state: 'ready' } }),
    () => attempt(deleteResource, { ref, id, readFirst: false }),
    () => attempt(deleteGroup, { ref }),
    () => attempt(revokeRoles, { ref }),
  ]) {
    const failure = await failureOf(run());
    expect(failure).toMatchObject({ type: 'Forbidden', nonRetryable: true });
    expect(failure.detail.code).toBe('NotSealed');
  }
  expect(await harness.sent('DELETE', /./)).toEqual([]);
  expect(await harness.sent('PATCH', /./)).toEqual([]);
});

test('A group sealed by another installation is foreign.', async () => {
  const ref = uniqueRef();
  const other = createActivities({ azure: harness.azure, sealKey: 'another key', allowPrivateRepositories: false });
  await attempt(other.ensureGroup, { ref, tags: {} });
  expect(await attempt(harness.activities.listGroup, { ref })).toMatchObject({ exists: true, sealed: false });
  expect(await failureOf(attempt(harness.activities.beginGroupDeletion, { ref }))).toMatchObject({ type: 'Forbidden' });
});

test('A resource is deleted until ARM answers 404; deleting it again succeeds at once.', async () => {
  const ref = uniqueRef();
  const here = { ...harness, ref };
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  const id = await createResource(here, 'natAddress');
  await deleteResource(here, id);
  for (const readFirst of [true, false]) {
    const repeated = await attempt(harness.activities.beginDeletion, { ref, id, readFirst });
    await untilDone(harness.activities.observeDeletion, { id, token: repeated.token });
  }
  const looked = await attempt(harness.activities.beginDeletion, { ref, id, readFirst: true });
  expect(looked).toMatchObject({ state: 'gone', token: null });
});

test('A resource outside the environment’s group is not deleted.', async () => {
  const [ref, other] = [uniqueRef(), uniqueRef()];
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  const { id } = plannedResource(other, 'natAddress');
  const failure = await failureOf(attempt(harness.activities.beginDeletion, { ref, id, readFirst: false }));
  expect(failure.detail).toMatchObject({ type: 'Forbidden', code: 'NotInGroup' });
});

test('A resource of an unknown type is a blocker, with the command that deletes it.', async () => {
  const ref = uniqueRef();
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  const id = `/subscriptions/${ref.subscriptionId}/resourceGroups/${groupName(ref)}/providers/Microsoft.Web/sites/x`;
  const failure = await failureOf(attempt(harness.activities.beginDeletion, { ref, id, readFirst: false }));
  expect(failure.detail).toMatchObject({ type: 'Blocked', remedy: `az resource delete --ids ${id}` });
});

test('A resource whose deletion is running is not reported as gone.', async () => {
  const ref = uniqueRef();
  const here = { ...harness, ref };
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  const id = await createResource(here, 'natAddress');
  await harness.control('POST', 'faults', { match: { method: 'DELETE', id }, effect: { hangOperation: true } });
  const { token } = await attempt(harness.activities.beginDeletion, { ref, id, readFirst: false });
  for (const one of [token, null]) {
    const failure = await failureOf(attempt(harness.activities.observeDeletion, { id, token: one }));
    expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false });
  }
  const repeated = await attempt(harness.activities.beginDeletion, { ref, id, readFirst: true });
  expect(repeated).toMatchObject({ state: 'Deleting', token: null });
});

test('A soft-deleted vault is purged, so that its name is free; without one the purge succeeds.', async () => {
  const ref = { ...uniqueRef(), suffix: 'purge1' };
  const here = { ...harness, ref };
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  expect(await attempt(harness.activities.beginVaultPurge, { ref })).toMatchObject({ state: 'gone' });
  const id = await createResource(here, 'vault');
  await deleteResource(here, id);
  const failure = await failureOf(
    attempt(harness.activities.beginResource, { ref, key: 'vault', readFirst: false, options: {} }),
  );
  expect(failure).toMatchObject({ type: 'SoftDeleted', nonRetryable: true });
  const { token } = await attempt(harness.activities.beginVaultPurge, { ref });
  await untilDone(harness.activities.observeVaultPurge, { ref, token });
  await createResource(here, 'vault');
});

test('The group is deleted until ARM answers 404.', async () => {
  const ref = uniqueRef();
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  await createResource({ ...harness, ref }, 'natAddress');
  const { token } = await attempt(harness.activities.beginGroupDeletion, { ref });
  await untilDone(harness.activities.observeGroupDeletion, { ref, token });
  expect(await attempt(harness.activities.beginGroupDeletion, { ref })).toMatchObject({ state: 'gone' });
});

test('A group that still exists after its deletion has a retry hint.', async () => {
  const ref = uniqueRef();
  await attempt(harness.activities.ensureGroup, { ref, tags: {} });
  const failure = await failureOf(attempt(harness.activities.observeGroupDeletion, { ref, token: null }));
  expect(failure).toMatchObject({ nonRetryable: true, retryHint: { retry: true } });
});
