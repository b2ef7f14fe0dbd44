import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

const location = 'westus2';
const outboundRules = [
  { name: 'pypi', type: 'fqdn', destination: 'pypi.org' },
  { name: 'monitor', type: 'serviceTag', serviceTag: 'AzureMonitor', protocol: 'TCP', portRanges: '443' },
] as const;

describeLocal('an environment with a managed network', 'reads the emulator', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'managed-network');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
  }, 120_000);
  afterAll(() => moat.close());

  it('is planned with its cost, provisioned, proved isolated and scored, and its teardown leaves nothing', async () => {
    const name = 'mnet';
    const spec = { name, location, isolation: 'managedNetwork', outboundRules };
    const plan = (await client.call('POST', '/plans', spec)).body as {
      ok: boolean;
      resources: { title: string; cost: { perHour: number } }[];
    };
    expect(plan.ok).toBe(true);
    expect(
      plan.resources.filter(({ title }) => title.endsWith('of the managed network')).map(({ cost }) => cost.perHour),
    ).toEqual([0.05, 0.395]);

    await client.create(spec);
    await client.events(name);
    const { state, failure, receipt, steps } = await client.get(name);
    expect([state, failure]).toEqual(['ready', null]);
    const { rows, complete } = receipt!.proof!;
    expect(rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(complete).toBe(true);
    const found = (check: string) => rows.find((row) => row.check === check);
    expect(found('managed network of the workspace')?.observed).toBe(
      'isolation mode AllowOnlyApprovedOutbound, Active',
    );
    expect(found('outbound rules of the managed network')?.observed).toContain(
      'pypi: FQDN pypi.org; monitor: ServiceTag',
    );
    expect(found('egress of the deployments')?.observed).toContain('blue: isolation mode AllowOnlyApprovedOutbound');
    expect(found('managed connections of the deployments')).toBeUndefined();
    expect(receipt!.score).toMatchObject({ status: 200 });
    const endpoint = steps.find(({ id }) => id === 'endpoint') as unknown as { resources: { id: string }[] };
    expect(endpoint.resources.map(({ id }) => id.split('/').at(-2))).toContain('managedNetworks');

    await client.remove(name);
    await client.events(name);
    const left = ((await control('GET', 'resources')) as { id: string }[]).filter(({ id }) => id.includes(`-${name}/`));
    expect(left).toEqual([]);
    expect((await client.get(name)).receipt).toMatchObject({ remaining: [], blockers: [] });
  });
});
