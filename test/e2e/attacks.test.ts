import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { MoatClient } from './support/client.ts';
import { createClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal, moatUnderTest, uniqueName } from './support/target.ts';
import { until } from './support/until.ts';

const location = 'westus2';
const group = (name: string): string => `/resourceGroups/rg-moat-${name}/`;

/** JSON text of an object nested so many levels deep; `JSON.stringify` itself would overflow the stack at some depth. */
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('requests that any Moat must refuse', () => {
  let moat: Awaited<ReturnType<typeof moatUnderTest>>;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await moatUnderTest('attacks');
    ({ client } = moat);
  }, 120_000);
  afterAll(() => moat?.close());

  async function ready(): Promise<string> {
    const name = uniqueName('attacked');
    onTestFinished(() => client.remove(name));
    await client.create({ name, location });
    expect(await client.until(name, 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
    return name;
  }
  it('deeply nested JSON is refused with 400, and other environments are provisioned meanwhile', async () => {
    const model = `{"format":"custom","repository":"https://github.com/moat-examples/linear-regression","ref":"7d1f0c2ab94e5836c1d2e3f405162738495a6b7c","path":"houses","request":${nested(2_400)},"expected":[12]}`;
    const names = Array.from({ length: 40 }, () => uniqueName('nested'));
    const statuses = await Promise.all(
      names.map(async (name) => {
        const body = `{"name":"${name}","location":"${location}","model":${model}}`;
        return (await client.send('POST', '/environments', body)).status;
      }),
    );
    expect(statuses).toEqual(names.map(() => 400));
    await ready();
  });

  it('a repeated Idempotency-Key with another score body is refused with 422', async () => {
    const name = await ready();
    const headers = { 'idempotency-key': 'key-1' };
    const score = (row: number[]) => client.call('POST', `/environments/${name}/score`, { data: [row] }, headers);
    const [zeros, ones] = [0, 1].map((value) => Array.from({ length: 10 }, () => value)) as [number[], number[]];
    const first = await score(zeros);
    expect(first.status).toBe(200);
    const repeated = await score(zeros);
    expect([repeated.status, repeated.body]).toEqual([200, first.body]);
    expect(await score(ones)).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  });

  it('an Idempotency-Key of a score never returns the answer of a lease change', async () => {
    const name = await ready();
    const path = `/environments/${name}`;
    expect((await client.call('PATCH', path, { ttl: '3h' }, { 'idempotency-key': 'q' })).status).toBe(200);
    for (const key of ['q:renew', 'q:protect', 'q']) {
      const body = { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] };
      const { status, body: answer } = await client.call('POST', `${path}/score`, body, { 'idempotency-key': key });
      // Refusing the key is as good as scoring.
      if (status !== 422) expect(answer, key).toMatchObject({ status: 200, latencyMs: expect.any(Number) });
      else expect(answer, key).toMatchObject({ code: 'IdempotencyKeyReused' });
    }
  });
});

describeLocal('a protected environment', 'injects faults', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'protected', { MOAT_EMULATOR_TIME_SCALE: '1/400' });
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
  }, 120_000);
  afterAll(() => moat.close());

  const setProtected = (name: string, value: boolean) =>
    client.call('PATCH', `/environments/${name}`, value ? { protected: true, reason: 'demo' } : { protected: false });
  const untilNetwork = (name: string) =>
    until(`network of ${name}`, async () => (await client.get(name)).steps[2]?.state === 'running');
  const cancelWithTeardown = (name: string) => client.call('POST', `/environments/${name}/cancel`, { teardown: true });
  const runKinds = async (name: string): Promise<string[]> =>
    ((await client.call('GET', `/environments/${name}/runs`)).body as { items: { kind: string }[] }).items.map(
      ({ kind }) => kind,
    );

  it('refuses cancel with teardown while it is provisioned, and the run continues', async () => {
    const name = 'guarded1';
    await client.create({ name, location });
    await untilNetwork(name);
    expect((await setProtected(name, true)).status).toBe(200);
    expect(await cancelWithTeardown(name)).toMatchObject({ status: 423, body: { code: 'Protected' } });
    expect((await client.until(name, 'ready', 'failed', 'cancelled', 'deleting', 'deleted')).state).toBe('ready');
    expect(await runKinds(name)).toEqual(['provision']);
  }, 120_000);

  it('refuses cancel with teardown while it is scored, and the score is answered', async () => {
    const name = 'guarded2';
    await client.create({ name, location });
    await client.until(name, 'ready', 'failed');
    expect((await setProtected(name, true)).status).toBe(200);
    const command = 'Microsoft.Compute/virtualMachines/runCommands';
    // 1,200 seconds at 1/400 are 3 seconds: the score is still running when it is cancelled.
    await control('POST', 'faults', {
      match: { method: 'PUT', type: command, id: group(name) },
      effect: { delaySeconds: 1_200 },
    });
    const scoring = client.call('POST', `/environments/${name}/score`, { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] });
    await until('the score runs', async () => (await client.get(name)).run?.kind === 'score');
    expect(await cancelWithTeardown(name)).toMatchObject({ status: 423, body: { code: 'Protected' } });
    expect((await scoring).status).toBe(200);
    expect((await client.get(name)).state).toBe('ready');
  }, 120_000);

  it('is kept as failed although `onFailure` is teardown', async () => {
    const name = 'guarded3';
    await control('POST', 'faults', {
      match: { method: 'PUT', type: 'Microsoft.Compute/virtualMachines', id: group(name) },
      effect: { status: 403, code: 'AuthorizationFailed', message: 'forbidden' },
    });
    await client.create({ name, location, onFailure: 'teardown' });
    await untilNetwork(name);
    expect((await setProtected(name, true)).status).toBe(200);
    const { state, run } = await client.until(name, 'failed', 'deleting', 'blocked', 'deleted');
    expect({ state, run }).toEqual({ state: 'failed', run: null });
    expect(await runKinds(name)).toEqual(['provision']);
    const resources = (await control('GET', 'resources')) as { id: string }[];
    expect(resources.filter(({ id }) => id.includes(group(name))).length).toBeGreaterThan(5);
  }, 120_000);

  /** Sends DELETE and a protection in parallel, and checks that both answers and the environment agree on the winner. */
  const raceDeleteAndProtect = async (name: string, n: number): Promise<void> => {
    const remove = () => client.call('DELETE', `/environments/${name}`);
    const protect = () => setProtected(name, true);
    const [deletion, protection] =
      n % 2 === 0
        ? await Promise.all([remove(), protect()])
        : await Promise.all([protect(), remove()]).then(([second, first]) => [first, second] as const);
    const answers = [deletion, protection].map(({ status, body }) => [status, (body as { code?: string }).code]);
    const outcomes = [
      [
        [202, undefined],
        [409, 'BeingDeleted'],
      ],
      [
        [423, 'Protected'],
        [200, undefined],
      ],
    ];
    expect(outcomes, name).toContainEqual(answers);
    if (deletion.status === 202) {
      expect((await client.until(name, 'deleted', 'blocked')).state, name).toBe('deleted');
    } else {
      expect(await client.get(name), name).toMatchObject({ state: 'failed', lease: { protected: true } });
      expect(await runKinds(name), name).toEqual(['provision']);
    }
  };

  it('either DELETE or a parallel protection wins, and both answers agree', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `parallel${n}`);
    // Fails early, so that there is a group with few resources.
    await control('POST', 'faults', {
      match: { method: 'PUT', type: 'Microsoft.Network/networkSecurityGroups', id: '/resourceGroups/rg-moat-parallel' },
      times: names.length,
      effect: { status: 403, code: 'AuthorizationFailed', message: 'forbidden' },
    });
    await Promise.all(names.map((name) => client.create({ name, location })));
    await Promise.all(names.map((name) => client.until(name, 'failed')));
    await Promise.all(names.map(raceDeleteAndProtect));
  }, 180_000);
});
