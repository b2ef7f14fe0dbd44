import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createArticleEndpoint, createArticleEnvironment, removeAddress } from '../support/articleEnvironment.ts';
import type { ArticleEnvironment, Send } from '../support/articleEnvironment.ts';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

describeLocal("an adopted environment, after the loss of Temporal's data", 'starts a second Temporal namespace', () => {
  const location = 'westus2';
  const suffix = 'mevnet';
  const subscriptionId = '11111111-2222-4333-8444-555555555555';
  let lost: Moat;
  let moat: Moat;
  let made: ArticleEnvironment;
  let body: Record<string, unknown>;

  beforeAll(async () => {
    const { address } = inject('temporal');
    lost = await startMoat(address, 'adopt-lost');
    const arm = createArmClient(lost);
    const send: Send = async (method, path, version, change) => (await arm(method, path, version, change)).body;
    made = await createArticleEnvironment(send, { subscriptionId, group: 'rg-article', suffix, location });
    await createArticleEndpoint(send, createEmulatorControl(lost), {
      group: made.group,
      suffix,
      location,
      endpoint: 'endpt-vnet-42',
    });
    await removeAddress(send, made, { suffix, location });
    const takeOver = [...made.machine, ...made.wrongZone];
    const requested = { name: 'scoring1', location, suffix, adopt: true, resourceGroup: 'rg-article', takeOver };
    const before = createClient(lost.url, undefined, 180_000);
    const plan = (await before.call('POST', '/plans', requested)).body as { adoption: { digest: string } };
    body = { ...requested, adoptionDigest: plan.adoption.digest };
    expect((await before.create(body)).status).toBe(202);
    expect(await before.until('scoring1', 'ready', 'failed')).toMatchObject({ state: 'ready' });
    for (const name of ['api', 'worker', 'emulator'] as const) await lost.kill(name);
    moat = await startMoat(address, 'adopt-recovered', { MOAT_DATA_DIR: lost.dataDir });
  }, 420_000);
  afterAll(async () => {
    await moat?.close();
    await lost?.close();
  });

  it('is recovered by a sweep under its name, and its own body lets a teardown delete what was taken over', async () => {
    const client = createClient(moat.url, undefined, 180_000);
    expect((await client.call('POST', '/sweeps', {})).status).toBe(202);
    await client.until('scoring1', 'ready');
    expect((await client.get('scoring1')).spec).toBeNull();
    expect([200, 202]).toContain((await client.create(body)).status);
    const ready = await client.until('scoring1', 'ready', 'failed');
    expect(ready).toMatchObject({ failure: null, spec: { takeOver: body['takeOver'] } });
    expect((await client.call('DELETE', '/environments/scoring1')).status).toBe(202);
    const { receipt } = await client.until('scoring1', 'deleted', 'blocked');
    expect(receipt!.blockers).toEqual([]);
    const control = createEmulatorControl({ ...moat, dataDir: lost.dataDir });
    const left = (await control('GET', 'resources')) as { id: string }[];
    expect(left.filter(({ id }) => id.toLowerCase().startsWith(made.group.toLowerCase()))).toEqual([]);
  }, 240_000);
});
