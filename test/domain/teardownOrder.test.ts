import { describe, expect, it } from 'vitest';
import { groupId, parseResourceId, resourceId } from '../../src/domain/naming.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { buildInternetRule, plannedResource, plannedResources } from '../../src/domain/resources.ts';
import { deletionOf, deletionPhases, hasDependents } from '../../src/domain/teardownOrder.ts';

const ref = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  name: 'churn1',
  location: 'westus2',
  suffix: 'k3x9a0q7',
};
const idOf = (type: string, name: string): string => resourceId(ref, { type, name });
const id = (key: ResourceKey): string => plannedResource(ref, key).id;
const phaseOf = (key: ResourceKey): number => {
  const deletion = deletionOf(ref, id(key));
  return typeof deletion === 'object' ? deletion.phase : -1;
};

describe('the deletion of a resource', () => {
  it.each([...plannedResources(ref), buildInternetRule(ref)].map(({ key, id }) => [key, id]))(
    'is known for %s',
    (_, id) => {
      expect(deletionOf(ref, id)).not.toBe('foreign');
    },
  );

  it('is that of its parent if it has none of its own', () => {
    const all = plannedResources(ref);
    for (const { id } of all.filter((row) => deletionOf(ref, row.id) === 'contained'))
      expect(
        all.some((other) => id.startsWith(`${other.id}/`) && typeof deletionOf(ref, other.id) === 'object'),
        id,
      ).toBe(true);
  });

  it('includes resources that Azure creates with it', () => {
    for (const other of [
      idOf('Microsoft.Compute/disks', 'osdisk-k3x9a0q7'),
      idOf('Microsoft.Network/networkInterfaces', 'ple-k3x9a0q7-st-blob.nic.0b1c2d3e-0000-4000-8000-000000000001'),
      idOf('Microsoft.AlertsManagement/smartDetectorAlertRules', 'failure anomalies - appi-k3x9a0q7'),
      idOf('Microsoft.Insights/actionGroups', 'Application Insights Smart Detection'),
    ])
      expect(deletionOf(ref, other), other).toMatchObject({ phase: expect.any(Number) as number });
    for (const inside of [
      idOf('Microsoft.Compute/virtualMachines/extensions', 'vm-k3x9a0q7/agent'),
      idOf('Microsoft.Compute/virtualMachines/runCommands', 'vm-k3x9a0q7/setUp-provision-1-1'),
    ])
      expect(deletionOf(ref, inside)).toBe('contained');
  });

  it('is that of its type for a resource that was taken over, and of no other one beside it', () => {
    const machine = idOf('Microsoft.Compute/virtualMachines', 'moevm');
    const networkInterface = idOf('Microsoft.Network/networkInterfaces', 'moevmVMNic');
    const site = idOf('Microsoft.Web/sites', 'site1');
    const adopted = { ...ref, takenOver: [machine, networkInterface.toUpperCase(), site] };
    expect(deletionOf(adopted, machine)).toEqual(deletionOf(ref, id('virtualMachine')));
    expect(deletionOf(adopted, networkInterface)).toEqual(deletionOf(ref, id('networkInterface')));
    // a type that Moat does not delete, and a resource that nobody has listed
    expect(deletionOf(adopted, site)).toBe('foreign');
    expect(deletionOf(adopted, idOf('Microsoft.Compute/virtualMachines', 'moevm2'))).toBe('foreign');
    expect(hasDependents(adopted, networkInterface, [machine])).toBe(true);
  });

  it('is refused for foreign resources in the group, even of a type that Moat creates', () => {
    for (const other of [
      `${id('registry')}2`,
      idOf('Microsoft.Storage/storageAccounts', 'stofana'),
      idOf('Microsoft.Network/networkInterfaces', 'nic-k3x9a0q7-2'),
      idOf('Microsoft.Network/networkInterfaces', 'ana.nic.0b1c2d3e-0000-4000-8000-000000000001'),
      idOf('Microsoft.Web/sites', 'site1'),
    ])
      expect(deletionOf(ref, other), other).toBe('foreign');
  });

  it('ignores the case of ids', () => {
    const upper = id('virtualNetwork').toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/');
    expect(deletionOf(ref, upper)).toEqual(deletionOf(ref, id('virtualNetwork')));
  });
});

describe('the phases of a teardown', () => {
  it.each<[ResourceKey, ResourceKey]>([
    ['onlineEndpoint', 'workspace'],
    ['virtualMachine', 'networkInterface'],
    ['networkInterface', 'virtualNetwork'],
    ['privateEndpoint:workspace', 'workspace'],
    ['privateEndpoint:blob', 'storageAccount'],
    ['workspace', 'vault'],
    ['workspace', 'registry'],
    ['applicationInsights', 'logAnalytics'],
    ['zoneLink:privatelink.azurecr.io', 'zone:privatelink.azurecr.io'],
    ['zoneLink:privatelink.azurecr.io', 'virtualNetwork'],
    ['virtualNetwork', 'networkSecurityGroup'],
    ['virtualNetwork', 'natGateway'],
    ['natGateway', 'natAddress'],
  ])('delete %s before %s', (first, second) => {
    expect(phaseOf(first)).toBeGreaterThanOrEqual(0);
    expect(phaseOf(first)).toBeLessThan(phaseOf(second));
  });

  it('have each row of the catalogue once at most, and none is empty', () => {
    const rows = deletionPhases.flat();
    expect(new Set(rows).size).toBe(rows.length);
    expect(deletionPhases.filter((phase) => phase.length === 0)).toEqual([]);
  });

  it('delete dependents in an earlier phase', () => {
    const all = plannedResources(ref).filter(({ key }) => phaseOf(key) >= 0);
    for (const one of all)
      for (const other of all)
        if (hasDependents(ref, one.id, [other.id]))
          expect(phaseOf(other.key), `${other.id} ${one.id}`).toBeLessThan(phaseOf(one.key));
  });
});

describe('a resource has dependents', () => {
  it('while a resource that uses it, or a child resource, remains', () => {
    expect(hasDependents(ref, idOf('Microsoft.Compute/disks', 'osdisk-k3x9a0q7'), [id('virtualMachine')])).toBe(true);
    expect(hasDependents(ref, id('workspace'), [id('onlineEndpoint')])).toBe(true);
    expect(hasDependents(ref, id('vault'), [id('workspace')])).toBe(true);
    const foreign = idOf('Microsoft.Network/networkInterfaces', 'nic-of-ana');
    expect(hasDependents(ref, id('virtualNetwork'), [foreign])).toBe(true);
  });

  it('and none when no such resource remains', () => {
    expect(hasDependents(ref, id('natAddress'), [id('virtualMachine')])).toBe(false);
    expect(hasDependents(ref, id('workspace'), [id('virtualNetwork'), groupId(ref)])).toBe(false);
  });
});

describe('a resource id', () => {
  it('is parsed whatever the case of its words', () => {
    const { id, type, name } = plannedResource(ref, 'workspace');
    expect(parseResourceId(id.replace('resourceGroups', 'resourcegroups'))).toMatchObject({ type, name });
  });
});
