import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import type { Environment } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

const group = (name: string): string => `/resourceGroups/rg-moat-${name}/`;

describeLocal('failing steps', 'injects faults', () => {
  /**
   * Every step of provisioning and teardown fails once: refused, connection reset, executed without an answer, or accepted and ended as
   * failed. The idea is from the tests of Stairway, Terra's workflow library.
   */
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'every-step-fails');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
  }, 120_000);
  afterAll(() => moat.close());

  interface Resource {
    id: string;
    type: string;
    state: string;
  }

  /** What remains of an environment in the emulator: resources, roles, soft-deleted workspaces. */
  async function remainingOf(name: string): Promise<string[]> {
    const resources = (await control('GET', 'resources')) as Resource[];
    const workspaces = (await control('GET', 'objects/deletedWorkspace:*')) as string[];
    return [...resources.map(({ id }) => id), ...workspaces].filter((id) =>
      `${id}/`.toLowerCase().includes(group(name).toLowerCase()),
    );
  }

  /** Types that a provisioning run creates and a teardown deletes. */
  const deletedTypes = [
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
  /** Types that are deleted with their parent. */
  const nestedTypes = [
    'Microsoft.Network/networkSecurityGroups/securityRules',
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    'Microsoft.Authorization/roleDefinitions',
    'Microsoft.Authorization/roleAssignments',
    'Microsoft.MachineLearningServices/workspaces/codes/versions',
    'Microsoft.MachineLearningServices/workspaces/models/versions',
    'Microsoft.MachineLearningServices/workspaces/environments/versions',
    'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
  ] as const;

  const transientFailures = [
    { status: 503, code: 'ServiceUnavailable', message: 'unavailable' },
    { status: 429, code: 'TooManyRequests', message: 'throttled', headers: { 'retry-after': '1' } },
    { reset: true },
    { dropAnswer: true },
    { failOperation: { code: 'InternalServerError', message: 'Azure had an error' } },
  ] as const;

  /** Fails the first request of each type, with the transient failures in turn. */
  async function failOnce(name: string, method: string, types: readonly string[]): Promise<void> {
    for (const [index, type] of types.entries())
      await fail(name, method, type, transientFailures[index % transientFailures.length]!);
  }

  /** Scripts that the steps run on the jumpbox. */
  const commands = ['setUp', 'buildImage', 'verify', 'scoreSample'];
  const commandType = 'Microsoft.Compute/virtualMachines/runCommands';
  const groupType = 'Microsoft.Resources/resourceGroups';

  const fail = (name: string, method: string, type: string, effect: object, rest = '', times = 1): Promise<unknown> =>
    control('POST', 'faults', {
      match: { method, type, id: type === groupType ? group(name).slice(0, -1) : `${group(name)}${rest}` },
      effect,
      times,
    });

  /** Number of creates of a type within an environment's group. */
  async function createsOf(name: string, type: string): Promise<number> {
    const operations = (await control('GET', 'operations')) as { kind: string; resourceId: string }[];
    const isInGroup = (id: string): boolean => `${id}/`.toLowerCase().includes(group(name).toLowerCase());
    return operations.filter(
      ({ kind, resourceId: id }) =>
        kind === 'create' && isInGroup(id) && new RegExp(`${type.split('/').at(-1)}/[^/]+$`, 'i').test(id),
    ).length;
  }

  async function faultsOf(name: string): Promise<{ type: string; hits: number; times: number }[]> {
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

  const tearDown = async (name: string): Promise<Environment> => {
    expect((await client.call('DELETE', `/environments/${name}`)).status).toBe(202);
    return client.until(name, 'deleted', 'blocked');
  };

  describe('each step', () => {
    it('of provisioning fails once, is retried, and creates nothing twice', async () => {
      const name = 'steps1';
      await failOnce(name, 'PUT', [groupType, ...deletedTypes, ...nestedTypes]);
      // a read is sent four times before it counts as failed
      await fail(name, 'GET', groupType, { status: 503, code: 'ServiceUnavailable' }, '', 4);
      for (const command of commands)
        await fail(
          name,
          'PUT',
          commandType,
          { dropAnswer: true },
          `providers/Microsoft.Compute/virtualMachines/vm-steps1/runCommands/${command}`,
        );
      const environment = await ready(name);
      expect(environment.failure).toBeNull();
      expect(environment.state).toBe('ready');
      expect((await faultsOf(name)).filter((fault) => fault.hits !== fault.times)).toEqual([]);
      expect(await createsOf(name, commandType)).toBe(commands.length);
      for (const type of ['virtualMachines', 'onlineEndpoints', 'deployments', 'registries'])
        expect(await createsOf(name, type), type).toBe(1);
    });

    it('of teardown fails once, is retried, and leaves nothing', async () => {
      const name = 'steps2';
      expect((await ready(name)).state).toBe('ready');
      const roles = ['Microsoft.Authorization/roleAssignments', 'Microsoft.Authorization/roleDefinitions'];
      await failOnce(name, 'DELETE', [groupType, ...deletedTypes, ...roles]);
      await control('POST', 'faults', { match: { method: 'POST', action: 'purge' }, effect: { reset: true } });
      const { state, receipt } = await tearDown(name);
      expect(receipt).toMatchObject({ remaining: [], blockers: [] });
      expect(state).toBe('deleted');
      expect((await faultsOf(name)).filter((fault) => fault.hits !== fault.times)).toEqual([]);
      expect(await remainingOf(name)).toEqual([]);
      const proofs = receipt!.removed!.map(({ proof }) => proof);
      expect(proofs.filter((proof) => proof === 'assumed')).toHaveLength(1);
      expect(proofs.filter((proof) => proof === 'purged')).toHaveLength(1);
      expect(receipt!.removed!.filter(({ id }) => /roleAssignments/i.test(id))).toHaveLength(3);
    });
  });

  it.concurrent('a failure in the last step with `onFailure: teardown` leaves nothing', async () => {
    await control('POST', 'faults', {
      match: {
        method: 'PUT',
        type: 'Microsoft.Compute/virtualMachines/runCommands',
        id: `${group('steps3')}providers/Microsoft.Compute/virtualMachines/vm-steps3/runCommands/score`,
      },
      effect: { status: 403, code: 'AuthorizationFailed', message: 'not allowed to run commands' },
    });
    await client.create({ name: 'steps3', location: 'westus2', suffix: 'steps3', onFailure: 'teardown' });
    const { state, failure, receipt } = await client.until('steps3', 'deleted', 'blocked', 'ready');
    expect(failure).toMatchObject({ step: 'score', type: 'Forbidden', code: 'AuthorizationFailed' });
    const requests = (await control('GET', 'requests')) as { method: string; path: string; correlationId: string }[];
    const requestsOfRun = requests.filter(({ correlationId }) => correlationId === failure!.correlationId);
    expect(requestsOfRun.some(({ path }) => /runCommands\/score/i.test(path))).toBe(true);
    expect(requestsOfRun.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(20);
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(state).toBe('deleted');
    expect(await remainingOf('steps3')).toEqual([]);
  });

  it.concurrent('cancel with teardown removes a resource whose create was not answered', async () => {
    const workspace = 'Microsoft.MachineLearningServices/workspaces';
    await control('POST', 'faults', {
      match: { method: 'PUT', type: workspace, id: group('steps4') },
      effect: { dropAnswer: true },
    });
    await client.create({ name: 'steps4', location: 'westus2' });
    await until('the workspace was sent', async () =>
      (await faultsOf('steps4')).some(({ hits: count }) => count === 1),
    );
    expect((await client.call('POST', '/environments/steps4/cancel', { teardown: true })).status).toBe(202);
    const { state, receipt } = await client.until('steps4', 'deleted', 'blocked');
    expect(state).toBe('deleted');
    expect(receipt!.removed!.some(({ id }) => /MachineLearningServices\/workspaces\/[^/]+$/.test(id))).toBe(true);
    expect(await remainingOf('steps4')).toEqual([]);
  });
});
