import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import type { Environment } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('failing steps', 'injects faults', () => {
  /**
   * Every step of standing up and taking down fails once, on the real emulator over the real SDK: refused at once, not answered,
   * answered too late, or failed as the operation's end. In the manner of Stairway's tests of Terra.
   */
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'stairway');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
  }, 120_000);
  afterAll(() => moat.close());

  const group = (name: string): string => `/resourceGroups/rg-moat-${name}/`;

  interface Resource {
    id: string;
    type: string;
    state: string;
  }

  /** What the emulator still knows of an environment: resources, roles, deleted vaults and workspaces. */
  async function leftOf(name: string): Promise<string[]> {
    const resources = (await control('GET', 'resources')) as Resource[];
    const workspaces = (await control('GET', 'objects/deletedWorkspace:*')) as string[];
    return [...resources.map(({ id }) => id), ...workspaces].filter((id) =>
      `${id}/`.toLowerCase().includes(group(name).toLowerCase()),
    );
  }

  /** The types that a provisioning run writes, and a teardown deletes. */
  const made = [
    'Microsoft.Network/networkSecurityGroups',
    'Microsoft.Network/publicIPAddresses',
    'Microsoft.Network/natGateways',
    'Microsoft.Network/virtualNetworks',
    'Microsoft.Network/privateDnsZones',
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    'Microsoft.OperationalInsights/workspaces',
    'Microsoft.Insights/components',
    'Microsoft.Storage/storageAccounts',
    'Microsoft.KeyVault/vaults',
    'Microsoft.ContainerRegistry/registries',
    'Microsoft.ManagedIdentity/userAssignedIdentities',
    'Microsoft.MachineLearningServices/workspaces',
    'Microsoft.Network/privateEndpoints',
    'Microsoft.Network/networkInterfaces',
    'Microsoft.Compute/virtualMachines',
    'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  ] as const;
  /** Written besides, and gone with what contains them. */
  const within = [
    'Microsoft.Network/networkSecurityGroups/securityRules',
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    'Microsoft.Authorization/roleDefinitions',
    'Microsoft.Authorization/roleAssignments',
    'Microsoft.MachineLearningServices/workspaces/codes/versions',
    'Microsoft.MachineLearningServices/workspaces/models/versions',
    'Microsoft.MachineLearningServices/workspaces/environments/versions',
    'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
  ] as const;

  const passing = [
    { status: 503, code: 'ServiceUnavailable', message: 'try again' },
    { status: 429, code: 'TooManyRequests', message: 'slower', headers: { 'retry-after': '1' } },
    { reset: true },
    { dropAnswer: true },
    { failOperation: { code: 'InternalServerError', message: 'Azure had an error' } },
  ] as const;

  /** One passing failure for the first request of each type, another one for each. */
  async function failOnce(name: string, method: string, types: readonly string[]): Promise<void> {
    for (const [index, type] of types.entries()) await fail(name, method, type, passing[index % passing.length]!);
  }

  /** The script that each step runs on the jumpbox. */
  const commands = ['setUp', 'buildImage', 'verify', 'score'];
  const commandType = 'Microsoft.Compute/virtualMachines/runCommands';
  const groupType = 'Microsoft.Resources/resourceGroups';

  const fail = (name: string, method: string, type: string, effect: object, rest = '', times = 1): Promise<unknown> =>
    control('POST', 'faults', {
      match: { method, type, id: type === groupType ? group(name).slice(0, -1) : `${group(name)}${rest}` },
      effect,
      times,
    });

  /** How many of a type were made below an environment's group. */
  async function creates(name: string, type: string): Promise<number> {
    const operations = (await control('GET', 'operations')) as { kind: string; resourceId: string }[];
    const below = (id: string): boolean => `${id}/`.toLowerCase().includes(group(name).toLowerCase());
    return operations.filter(
      ({ kind, resourceId: id }) =>
        kind === 'create' && below(id) && new RegExp(`${type.split('/').at(-1)}/[^/]+$`, 'i').test(id),
    ).length;
  }

  async function hits(name: string): Promise<{ type: string; hits: number; times: number }[]> {
    const faults = (await control('GET', 'faults')) as {
      match: { id?: string; type: string };
      hits: number;
      times: number;
    }[];
    return faults
      .filter(({ match }) => match.id?.startsWith(group(name).slice(0, -1)))
      .map(({ match: { type }, hits, times }) => ({ type, hits, times }));
  }

  async function ready(name: string): Promise<Environment> {
    expect((await client.create({ name, location: 'westus2', suffix: name })).status).toBe(202);
    return client.until(name, 'ready', 'failed');
  }

  const takeDown = async (name: string): Promise<Environment> => {
    expect((await client.call('DELETE', `/environments/${name}`)).status).toBe(202);
    return client.until(name, 'deleted', 'blocked');
  };

  describe('each step', () => {
    it('of standing up fails once, is tried again, and makes nothing twice', async () => {
      const name = 'stairs1';
      await failOnce(name, 'PUT', [groupType, ...made, ...within]);
      // a read is tried four times before it counts as failed
      await fail(name, 'GET', groupType, { status: 503, code: 'ServiceUnavailable' }, '', 4);
      for (const command of commands)
        await fail(
          name,
          'PUT',
          commandType,
          { dropAnswer: true },
          `providers/Microsoft.Compute/virtualMachines/vm-stairs1/runCommands/${command}`,
        );
      const environment = await ready('stairs1');
      expect(environment.failure).toBeNull();
      expect(environment.state).toBe('ready');
      expect((await hits(name)).filter((fault) => fault.hits !== fault.times)).toEqual([]);
      expect(await creates(name, commandType)).toBe(commands.length);
      for (const type of ['virtualMachines', 'onlineEndpoints', 'deployments', 'registries'])
        expect(await creates(name, type), type).toBe(1);
    });

    it('of taking down fails once, is tried again, and leaves nothing', async () => {
      const roles = ['Microsoft.Authorization/roleAssignments', 'Microsoft.Authorization/roleDefinitions'];
      await failOnce('stairs1', 'DELETE', [groupType, ...made, ...roles]);
      await control('POST', 'faults', { match: { method: 'POST', action: 'purge' }, effect: { reset: true } });
      const { state, receipt } = await takeDown('stairs1');
      expect(receipt).toMatchObject({ remaining: [], blockers: [] });
      expect(state).toBe('deleted');
      expect((await hits('stairs1')).filter((fault) => fault.hits !== fault.times)).toEqual([]);
      expect(await leftOf('stairs1')).toEqual([]);
      const proofs = receipt!.removed!.map(({ proof }) => proof);
      expect(proofs.filter((proof) => proof === 'assumed')).toHaveLength(1);
      expect(proofs.filter((proof) => proof === 'purged')).toHaveLength(1);
      expect(receipt!.removed!.filter(({ id }) => /roleAssignments/i.test(id))).toHaveLength(3);
    });
  });

  it.concurrent('fails in its last step, is taken down by itself, and leaves nothing', async () => {
    await control('POST', 'faults', {
      match: {
        method: 'PUT',
        type: 'Microsoft.Compute/virtualMachines/runCommands',
        id: `${group('stairs2')}providers/Microsoft.Compute/virtualMachines/vm-stairs2/runCommands/score`,
      },
      effect: { status: 403, code: 'AuthorizationFailed', message: 'not allowed to run commands' },
    });
    await client.create({ name: 'stairs2', location: 'westus2', suffix: 'stairs2', onFailure: 'teardown' });
    const { state, failure, receipt } = await client.until('stairs2', 'deleted', 'blocked', 'ready');
    expect(failure).toMatchObject({ step: 'score', type: 'Forbidden', code: 'AuthorizationFailed' });
    const requests = (await control('GET', 'requests')) as { method: string; path: string; correlationId: string }[];
    const ofTheRun = requests.filter(({ correlationId }) => correlationId === failure!.correlationId);
    expect(ofTheRun.some(({ path }) => /runCommands\/score/i.test(path))).toBe(true);
    expect(ofTheRun.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(20);
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(state).toBe('deleted');
    expect(await leftOf('stairs2')).toEqual([]);
  });

  it.concurrent('removes what a create made whose answer was lost just before a cancel', async () => {
    const workspace = 'Microsoft.MachineLearningServices/workspaces';
    await control('POST', 'faults', {
      match: { method: 'PUT', type: workspace, id: group('stairs3') },
      effect: { dropAnswer: true },
    });
    await client.create({ name: 'stairs3', location: 'westus2' });
    await until('the workspace was sent', async () => (await hits('stairs3')).some(({ hits: seen }) => seen === 1));
    expect((await client.call('POST', '/environments/stairs3/cancel', { teardown: true })).status).toBe(202);
    const { state, receipt } = await client.until('stairs3', 'deleted', 'blocked');
    expect(state).toBe('deleted');
    expect(receipt!.removed!.some(({ id }) => /MachineLearningServices\/workspaces\/[^/]+$/.test(id))).toBe(true);
    expect(await leftOf('stairs3')).toEqual([]);
  });
});
