import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

const location = 'westus2';
const subscription = '11111111-2222-4333-8444-555555555555';

describeLocal('an environment whose workflow was terminated', 'terminates workflows in Temporal', () => {
  let moat: Moat;
  let client: MoatClient;
  let arm: ReturnType<typeof createArmClient>;
  let connection: Connection;
  let temporal: Client;
  beforeAll(async () => {
    const { address } = inject('temporal');
    moat = await startMoat(address, 'terminated', { AZURE_SUBSCRIPTION_ID: subscription });
    client = createClient(moat.url);
    arm = createArmClient(moat);
    connection = await Connection.connect({ address });
    temporal = new Client({ connection, namespace: moat.namespace });
  }, 120_000);
  afterAll(async () => {
    await connection.close();
    await moat.close();
  });

  const terminate = (name: string) => temporal.workflow.getHandle(`environment-${name}`).terminate('by a test');
  const groupStatus = async (name: string): Promise<number> =>
    (await arm('GET', `/subscriptions/${subscription}/resourceGroups/rg-moat-${name}`, '2021-04-01')).status;

  async function terminatedWhenReady(name: string): Promise<void> {
    await client.create({ name, location });
    expect((await client.until(name, 'ready', 'failed')).state).toBe('ready');
    await terminate(name);
  }

  async function expectRemoved(name: string): Promise<void> {
    const { state, receipt } = await client.until(name, 'deleted', 'blocked');
    expect([state, receipt?.remaining, receipt?.blockers]).toEqual(['deleted', [], []]);
    expect(await groupStatus(name)).toBe(404);
  }

  it('answers cancel, PATCH and score with 404 or 409, and DELETE removes its group', async () => {
    const name = 'lost1';
    const path = `/environments/${name}`;
    await terminatedWhenReady(name);
    const answers = [
      await client.call('POST', `${path}/cancel`),
      await client.call('POST', `${path}/cancel`, { teardown: true }),
      await client.call('PATCH', path, { ttl: '2h' }),
      await client.call('PATCH', path, { protected: true, reason: 'demo' }),
      await client.call('POST', `${path}/score`, { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }),
    ];
    for (const { status, body } of answers) expect([404, 409], JSON.stringify(body)).toContain(status);
    expect((await client.call('DELETE', path)).status).toBe(202);
    await expectRemoved(name);
  }, 120_000);

  it('is recovered by POST with the same spec, and can be deleted', async () => {
    const name = 'lost2';
    await terminatedWhenReady(name);
    const { status } = await client.create({ name, location });
    expect([200, 202]).toContain(status);
    expect((await client.until(name, 'ready', 'failed')).failure).toBeNull();
    expect((await client.call('DELETE', `/environments/${name}`)).status).toBe(202);
    await expectRemoved(name);
  }, 120_000);

  it('can be deleted when it was terminated during a run', async () => {
    const name = 'lost3';
    await client.create({ name, location });
    await until('the workspace step runs', async () => (await client.get(name)).steps[3]?.state === 'running');
    await terminate(name);
    expect((await client.call('DELETE', `/environments/${name}`)).status).toBe(202);
    await expectRemoved(name);
  }, 120_000);
});
