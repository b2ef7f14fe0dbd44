import { afterAll, beforeAll, expect, test } from 'vitest';
import { adoptedRef } from '../../src/domain/adoption.ts';
import type { Adoption } from '../../src/domain/adoption.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { createArticleEnvironment } from '../support/articleEnvironment.ts';
import type { ArticleEnvironment, Send } from '../support/articleEnvironment.ts';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

const suffix = 'mevnet';
let harness: EmulatorHarness;
let made: ArticleEnvironment;
let send: Send;

beforeAll(async () => {
  harness = await startEmulatorHarness({ ref: { name: 'scoring1', suffix, group: 'rg-article' } });
  const { azure, ref } = harness;
  send = (method, path, version, body) => azure.generic.send(method, path, version, body ? { body } : {});
  const { subscriptionId, location } = ref;
  made = await createArticleEnvironment(send, { subscriptionId, group: 'rg-article', suffix, location });
}, 60_000);
afterAll(() => harness.close());

const adopting = (change: Partial<Spec> = {}): Spec =>
  specOf('scoring1', { suffix, adopt: true, resourceGroup: 'rg-article', ...change });

/** The preflight of a plan. */
async function plan(spec = adopting(), ref = harness.ref) {
  const report = await attempt(harness.activities.preflight, { ref, spec, specHash: 'h1', waits: false });
  const of = (rule: string) => report.findings.filter((one) => one.rule === rule);
  return { ...report, of, blocks: report.findings.filter(({ severity }) => severity === 'blocks') };
}

const members = ({ differences }: Adoption, key: string) => (differences[key] ?? []).map(({ member }) => member);

test('A plan shows what the environment of the article lacks, member by member, and changes nothing.', async () => {
  await harness.control('DELETE', 'requests');
  const { adoption, blocks } = await plan();
  const writes = ((await harness.control('GET', 'requests')) as { method: string }[]).filter(
    (one) => one.method !== 'POST',
  );
  expect(writes).toEqual([]);
  expect(blocks.map(({ rule }) => rule)).toEqual(['ADOPT-ADDRESS']);
  expect(blocks[0]!.message).toContain('moevmPublicIP');
  const found = adoption!;
  expect(found.differences['registry']).toEqual([{ member: 'adminUserEnabled', actual: true, desired: false }]);
  expect(members(found, 'storageAccount')).toContain('allowSharedKeyAccess');
  expect(members(found, 'workspace')).toContain('properties.publicNetworkAccess');
  expect(members(found, 'virtualNetwork')).toContain('subnets.snet-scoring.natGateway');
  expect(found.differences['networkSecurityGroup']).toContainEqual({
    member: 'securityRules.Internet',
    actual: 'Internet',
    desired: null,
  });
  // private endpoints and zones are as Moat makes them
  expect(Object.keys(found.differences).filter((key) => /^(privateEndpoint|zone):/.test(key))).toEqual([]);
});

test('A plan finds the links and zone groups under their own names.', async () => {
  const ids = (await plan()).ids!;
  const group = ids['zoneGroup:file']!;
  expect(group.split('/').at(-1)).toBe('flie-PrivateDnsZoneGroup');
  expect(ids['zoneLink:privatelink.azurecr.io']).toMatch(/\/virtualNetworkLinks\/[a-z2-7]{13}$/);
  expect(Object.keys(ids)).toHaveLength(9);
});

test('A plan names what stays, with its command, and shows as deleted only what is taken over.', async () => {
  const stays = await plan();
  const all = [...made.machine, made.address, ...made.wrongZone].map((id) => id.toLowerCase()).toSorted();
  const shown = stays.adoption!.others;
  expect(shown.map(({ id }) => id.toLowerCase()).toSorted()).toEqual(all);
  expect(shown.every(({ id, teardown, command }) => teardown === 'stays' && command!.endsWith(id))).toBe(true);
  expect(stays.of('ADOPT-STAY')).toHaveLength(all.length);

  const taken = await plan(adopting({ takeOver: made.machine }), { ...harness.ref, takenOver: made.machine });
  const deleted = taken
    .adoption!.others.filter(({ teardown }) => teardown === 'deleted')
    .map(({ id }) => id.toLowerCase());
  expect(deleted.toSorted()).toEqual(made.machine.map((id) => id.toLowerCase()).toSorted());
  expect(taken.of('ADOPT-STAY')).toHaveLength(made.wrongZone.length + 1);
  expect(taken.adoption!.digest).not.toBe(stays.adoption!.digest);
});

test('What is taken over must be in the group, and complete.', async () => {
  const elsewhere = made.machine[0]!.replace('rg-article', 'rg-other');
  const [zone, link] = made.wrongZone as [string, string];
  const takeOver = [elsewhere, zone];
  const { of } = await plan(adopting({ takeOver }), { ...harness.ref, takenOver: takeOver });
  const messages = of('ADOPT-TAKE').map(({ message }) => message.toLowerCase());
  expect(messages).toEqual([expect.stringContaining('rg-other'), expect.stringContaining(link.toLowerCase())]);
});

test('A wrong suffix, an absent group and a lock are refused.', async () => {
  const other = await plan(adopting({ suffix: 'other1' }), { ...harness.ref, suffix: 'other1' });
  expect(other.of('ADOPT')[0]).toMatchObject({ severity: 'blocks', message: expect.stringContaining('mlw-other1') });
  const absent = await plan(adopting({ resourceGroup: 'rg-none' }), { ...harness.ref, group: 'rg-none' });
  expect(absent.of('ADOPT')[0]).toMatchObject({ severity: 'blocks', message: expect.stringContaining('rg-none') });
  const lock = `${made.group}/providers/Microsoft.Authorization/locks/keep`;
  await send('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } });
  expect((await plan()).of('PF-33')).toHaveLength(1);
  await harness.azure.generic.send('DELETE', lock, '2020-05-01');
});

test('Without adopt, the group is refused; a second subnet is never deleted.', async () => {
  expect((await plan(specOf('scoring1', { suffix }))).of('SEAL')).toHaveLength(1);
  const network = `${made.group}/providers/Microsoft.Network/virtualNetworks/vnet-${suffix}`;
  const bastion = `${network}/subnets/AzureBastionSubnet`;
  await send('PUT', bastion, '2023-09-01', { properties: { addressPrefix: '192.168.1.0/26' } });
  expect((await plan()).of('ADOPT-FIT')[0]!.message).toContain('AzureBastionSubnet');
  await harness.azure.generic.send('DELETE', bastion, '2023-09-01');
});

test('A run is refused where something has changed since the plan.', async () => {
  const { adoption, ids } = await plan();
  const { digest: adoptionDigest } = adoption!;
  expect((await plan(adopting({ adoptionDigest }))).of('ADOPT-PLAN')).toEqual([]);
  const ref = adoptedRef(harness.ref, ids);
  const run = (changed = ref) =>
    attempt(harness.activities.preflight, { ref: changed, spec: adopting({ adoptionDigest }), specHash: 'h1' });
  expect((await run()).findings.filter(({ rule }) => rule === 'ADOPT-PLAN')).toEqual([]);
  // a run that was started without the ids would create what exists under another name
  expect((await run(harness.ref)).findings.map(({ rule }) => rule)).toContain('ADOPT-PLAN');
  const registry = `${made.group}/providers/Microsoft.ContainerRegistry/registries/cr${suffix}`;
  await send('PUT', registry, '2023-07-01', {
    location: harness.ref.location,
    sku: { name: 'Premium' },
    properties: { adminUserEnabled: false, publicNetworkAccess: 'Disabled' },
  });
  expect((await plan(adopting({ adoptionDigest }))).of('ADOPT-PLAN')[0]).toMatchObject({ severity: 'blocks' });
});

test('The group gets the seal by an adoption only, and is then found by its tag under its own name.', async () => {
  const { activities, ref } = harness;
  const tags = { environment: 'scoring1', spec: 'h1', state: 'provisioning' };
  await expect(attempt(activities.ensureGroup, { ref, tags })).rejects.toThrow('does not carry');
  await attempt(activities.ensureGroup, { ref, tags, adopt: true });
  const { groups } = await attempt(activities.findGroups, { subscriptionId: ref.subscriptionId, next: null });
  expect(groups).toContainEqual(
    expect.objectContaining({ group: 'rg-article', name: 'scoring1', seal: 'own', state: 'provisioning' }),
  );
  const read = await attempt(activities.readOwnedGroup, { ref: { ...ref, suffix: '' } });
  expect(read.suffix).toBe(suffix);
  expect(Object.keys(read.found.ids!)).toHaveLength(9);
  // another environment of this installation, and any other installation
  const again = { ...ref, name: 'scoring2' };
  expect((await plan({ ...adopting(), name: 'scoring2' }, again)).of('SEAL')[0]!.message).toContain('seal of another');
  await expect(attempt(activities.ensureGroup, { ref: again, tags, adopt: true })).rejects.toThrow('foreign');
});
