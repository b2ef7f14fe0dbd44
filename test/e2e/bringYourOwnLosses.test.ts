import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { createExisting, snapshotOf } from './support/existingResources.ts';
import type { Ids } from './support/existingResources.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 240_000 });

const everything = ({ group: _group, applicationInsights: _insights, ...all }: Ids): object => all;

describeLocal('what was added to existing resources', 'kills processes and loses Temporal’s data', () => {
  const { address } = inject('temporal');
  const location = 'westus2';
  let moat: Moat;
  beforeAll(async () => {
    moat = await startMoat(address, 'additions', { MOAT_EMULATOR_TIME_SCALE: '1/500' });
  });
  afterAll(() => moat.close());

  /** An environment with everything of a team, until it is ready; and the team's resources as they were before. */
  async function ready(client: MoatClient, name: string): Promise<{ ids: Ids; before: string[] }> {
    const ids = await createExisting(createArmClient(moat), `t${name}`);
    const before = await snapshotOf(createEmulatorControl(moat), ids);
    await client.create({ name, location, suffix: name, existing: everything(ids) });
    expect(await client.until(name, 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
    return { ids, before };
  }

  const expectUnchanged = async (ids: Ids, before: string[]): Promise<void> =>
    expect(await snapshotOf(createEmulatorControl(moat), ids)).toEqual(before);

  it('is removed although worker and emulator are killed again and again meanwhile', async () => {
    const client = createClient(moat.url, undefined, 150_000);
    const { ids, before } = await ready(client, 'killed');
    await client.call('DELETE', '/environments/killed');
    for (const removed of [1, 8, 14]) {
      await until(`${removed} resources are removed`, async () => {
        const { state, steps } = await client.get('killed');
        const gone = steps.flatMap(({ resources }) => resources).filter((one) => one.state === 'Deleted');
        return state !== 'deleting' || gone.length >= removed;
      });
      await Promise.all([moat.kill('worker'), moat.kill('emulator')]);
      for (const name of ['emulator', 'worker'] as const) moat.start(name);
      await moat.ready();
    }
    const { state, receipt } = await client.until('killed', 'deleted', 'blocked');
    expect([state, receipt?.remaining, receipt?.blockers]).toEqual(['deleted', [], []]);
    await expectUnchanged(ids, before);
  });

  it('is found by the tags of the group after Temporal has lost everything', async () => {
    const { ids, before } = await ready(createClient(moat.url, undefined, 150_000), 'lost');
    for (const name of ['api', 'worker', 'emulator'] as const) await moat.kill(name);
    const recovered = await startMoat(address, 'additions-2', {
      MOAT_DATA_DIR: moat.dataDir,
      MOAT_EMULATOR_PORT: new URL(moat.emulatorUrl).port,
    });
    try {
      const client = createClient(recovered.url, undefined, 150_000);
      expect((await client.call('POST', '/sweeps', {})).status).toBe(202);
      expect((await client.until('lost', 'ready')).spec).toBeNull();
      await client.call('DELETE', '/environments/lost');
      const { state, receipt } = await client.until('lost', 'deleted', 'blocked');
      expect([state, receipt?.remaining, receipt?.blockers]).toEqual(['deleted', [], []]);
      await expectUnchanged(ids, before);
    } finally {
      await recovered.close();
    }
  });
});
