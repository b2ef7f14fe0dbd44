import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { createExisting, idsOf, snapshotOf, subscription } from './support/existingResources.ts';
import type { Ids } from './support/existingResources.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

vi.setConfig({ testTimeout: 120_000 });

const links = '2024-06-01';

const specOf = (name: string, existing: object) => ({ name, location: 'westus2', suffix: name, existing });
const networkOf = ({ subnet }: Ids): string => subnet.replace(/\/subnets\/.*/, '');
const linkTo = (network: string) => ({ location: 'global', properties: { virtualNetwork: { id: network } } });

describeLocal('existing resources and their owners', 'changes resources of a team', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  let arm: ReturnType<typeof createArmClient>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'owners');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
    arm = createArmClient(moat);
  }, 120_000);
  afterAll(() => moat.close());

  interface Planned {
    ok: boolean;
    findings: { rule: string; severity: string; remedy: string }[];
    resources: { id: string; action: string; cost: { perHour: number } }[];
  }
  const planOf = async (existing: object): Promise<Planned> =>
    (await client.call('POST', '/plans', specOf('plan', existing))).body as Planned;

  async function ready(name: string): Promise<void> {
    expect(await client.until(name, 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
  }
  async function removed(name: string): Promise<string[]> {
    await client.call('DELETE', `/environments/${name}`);
    const { state, receipt } = await client.until(name, 'deleted', 'blocked');
    expect([state, receipt?.remaining, receipt?.blockers]).toEqual(['deleted', [], []]);
    return receipt!.removed!.map(({ id }) => id);
  }

  it('a run waits for the owner’s approval of each connection, and names the command', async () => {
    const ids = await createExisting(arm, 'tapprove');
    const notActions = ['*/privateEndpointConnectionsApproval/action'];
    await control('PUT', `objects/permissions:${ids.registry.toLowerCase()}`, {
      value: [{ actions: ['*'], notActions }],
    });
    await client.create(specOf('approve', { registry: ids.registry }));
    const message = await until('the run waits', async () => {
      const { steps } = await client.get('approve');
      return steps.find(({ id, message }) => id === 'workspace' && message?.includes('owner'))?.message;
    });
    expect(message).toContain(
      `az network private-endpoint-connection approve --id $(az network private-endpoint-connection list --id ${ids.registry}`,
    );
    const { body } = await arm('GET', `${ids.registry}/privateEndpointConnections`, '2025-04-01');
    const [connection] = (body as { value: { id: string }[] }).value;
    await arm('PUT', connection!.id, '2025-04-01', {
      properties: { privateLinkServiceConnectionState: { status: 'Approved', description: 'welcome' } },
    });
    await ready('approve');
    await removed('approve');
  });

  it('a run waits for the zone groups that a policy writes', async () => {
    const ids = await createExisting(arm, 'tpolicy');
    const zonesOf: Record<string, number[]> = { 'st-blob': [0], 'st-file': [1], kv: [2], cr: [3], mlw: [4, 5] };
    for (const [abbreviation, zones] of Object.entries(zonesOf))
      await control('POST', 'appearances', {
        id: '{id}/privateDnsZoneGroups/deployedByPolicy',
        whenCreated: `${subscription}/resourceGroups/rg-moat-policy/providers/Microsoft.Network/privateEndpoints/ple-policy-${abbreviation}`,
        afterSeconds: 8000,
        properties: {
          privateDnsZoneConfigs: zones.map((index) => ({
            name: `zone-${index}`,
            properties: { privateDnsZoneId: ids.privateDnsZones[index] },
          })),
        },
      });
    const before = await snapshotOf(control, ids);
    const { privateDnsZones } = ids;
    await client.create(specOf('policy', { privateDnsZones, zoneGroupsByPolicy: true }));
    await until('the run waits', async () =>
      (await client.get('policy')).steps.some(({ message }) => message?.includes('policy that writes zone groups')),
    );
    await ready('policy');
    const groups = (await client.get('policy')).steps.flatMap(({ resources }) => resources);
    expect(groups.filter(({ id }) => id.includes('privateDnsZoneGroups'))).toEqual([]);
    await removed('policy');
    expect(await snapshotOf(control, ids)).toEqual(before);
  });

  it('a link that the owner made is used, and stays', async () => {
    const ids = await createExisting(arm, 'tlinked');
    const link = `${ids.privateDnsZones[3]}/virtualNetworkLinks/of-the-team`;
    await arm('PUT', link, links, linkTo(networkOf(ids)));
    await until('it is linked', async () => (await arm('GET', link, links)).status === 200);
    const { subnet, privateDnsZones } = ids;
    await client.create(specOf('linked', { subnet, privateDnsZones }));
    await ready('linked');
    const ofTeam = (await removed('linked')).filter((id) => id.includes('virtualNetworkLinks'));
    expect(ofTeam.filter((id) => id.startsWith(ids.privateDnsZones[3]!))).toEqual([]);
    expect(ofTeam).toHaveLength(5);
    expect((await arm('GET', link, links)).status).toBe(200);
  });

  it('a link or endpoint of the same name without the seal stops a run, and a teardown leaves it', async () => {
    const ids = await createExisting(arm, 'talike');
    const other = idsOf('talike');
    const link = `${ids.privateDnsZones[0]}/virtualNetworkLinks/link-alike`;
    // with a copy of the tags of a genuine addition
    await client.create(specOf('genuine', { privateDnsZones: ids.privateDnsZones }));
    await ready('genuine');
    const genuine = await arm('GET', `${ids.privateDnsZones[0]}/virtualNetworkLinks/link-genuine`, links);
    const { tags } = genuine.body as { tags: Record<string, string> };
    expect(tags['moat-seal']).toMatch(/^[0-9a-f]{64}$/);
    await arm('PUT', link, links, { ...linkTo(networkOf(other)), tags: { ...tags, 'moat-environment': 'alike' } });

    await client.create(specOf('alike', { privateDnsZones: ids.privateDnsZones }));
    const { failure } = await client.until('alike', 'failed', 'ready');
    expect(failure).toMatchObject({ step: 'network', type: 'NameTaken' });
    expect(failure!.message).toContain(link);
    expect(await removed('alike')).not.toContain(link);
    expect((await arm('GET', link, links)).body).toMatchObject({ tags: { 'moat-environment': 'alike' } });
    await removed('genuine');
  });

  it('roles that Azure gives the workspace and the endpoint on existing resources go with them', async () => {
    const ids = await createExisting(arm, 'troles');
    const before = await snapshotOf(control, ids);
    const { registry, storageAccount } = ids;
    await client.create(specOf('azroles', { registry, storageAccount }));
    await ready('azroles');
    const workspace = `${subscription}/resourceGroups/rg-moat-azroles/providers/Microsoft.MachineLearningServices/workspaces/mlw-azroles`;
    const owners = [workspace, `${workspace}/onlineEndpoints/azroles-azroles`];
    for (const [index, owner] of owners.entries()) {
      const { body } = await arm('GET', owner, '2024-10-01');
      const { principalId } = (body as { identity: { principalId: string } }).identity;
      const name = `00000000-0000-4000-8000-00000000000${index}`;
      await arm('PUT', `${storageAccount}/providers/Microsoft.Authorization/roleAssignments/${name}`, '2022-04-01', {
        properties: {
          principalId,
          roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`,
        },
      });
    }
    expect((await removed('azroles')).filter((id) => id.startsWith(`${storageAccount}/providers/`))).toHaveLength(3);
    expect(await snapshotOf(control, ids)).toEqual(before);
  });

  it('a plan shows what is used and what is added, and what forbids it', async () => {
    const ids = await createExisting(arm, 'tplan');
    const { registry, privateDnsZones } = ids;
    const { ok, resources } = await planOf({ registry, privateDnsZones });
    expect(ok).toBe(true);
    const used = resources.filter(({ action }) => action === 'use');
    expect(used.map(({ id }) => id).toSorted()).toEqual([registry, ...privateDnsZones].toSorted());
    expect(used.every(({ cost }) => cost.perHour === 0)).toBe(true);
    expect(resources.filter(({ id, action }) => id.includes('/rg-tplan/') && action === 'create')).toHaveLength(6);

    await arm('PATCH', registry, '2025-04-01', { properties: { publicNetworkAccess: 'Enabled' } });
    await until('the registry is open', async () => !(await planOf({ registry })).ok);
    const { findings } = await planOf({ registry });
    expect(findings.filter(({ severity }) => severity === 'blocks')).toEqual([
      expect.objectContaining({ rule: 'CLOSED', remedy: expect.stringContaining(registry) as string }),
    ]);
  });

  it('a POST names everything that is wrong with the ids', async () => {
    const ids = idsOf('tany');
    const { status, body } = await client.create(
      specOf('wrong', {
        workspace: ids.workspace,
        registry: ids.vault,
        vault: ids.vault.replace('11111111', '99999999'),
        identity: ids.identity.replace('rg-tany', 'rg-moat-wrong'),
        applicationInsights: ids.applicationInsights,
        privateDnsZones: [ids.privateDnsZones[0], ids.privateDnsZones[1]!.replace('file.core', 'other')],
        zoneGroupsByPolicy: true,
      }),
    );
    expect(status).toBe(400);
    const { errors } = body as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual([
      '/existing/applicationInsights',
      '/existing/identity',
      '/existing/privateDnsZones',
      '/existing/privateDnsZones/1',
      '/existing/registry',
      '/existing/storageAccount',
      '/existing/vault',
    ]);
  });
});
