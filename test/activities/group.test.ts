import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { groupName } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { attempt, failureOf, make, startWorld, unmake, untilDone } from './emulatorWorld.ts';
import type { World } from './emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.control('DELETE', 'faults'));
afterAll(() => world.close());

let n = 0;
const freshSite = () => ({ ...world.site, name: `group${(n += 1)}` });
const resources = () => world.azure.clients(world.site.subscriptionId).resources;

/** A group of somebody else's that bears the environment's name and its tags, but no seal of ours. */
async function foreignGroup() {
  const site = freshSite();
  const tags = { 'moat-environment': site.name, 'moat-seal': 'forged' };
  await resources().resourceGroups.createOrUpdate(groupName(site.name), { location: site.location, tags });
  return site;
}

test('A group is created once, with its tags and seal, then adopted.', async () => {
  const site = freshSite();
  const tags = { environment: site.name, owner: 'ana@example.com', expiresAt: '2026-11-23T18:00:00.000Z' };
  expect(await attempt(world.activities.ensureGroup, { site, tags })).toMatchObject({ created: true });
  expect(await attempt(world.activities.ensureGroup, { site, tags })).toMatchObject({ created: false });
  const list = await attempt(world.activities.listGroup, { site });
  expect(list).toMatchObject({ exists: true, sealed: true, tags: { 'moat-owner': 'ana@example.com' } });
});

test('A group whose creation was not answered is adopted, not created twice.', async () => {
  const site = freshSite();
  const match = { method: 'PUT', type: 'Microsoft.Resources/resourceGroups' };
  await world.control('POST', 'faults', { match, effect: { dropAnswer: true } });
  expect(await failureOf(attempt(world.activities.ensureGroup, { site, tags: {} }))).toMatchObject({
    type: 'Transient',
  });
  await attempt(world.activities.ensureGroup, { site, tags: {} }, { attempt: 2 });
  expect(await world.sent('PUT', new RegExp(`resourcegroups/${groupName(site.name)}$`, 'i'))).toHaveLength(1);
});

test('Tags are merged and removed, others are kept, and an absent group is not created.', async () => {
  const site = freshSite();
  await attempt(world.activities.tagGroup, { site, tags: { state: 'ready' } });
  expect(await attempt(world.activities.listGroup, { site })).toMatchObject({ exists: false });
  await attempt(world.activities.ensureGroup, { site, tags: { owner: 'ana', markedAt: 'now' } });
  await attempt(world.activities.tagGroup, { site, tags: { state: 'ready', markedAt: null } });
  const { tags, sealed } = await attempt(world.activities.listGroup, { site });
  expect(tags).toMatchObject({ 'moat-owner': 'ana', 'moat-state': 'ready' });
  expect(tags).not.toHaveProperty('moat-marked-at');
  expect(sealed).toBe(true);
});

test('A foreign group is not adopted.', async () => {
  const site = await foreignGroup();
  const failure = await failureOf(attempt(world.activities.ensureGroup, { site, tags: {} }));
  expect(failure).toMatchObject({ type: 'NameTaken', nonRetryable: true });
});

test('Nothing in a foreign group is tagged, deleted or revoked, nor the group itself.', async () => {
  const site = await foreignGroup();
  const { id } = plannedResource(site, 'natAddress');
  const { network } = world.azure.clients(site.subscriptionId);
  const address = {
    location: site.location,
    sku: { name: 'Standard' as const },
    publicIPAllocationMethod: 'Static' as const,
  };
  await network.publicIPAddresses.createOrUpdate(groupName(site.name), id.split('/').at(-1)!, address).submitted();
  await world.control('DELETE', 'requests');
  const { tagGroup, deleteResource, deleteGroup, revokeRoles } = world.activities;
  for (const run of [
    attempt(tagGroup, { site, tags: { state: 'ready' } }),
    attempt(deleteResource, { site, id, readFirst: false }),
    attempt(deleteGroup, { site }),
    attempt(revokeRoles, { site }),
  ]) {
    const failure = await failureOf(run);
    expect(failure).toMatchObject({ type: 'Forbidden', nonRetryable: true });
    expect(failure.detail.code).toBe('NotSealed');
  }
  expect(await world.sent('DELETE', /./)).toEqual([]);
  expect(await world.sent('PATCH', /./)).toEqual([]);
});

test('A group sealed by another installation is foreign.', async () => {
  const site = freshSite();
  const other = createActivities({ azure: world.azure, sealKey: 'another key', allowPrivateRepositories: false });
  await attempt(other.ensureGroup, { site, tags: {} });
  expect(await attempt(world.activities.listGroup, { site })).toMatchObject({ exists: true, sealed: false });
  expect(await failureOf(attempt(world.activities.deleteGroup, { site }))).toMatchObject({ type: 'Forbidden' });
});

test('A resource is deleted until ARM answers 404; deleting it again succeeds at once.', async () => {
  const site = freshSite();
  const here = { ...world, site };
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  const id = await make(here, 'natAddress');
  await unmake(here, id);
  for (const readFirst of [true, false]) {
    const again = await attempt(world.activities.deleteResource, { site, id, readFirst });
    await untilDone(world.activities.observeDeletion, { id, token: again.token });
  }
  const looked = await attempt(world.activities.deleteResource, { site, id, readFirst: true });
  expect(looked).toMatchObject({ state: 'gone', token: null });
});

test('A resource outside the environment’s group is not deleted.', async () => {
  const [site, other] = [freshSite(), freshSite()];
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  const { id } = plannedResource(other, 'natAddress');
  const failure = await failureOf(attempt(world.activities.deleteResource, { site, id, readFirst: false }));
  expect(failure.detail).toMatchObject({ type: 'Forbidden', code: 'NotInGroup' });
});

test('A resource of an unknown type is a blocker, with the command that deletes it.', async () => {
  const site = freshSite();
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  const id = `/subscriptions/${site.subscriptionId}/resourceGroups/${groupName(site.name)}/providers/Microsoft.Web/sites/x`;
  const failure = await failureOf(attempt(world.activities.deleteResource, { site, id, readFirst: false }));
  expect(failure.detail).toMatchObject({ type: 'Blocked', remedy: `az resource delete --ids ${id}` });
});

test('A resource whose deletion is running is not reported as gone.', async () => {
  const site = freshSite();
  const here = { ...world, site };
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  const id = await make(here, 'natAddress');
  await world.control('POST', 'faults', { match: { method: 'DELETE', id }, effect: { hangOperation: true } });
  const { token } = await attempt(world.activities.deleteResource, { site, id, readFirst: false });
  for (const one of [token, null]) {
    const failure = await failureOf(attempt(world.activities.observeDeletion, { id, token: one }));
    expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false });
  }
  const again = await attempt(world.activities.deleteResource, { site, id, readFirst: true });
  expect(again).toMatchObject({ state: 'Deleting', token: null });
});

test('A soft-deleted vault is purged, so that its name is free; without one the purge succeeds.', async () => {
  const site = { ...freshSite(), suffix: 'purge1' };
  const here = { ...world, site };
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  expect(await attempt(world.activities.purgeVault, { site })).toMatchObject({ state: 'gone' });
  const id = await make(here, 'vault');
  await unmake(here, id);
  const failure = await failureOf(
    attempt(world.activities.ensureResource, { site, key: 'vault', readFirst: false, options: {} }),
  );
  expect(failure).toMatchObject({ type: 'SoftDeleted', nonRetryable: true });
  const { token } = await attempt(world.activities.purgeVault, { site });
  await untilDone(world.activities.observeVaultPurge, { site, token });
  await make(here, 'vault');
});

test('The group is deleted until ARM answers 404.', async () => {
  const site = freshSite();
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  await make({ ...world, site }, 'natAddress');
  const { token } = await attempt(world.activities.deleteGroup, { site });
  await untilDone(world.activities.observeGroupDeletion, { site, token });
  expect(await attempt(world.activities.deleteGroup, { site })).toMatchObject({ state: 'gone' });
});

test('A group that still exists after its deletion has a retry hint.', async () => {
  const site = freshSite();
  await attempt(world.activities.ensureGroup, { site, tags: {} });
  const failure = await failureOf(attempt(world.activities.observeGroupDeletion, { site, token: null }));
  expect(failure).toMatchObject({ nonRetryable: true, retryHint: { retry: true } });
});
