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

vi.setConfig({ testTimeout: 120_000 });

const specOf = (name: string, existing: object) => ({ name, location: 'westus2', suffix: name, existing });

describeLocal('existing resources', 'creates resources of a team', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  let arm: ReturnType<typeof createArmClient>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'existing');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
    arm = createArmClient(moat);
  }, 120_000);
  afterAll(() => moat.close());

  /** An environment with these existing resources, until it is ready. */
  async function ready(name: string, existing: object) {
    expect((await client.create(specOf(name, existing))).body).toMatchObject({ name });
    const found = await client.until(name, 'ready', 'failed');
    expect(found).toMatchObject({ state: 'ready', failure: null });
    return found;
  }

  /** Deletes the environment, and returns the ids of the team's group in the receipt. */
  async function removed(name: string): Promise<string[]> {
    await client.call('DELETE', `/environments/${name}`);
    const { state, receipt } = await client.until(name, 'deleted', 'blocked');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(state).toBe('deleted');
    return receipt!.removed!.map(({ id }) => id).filter((id) => id.includes(`/resourceGroups/rg-t${name}/`));
  }

  const connections = 'privateEndpointConnections';
  const roles = 'roleAssignments';
  /** What of a team's is used, and the number of additions that the receipt has, by type. */
  const variants: [string, (ids: Ids) => object, Record<string, number>][] = [
    ['zones', ({ privateDnsZones }) => ({ privateDnsZones }), { virtualNetworkLinks: 6 }],
    ['registry', ({ registry }) => ({ registry }), { [connections]: 1, [roles]: 1 }],
    [
      'storage',
      ({ storageAccount }) => ({ storageAccount }),
      { [connections]: 2, [roles]: 1, containers: 1, shares: 1 },
    ],
    ['vault', ({ vault }) => ({ vault }), { [connections]: 1 }],
    ['insights', ({ applicationInsights }) => ({ applicationInsights }), {}],
    ['subnet', ({ subnet }) => ({ subnet }), {}],
    ['identity', ({ identity }) => ({ identity }), {}],
    [
      'mlw',
      ({ workspace, registry, storageAccount, vault }) => ({ workspace, registry, storageAccount, vault }),
      { [connections]: 5, [roles]: 3, onlineEndpoints: 1, versions: 3 },
    ],
    [
      'all',
      ({ group: _group, applicationInsights: _insights, ...all }) => all,
      { [connections]: 5, [roles]: 3, onlineEndpoints: 1, versions: 3, virtualNetworkLinks: 6 },
    ],
  ];

  it.each(variants)(
    '%s: used, never changed, and without what was added once the environment is deleted',
    async (kind, pick, additions) => {
      const ids = await createExisting(arm, `t${kind}`);
      const before = await snapshotOf(control, ids);
      const { receipt } = await ready(kind, pick(ids));
      expect(receipt!.proof!.rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      const plan = await client.call('POST', '/plans', specOf(kind, pick(ids)));
      const { resources } = plan.body as { resources: { action: string }[] };
      expect(resources.filter(({ action }) => action !== 'adopt' && action !== 'use')).toEqual([]);
      const types = (await removed(kind)).map((id) => id.split('/').at(-2)!);
      expect(
        Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length])),
      ).toEqual(additions);
      expect(await snapshotOf(control, ids)).toEqual(before);
    },
  );
});
