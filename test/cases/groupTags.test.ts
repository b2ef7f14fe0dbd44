import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { groupId, groupName } from '../../src/domain/naming.ts';
import { planSweep } from '../../src/domain/sweep/plan.ts';
import { attempt, failureOf, startEmulatorHarness, untilDone } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { hour, sweepInputsOf } from '../domain/sweepFixtures.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

let n = 0;
const uniqueRef = () => ({ ...harness.ref, name: `tags${(n += 1)}` });
const groups = () => harness.azure.clients(harness.ref.subscriptionId).resources.resourceGroups;
type Ref = ReturnType<typeof uniqueRef>;

const expired = new Date(Date.now() - 5 * hour).toISOString();
const tagsOf = ({ name }: Ref) => ({
  environment: name,
  owner: 'ana@example.com',
  expiresAt: expired,
  markedAt: new Date(Date.now() - 4 * hour).toISOString(),
  spec: 'c0ffee',
  state: 'ready',
});

async function createGroup(): Promise<Ref> {
  const ref = uniqueRef();
  await attempt(harness.activities.ensureGroup, { ref, tags: tagsOf(ref) });
  return ref;
}
const read = async ({ name }: Ref): Promise<Record<string, string>> =>
  (await groups().get(groupName({ name }))).tags ?? {};
async function write({ name, location }: Ref, tags: Record<string, string>): Promise<void> {
  await groups().createOrUpdate(groupName({ name }), { location, tags });
}
async function found({ subscriptionId, name }: Ref) {
  const page = await attempt(harness.activities.findGroups, { subscriptionId, next: null });
  return page.groups.find((group) => group.name === name);
}

describe('W04', () => {
  test('W04 a tag that somebody adds survives a re-POST, a renewal and a mark', async () => {
    const ref = await createGroup();
    await write(ref, { ...(await read(ref)), 'cost-center': '4711' });
    await attempt(harness.activities.ensureGroup, { ref, tags: tagsOf(ref) });
    await attempt(harness.activities.tagGroup, { ref, tags: { expiresAt: expired, markedAt: null } });
    await attempt(harness.activities.tagGroup, { ref, tags: { markedAt: expired } });
    expect(await read(ref)).toMatchObject({ 'cost-center': '4711', 'moat-marked-at': expired });
  });
});

test('W05 the first request that creates the group has all tags and the seal', async () => {
  const ref = await createGroup();
  const [first, ...more] = await harness.sent('PUT', new RegExp(`resourcegroups/${groupName(ref)}$`, 'i'));
  expect(more).toEqual([]);
  expect(first!.body!['tags']).toMatchObject({
    'moat-environment': ref.name,
    'moat-expires-at': expired,
    'moat-seal': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

describe.each([
  ['lower', (text: string) => text.toLowerCase()],
  ['upper', (text: string) => text.toUpperCase()],
])('W06', (which, change) => {
  test(`W06 tags whose names and values a policy turns into ${which} case are still ours: found, swept, deleted`, async () => {
    const ref = await createGroup();
    const changed = Object.entries(await read(ref)).map(([name, value]) => [change(name), change(value)] as const);
    await write(ref, Object.fromEntries(changed));
    const group = (await found(ref))!;
    const { environment: _, markedAt: __, ...same } = tagsOf(ref);
    expect(group).toMatchObject({ name: ref.name, seal: 'own', ...same });
    const plan = planSweep(
      sweepInputsOf([], { now: Date.now(), armNow: Date.now(), last: null, lastReal: null, found: [group] }),
    );
    expect(plan).toMatchObject({ foreign: [], altered: [], skipped: [] });
    expect(await attempt(harness.activities.readLease, { ref })).toEqual({ expiresAt: expired, protected: null });
    await attempt(harness.activities.tagGroup, { ref, tags: { state: 'deleting' } });
    const { token } = await attempt(harness.activities.beginGroupDeletion, { ref });
    await untilDone(harness.activities.observeGroupDeletion, { ref, token });
  });
});

describe('W06', () => {
  test('W06 a group whose tags a policy removed or trimmed is found by its name, reported, and never deleted', async () => {
    const ref = await createGroup();
    const seal = (await read(ref))['moat-seal']!;
    await write(ref, { 'moat-seal': seal.slice(0, 40), 'moat-owner': 'ana' });
    expect(await found(ref)).toMatchObject({ seal: 'altered' });
    await write(ref, {});
    expect(await found(ref)).toMatchObject({ seal: 'missing', expiresAt: null });
    const failure = await failureOf(attempt(harness.activities.beginGroupDeletion, { ref }));
    expect(failure).toMatchObject({ type: 'Forbidden', nonRetryable: true });
    expect(failure.detail).toMatchObject({
      code: 'NotSealed',
      message: expect.stringContaining(`the tag moat-seal of resource group ${groupName(ref)} is missing`),
      remedy: expect.stringContaining('restore the tag moat-seal'),
    });
    await write(ref, { 'MOAT-SEAL': seal.toUpperCase() });
    expect(await found(ref)).toMatchObject({ seal: 'own' });
  });

  test('W06 a group with 50 tags is named with the way out, before anything is written', async () => {
    const ref = await createGroup();
    const others = Object.fromEntries(Array.from({ length: 43 }, (_, i) => [`tag${i}`, 'x']));
    await write(ref, { 'moat-seal': (await read(ref))['moat-seal']!, ...others });
    const failure = await failureOf(
      attempt(harness.activities.ensureGroup, { ref, tags: { ...tagsOf(ref), protected: 'demo' } }),
    );
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
    expect(failure.detail).toMatchObject({
      code: 'TooManyTags',
      message: expect.stringContaining(`resource group ${groupName(ref)} has 44 tags`),
      remedy: expect.stringContaining(`az tag update --resource-id ${groupId(ref)} --operation delete`),
    });
    expect(Object.keys(await read(ref))).toHaveLength(44);
  });
});

describe('W09', () => {
  test('W09 a group that is being deleted is gone for a tag, also when its deletion begins after it was read', async () => {
    const late = await createGroup();
    const message = `The resource group '${groupName(late)}' is in deprovisioning state and cannot perform this operation.`;
    await harness.control('POST', 'faults', {
      match: { method: 'PATCH', id: `${groupId(late)}/providers/Microsoft.Resources/tags/default` },
      effect: { status: 409, code: 'ResourceGroupBeingDeleted', message },
    });
    expect(await attempt(harness.activities.tagGroup, { ref: late, tags: { state: 'expired' } })).toEqual({
      gone: true,
    });

    const ref = await createGroup();
    await harness.control('POST', 'faults', {
      match: { method: 'DELETE', id: groupId(ref) },
      effect: { hangOperation: true },
    });
    await attempt(harness.activities.beginGroupDeletion, { ref });
    expect(await attempt(harness.activities.tagGroup, { ref, tags: { state: 'expired' } })).toEqual({ gone: true });
  });
});

describe('T06', () => {
  test('T06 a worker that dies between DELETE and its answer, again and again, sends one DELETE', async () => {
    const ref = await createGroup();
    await harness.control('POST', 'faults', {
      match: { method: 'DELETE', id: groupId(ref) },
      effect: { hangOperation: true },
    });
    await harness.control('POST', 'faults', {
      match: { method: 'DELETE', id: groupId(ref) },
      effect: { dropAnswer: true },
    });
    for (let i = 1; i <= 20; i++)
      await attempt(harness.activities.beginGroupDeletion, { ref }, { attempt: i }).catch(() => undefined);
    expect(await harness.sent('DELETE', new RegExp(`resourcegroups/${groupName(ref)}$`, 'i'))).toHaveLength(1);
  });
});

describe('T07', () => {
  test('T07 ScopeLocked in the first minute after a lock was deleted is waited for; later, or unasked, it is final', async () => {
    const ref = await createGroup();
    const scopeLocked = {
      status: 409,
      code: 'ScopeLocked',
      message: `The scope '${groupId(ref)}' cannot perform delete operation because following scope(s) are locked.`,
    };
    for (let i = 0; i < 3; i++)
      await harness.control('POST', 'faults', {
        match: { method: 'DELETE', id: groupId(ref) },
        effect: scopeLocked,
        times: 1,
      });
    const recently = { scheduledTimestampMs: Date.now() + 60_000 };
    const { beginGroupDeletion } = harness.activities;
    expect(await failureOf(attempt(beginGroupDeletion, { ref, awaitLocks: true }, recently))).toMatchObject({
      type: 'NotYetConsistent',
      nonRetryable: false,
    });
    expect(
      await failureOf(
        attempt(beginGroupDeletion, { ref, awaitLocks: true }, { scheduledTimestampMs: Date.now() - 60_000 }),
      ),
    ).toMatchObject({ type: 'Blocked', nonRetryable: true });
    expect(await failureOf(attempt(beginGroupDeletion, { ref }, recently))).toMatchObject({
      type: 'Blocked',
      nonRetryable: true,
    });
    expect(await attempt(beginGroupDeletion, { ref, awaitLocks: true }, recently)).toMatchObject({ state: 'Deleting' });
  });
});
