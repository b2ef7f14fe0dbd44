import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

const location = 'westus2';
const outboundRules = [
  { name: 'pypi', type: 'fqdn', destination: 'pypi.org' },
  { name: 'monitor', type: 'serviceTag', serviceTag: 'AzureMonitor', protocol: 'TCP', portRanges: '443' },
] as const;

/** A run is longer with a managed network, and the killed worker's activities wait for their heartbeats. */
const runLimitMs = 240_000;

interface Request {
  method: string;
  path: string;
  status: number;
}
interface Plan {
  ok: boolean;
  resources: { title: string; cost: { perHour: number } }[];
}
type Repairs = { proof: { complete: boolean }; repairs: { check: string; resource: string }[] };

describeLocal('an environment with a managed network', 'reads the emulator, and kills processes', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'managed-network', { MOAT_EMULATOR_TIME_SCALE: '1/600' });
    client = createClient(moat.url, undefined, runLimitMs);
    control = createEmulatorControl(moat);
  }, 120_000);
  afterAll(() => moat.close());

  const networkOf = async (name: string) =>
    (await client.get(name)).steps
      .find(({ id }) => id === 'endpoint')!
      .resources.find(({ id }) => id.includes('/managedNetworks/'));

  /** The accepted requests that start to provision a network. */
  const provisionings = async () =>
    ((await control('GET', 'requests')) as Request[]).filter(
      ({ path, status }) => path.endsWith('/provisionManagedNetwork') && status === 202,
    );

  it('is planned with its cost', async () => {
    const spec = { name: 'mnet', location, isolation: 'managedNetwork', outboundRules };
    const { ok, resources } = (await client.call('POST', '/plans', spec)).body as Plan;
    expect(ok).toBe(true);
    const network = resources.filter(({ title }) => title.endsWith('of the managed network'));
    expect(network.map(({ cost }) => cost.perHour)).toEqual([0.05, 0.395]);
  });

  it(
    'is provisioned and proved isolated, although its worker was killed while the network was provisioned',
    async () => {
      await client.create({ name: 'mnet', location, isolation: 'managedNetwork', outboundRules, onDrift: 'repair' });
      await until('the network is provisioned', async () => (await provisionings()).length > 0);
      await moat.kill('worker');
      moat.start('worker');
      const { failure, receipt } = await client.until('mnet', 'ready', 'failed');
      expect(failure).toBeNull();
      expect((await networkOf('mnet'))?.state).toBe('Succeeded');
      expect(await provisionings()).toHaveLength(1);

      const { rows, complete } = receipt!.proof!;
      expect(rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(complete).toBe(true);
      const observed = (check: string) => rows.find((row) => row.check === check)?.observed;
      expect(observed('managed network of the workspace')).toBe('isolation mode AllowOnlyApprovedOutbound, Active');
      expect(observed('outbound rules of the managed network')).toContain('pypi: FQDN pypi.org');
      expect(observed('egress of the deployments')).toContain('blue: isolation mode AllowOnlyApprovedOutbound');
      expect(observed('managed connections of the deployments')).toBeUndefined();
      expect(receipt!.score).toMatchObject({ status: 200 });
    },
    2 * runLimitMs,
  );

  it('closes a rule that somebody has added', async () => {
    const resources = (await control('GET', 'resources')) as { id: string; type: string }[];
    const { id } = resources.find(({ type }) => type === 'Microsoft.MachineLearningServices/workspaces')!;
    const arm = createArmClient(moat);
    const rule = `${id}/outboundRules/mine`;
    const properties = { type: 'FQDN', category: 'UserDefined', destination: 'example.com' };
    await arm('PUT', rule, '2025-12-01', { properties });
    await client.call('POST', '/environments/mnet/verify');
    await until('the proof has ended', async () => (await client.get('mnet')).run === null);
    const { body } = await client.call('GET', '/environments/mnet/runs');
    const [last] = (body as { items: { id: string; receipt: Repairs }[] }).items.filter(({ id: run }) =>
      run.startsWith('verify'),
    );
    expect(last!.receipt.repairs.map(({ check }) => check)).toEqual(['outbound rules of the managed network']);
    expect(last!.receipt.proof.complete).toBe(true);
    expect((await arm('GET', rule, '2025-12-01')).status).toBe(404);
  });

  it('leaves nothing after its teardown', async () => {
    await client.remove('mnet');
    const { receipt } = await client.until('mnet', 'deleted', 'blocked');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    const left = ((await control('GET', 'resources')) as { id: string }[]).filter(({ id }) =>
      id.includes('rg-moat-mnet'),
    );
    expect(left).toEqual([]);
  });
});
