import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createArticleEndpoint, createArticleEnvironment, removeAddress } from '../support/articleEnvironment.ts';
import type { ArticleEnvironment, Send } from '../support/articleEnvironment.ts';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

interface Plan {
  ok: boolean;
  resources: { id: string; action: string; differences?: { member: string }[] }[];
  adoption?: { digest: string; others: { id: string; teardown: string }[] };
}

describeLocal('adoption', 'creates the environment of the article', () => {
  const location = 'westus2';
  const suffix = 'mevnet';
  const endpoint = 'endpt-vnet-42';
  const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
  const group = `${subscription}/resourceGroups/rg-article`;
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  let send: Send;
  let made: ArticleEnvironment;
  let body: Record<string, unknown>;

  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'adopt');
    client = createClient(moat.url, undefined, 180_000);
    control = createEmulatorControl(moat);
    const arm = createArmClient(moat);
    send = async (method, path, version, change) => (await arm(method, path, version, change)).body;
    const subscriptionId = subscription.split('/')[2]!;
    made = await createArticleEnvironment(send, { subscriptionId, group: 'rg-article', suffix, location });
    await createArticleEndpoint(send, control, { group, suffix, location, endpoint });
    const takeOver = [...made.machine, ...made.wrongZone];
    body = { name: 'scoring1', location, suffix, adopt: true, resourceGroup: 'rg-article', takeOver };
  }, 180_000);
  afterAll(() => moat.close());

  const plan = async (): Promise<Plan> => (await client.call('POST', '/plans', body)).body as Plan;

  it('is refused without the digest of a plan, and after a change since the plan', async () => {
    const unplanned = await client.call('POST', '/environments', body);
    expect(unplanned.status).toBe(400);
    const { adoption } = await plan();
    const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/cr${suffix}`;
    await send('PUT', registry, '2023-07-01', {
      location,
      sku: { name: 'Premium' },
      properties: { publicNetworkAccess: 'Enabled' },
    });
    const outdated = await client.call('POST', '/environments', { ...body, adoptionDigest: adoption!.digest });
    expect(outdated).toMatchObject({ status: 409, body: { code: 'AdoptionRefused' } });
    expect((await client.call('GET', '/environments/scoring1')).status).toBe(404);
  });

  it('is refused with a public address, which no proof allows', async () => {
    const { ok, adoption } = await plan();
    expect(ok).toBe(false);
    const refused = await client.call('POST', '/environments', { ...body, adoptionDigest: adoption!.digest });
    expect(refused).toMatchObject({ status: 409, body: { code: 'AdoptionRefused' } });
    expect((refused.body as { detail: string }).detail).toContain('moevmPublicIP');
    await removeAddress(send, made, { suffix, location });
  });

  it('proves the environment of the article under its own names, and leaves its endpoint the only one', async () => {
    const { ok, resources, adoption } = await plan();
    expect(ok).toBe(true);
    expect(adoption!.others.every(({ teardown }) => teardown === 'deleted')).toBe(true);
    const served = resources.find(({ id }) => id.endsWith('/deployments/blue'))!;
    expect(served.id).toContain(endpoint);
    expect(served.differences!.map(({ member }) => member)).toContain('properties.instanceType');
    const created = await client.create({ ...body, adoptionDigest: adoption!.digest });
    expect(created.status).toBe(202);
    const ready = await client.until('scoring1', 'ready', 'failed');
    expect(ready).toMatchObject({ state: 'ready', failure: null });
    expect(ready.receipt!.proof!.rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(ready.outputs.scoringUri).toContain(`https://${endpoint}.westus2.`);
    const again = (await plan()).resources.filter(({ action }) => action !== 'adopt');
    expect(again.map(({ id, action }) => `${action} ${id}`)).toEqual([]);
  }, 240_000);

  it('deletes what was taken over with the rest: nothing remains', async () => {
    expect((await client.call('DELETE', '/environments/scoring1')).status).toBe(202);
    const { receipt } = await client.until('scoring1', 'deleted', 'blocked');
    expect(receipt!.blockers).toEqual([]);
    const removed = receipt!.removed!.map(({ id }) => id.toLowerCase());
    for (const id of [...made.machine, ...made.wrongZone]) expect(removed).toContain(id.toLowerCase());
    const remaining = ((await control('GET', 'resources')) as { id: string }[]).filter(({ id }) =>
      `${id}/`.toLowerCase().startsWith(`${group}/`),
    );
    expect(remaining).toEqual([]);
  }, 240_000);
});
