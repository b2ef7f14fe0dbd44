import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('blockers', 'injects faults', () => {
  let moat: Moat;
  let client: MoatClient;
  let control: ReturnType<typeof createEmulatorControl>;
  let arm: ReturnType<typeof createArmClient>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'blockers');
    client = createClient(moat.url);
    control = createEmulatorControl(moat);
    arm = createArmClient(moat);
  }, 120_000);
  afterAll(() => moat.close());

  const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
  const groupOf = (name: string): string => `${subscription}/resourceGroups/rg-moat-${name}`;

  async function ready(name: string): Promise<void> {
    await client.create({ name, location: 'westus2', suffix: name });
    expect(await client.until(name, 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
  }

  const remove = async (name: string): Promise<void> => {
    expect((await client.call('DELETE', `/environments/${name}`)).status).toBe(202);
  };

  /** Waits until the environment is blocked and returns its blockers. */
  async function blockersOf(name: string): Promise<{ resource: string; reason: string; command: string }[]> {
    const { receipt } = await client.until(name, 'blocked', 'deleted');
    return receipt?.blockers ?? [];
  }

  async function remainingOf(name: string): Promise<string[]> {
    const resources = (await control('GET', 'resources')) as { id: string }[];
    return resources
      .map(({ id }) => id)
      .filter((id) => `${id}/`.toLowerCase().startsWith(`${groupOf(name)}/`.toLowerCase()));
  }

  /** Refuses deletions of one resource until the faults are cleared. */
  const refuse = (type: string, id: string, effect: object): Promise<unknown> =>
    control('POST', 'faults', { match: { method: 'DELETE', type, id }, times: 10_000, effect });

  describe.concurrent('a teardown', () => {
    it('reports each blocker with the command that clears it, removes the rest, and completes once the blockers are cleared', async () => {
      const name = 'blocked0';
      const group = groupOf(name);
      const provider = (path: string): string => `${group}/providers/${path}`;
      await ready(name);

      const locked = provider('Microsoft.OperationalInsights/workspaces/log-blocked0');
      const lock = `${locked}/providers/Microsoft.Authorization/locks/keep`;
      await arm('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } });
      const vault = provider('Microsoft.KeyVault/vaults/kvblocked0');
      await arm('PATCH', vault, '2024-11-01', { properties: { enablePurgeProtection: true } });
      const foreign = provider('Microsoft.Network/publicIPAddresses/pip-unrelated');
      await arm('PUT', foreign, '2024-05-01', {
        location: 'westus2',
        sku: { name: 'Standard' },
        properties: { publicIPAllocationMethod: 'Static' },
      });
      const network = provider('Microsoft.Network/virtualNetworks/vnet-blocked0');
      const link = `${network}/subnets/snet-scoring/serviceAssociationLinks/AppServiceLink`;
      await refuse('Microsoft.Network/virtualNetworks', network, {
        status: 400,
        code: 'InUseSubnetCannotBeDeleted',
        message: `Subnet snet-scoring is in use by ${link} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
      });
      const identity = provider('Microsoft.ManagedIdentity/userAssignedIdentities/uai-blocked0');
      await refuse('Microsoft.ManagedIdentity/userAssignedIdentities', identity, {
        status: 403,
        code: 'DenyAssignmentAuthorizationFailed',
        message: `The client 'moat' with object id 'b0b0' has permission to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/delete' on scope '${identity}'; however, the access is denied because of the deny assignment with name 'no deletion' and Id '0a1b2c3d4e5f60718293a4b5c6d7e8f9' at scope '${group}'.`,
      });
      const denied = provider('Microsoft.Network/privateDnsZones/privatelink.notebooks.azure.net');
      await refuse('Microsoft.Network/privateDnsZones', denied, {
        status: 403,
        code: 'AuthorizationFailed',
        message: `The client 'moat' with object id 'b0b0' does not have authorization to perform action 'Microsoft.Network/privateDnsZones/delete' over scope '${denied}' or the scope is invalid.`,
      });
      const zone = provider('Microsoft.Network/privateDnsZones/privatelink.azurecr.io');
      const policy = `${subscription}/providers/Microsoft.Authorization/policyAssignments/keep-zones`;
      await refuse('Microsoft.Network/privateDnsZones', zone, {
        status: 403,
        code: 'RequestDisallowedByPolicy',
        message: `Resource 'privatelink.azurecr.io' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"keep zones","id":"${policy}"}}]'.`,
      });
      const registry = provider('Microsoft.ContainerRegistry/registries/crblocked0');
      await control('POST', 'faults', {
        match: { method: 'DELETE', type: 'Microsoft.ContainerRegistry/registries', id: registry },
        effect: { hangOperation: true },
      });

      await remove(name);
      const waiting = await until('the deletion is reported as running', async () => {
        const step = (await client.get(name)).steps.find(({ id }) => id === 'workspace')!;
        return /container registry crblocked0: Deleting/.test(step.message ?? '') && step;
      });
      expect(waiting).toMatchObject({ state: 'running', reason: 'WaitingOnAzure' });
      const blockers = await until(
        'the environment is blocked',
        async () => {
          const { state, receipt } = await client.get(name);
          return state === 'blocked' && (receipt?.blockers ?? []);
        },
        110_000,
      );
      const blockerOf = (resource: string) =>
        blockers.find((blocker) => blocker.resource.toLowerCase() === resource.toLowerCase());
      expect(blockerOf(locked)).toEqual({
        resource: locked,
        reason: 'locked: the CanNotDelete lock keep prevents its deletion',
        command: `az lock delete --ids ${lock}`,
      });
      expect(blockerOf(foreign)).toMatchObject({
        reason: expect.stringContaining('foreign resource'),
        command: `az resource delete --ids ${foreign}`,
      });
      expect(blockerOf(network)).toMatchObject({
        reason: expect.stringContaining('orphaned service association link AppServiceLink'),
        command: `az resource delete --ids ${link} --api-version 2018-10-01`,
      });
      expect(blockerOf(identity)).toMatchObject({
        reason: expect.stringContaining('deny assignment'),
        command: expect.stringContaining(
          `${group}/providers/Microsoft.Authorization/denyAssignments/0a1b2c3d4e5f60718293a4b5c6d7e8f9`,
        ),
      });
      expect(blockerOf(denied)).toMatchObject({
        reason: expect.stringContaining('missing permission'),
        command: `az role assignment create --assignee-object-id b0b0 --role "Contributor" --scope ${denied}`,
      });
      expect(blockerOf(zone)).toMatchObject({
        reason: expect.stringContaining('policy'),
        command: expect.stringContaining(`--policy-assignment ${policy} --scope ${group}`),
      });
      expect(blockerOf(registry)).toMatchObject({
        reason: expect.stringContaining('stuck operation'),
        command: `az resource delete --ids ${registry}`,
      });
      const purge = blockers.find(({ resource }) => resource.endsWith('deletedVaults/kvblocked0'));
      expect(purge?.reason).toMatch(/^purge protection: .* until \d{4}-\d\d-\d\dT/);
      expect(purge?.command).toContain('az keyvault purge --name kvblocked0 --location westus2');
      expect(blockers).toHaveLength(8);

      // Resources without a blocker are removed; the foreign resource is untouched.
      const blocked = await client.get(name);
      const removed = blocked.receipt!.removed!.map(({ id }) => id);
      expect(
        removed.filter((id) => /virtualMachines|onlineEndpoints|privateEndpoints|workspaces\/mlw-/i.test(id)).length,
      ).toBeGreaterThan(7);
      expect(await remainingOf(name)).toContain(foreign);
      expect(
        blocked.steps
          .filter(({ state }) => state === 'failed')
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(['network', 'workspace']);

      const { body: run } = await client.call('GET', `/environments/${name}/runs/teardown-1`);
      expect(run).toMatchObject({ outcome: 'failed', failure: { type: 'Blocked' } });

      await arm('DELETE', lock, '2020-05-01');
      await arm('DELETE', foreign, '2024-05-01');
      await control('DELETE', 'faults');
      await control('DELETE', 'objects/deletedVault:kvblocked0');
      await remove(name);
      const deleted = await client.until(name, 'deleted');
      expect(deleted.receipt).toMatchObject({ remaining: [], blockers: [] });
      expect(await remainingOf(name)).toEqual([]);
      expect(deleted.receipt!.removed!.length).toBeGreaterThan(removed.length);
    }, 240_000);

    it('changes nothing in a group whose ownership tag is missing', async () => {
      await ready('seal0');
      const before = (await remainingOf('seal0')).length;
      expect(before).toBeGreaterThan(30);
      await arm('PATCH', groupOf('seal0'), '2021-04-01', { tags: { 'moat-environment': 'seal0' } });
      await remove('seal0');
      expect(await blockersOf('seal0')).toMatchObject([
        { resource: groupOf('seal0'), reason: expect.stringContaining('unsealed group') },
      ]);
      expect(await remainingOf('seal0')).toHaveLength(before);
    });

    it('purges the vault that remained when the group was deleted by someone else', async () => {
      await ready('gone0');
      await arm('DELETE', groupOf('gone0'), '2021-04-01');
      await until('the group is gone', async () => (await arm('GET', groupOf('gone0'), '2021-04-01')).status === 404);
      const deletedVault = `${subscription}/providers/Microsoft.KeyVault/locations/westus2/deletedVaults/kvgone0`;
      expect((await arm('GET', deletedVault, '2024-11-01')).status).toBe(200);
      await remove('gone0');
      const { receipt } = await client.until('gone0', 'deleted');
      expect(receipt).toMatchObject({ remaining: [], blockers: [] });
      expect(receipt!.removed!.map(({ proof }) => proof).toSorted()).toEqual(['gone', 'purged', 'purged']);
      expect((await arm('GET', deletedVault, '2024-11-01')).status).toBe(404);
    });
  });
});
