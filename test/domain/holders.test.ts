import { describe, expect, it } from 'vitest';
import { groupId, resourceId } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource, plannedResources } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { hasDependents, deletionOf, deletionPhases } from '../../src/domain/teardownOrder.ts';

const site: EnvironmentRef = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  name: 'churn1',
  location: 'westus2',
  suffix: 'k3x9a0q7',
};
const idOf = (type: string, name: string): string => resourceId(site, { type, name });

const id = (key: ResourceKey): string => plannedResource(site, key).id;

describe('what a teardown takes for its own', () => {
  it('is what Azure makes along with it', () => {
    for (const other of [
      idOf('Microsoft.Compute/disks', 'osdisk-k3x9a0q7'),
      idOf('Microsoft.Network/networkInterfaces', 'ple-k3x9a0q7-st-blob.nic.0b1c2d3e-0000-4000-8000-000000000001'),
      idOf('Microsoft.AlertsManagement/smartDetectorAlertRules', 'failure anomalies - appi-k3x9a0q7'),
      idOf('Microsoft.Insights/actionGroups', 'Application Insights Smart Detection'),
    ])
      expect(deletionOf(site, other), other).toMatchObject({ phase: expect.any(Number) as number });
    expect(deletionOf(site, idOf('Microsoft.Compute/virtualMachines/extensions', 'vm-k3x9a0q7/agent'))).toBe(
      'contained',
    );
  });

  it('is nothing that somebody else put into the group, though it is of a type that Moat makes', () => {
    for (const other of [
      idOf('Microsoft.Storage/storageAccounts', 'stofana'),
      idOf('Microsoft.Network/networkInterfaces', 'nic-k3x9a0q7-2'),
      idOf('Microsoft.Network/networkInterfaces', 'ana.nic.0b1c2d3e-0000-4000-8000-000000000001'),
      idOf('Microsoft.Web/sites', 'site1'),
    ])
      expect(deletionOf(site, other), other).toBe('foreign');
  });
});

describe('what is left', () => {
  it('holds what it stands on, and its parent', () => {
    expect(hasDependents(site, idOf('Microsoft.Compute/disks', 'osdisk-k3x9a0q7'), [id('virtualMachine')])).toBe(true);
    expect(hasDependents(site, id('workspace'), [id('onlineEndpoint')])).toBe(true);
    expect(hasDependents(site, id('vault'), [id('workspace')])).toBe(true);
  });

  it('holds nothing else', () => {
    expect(hasDependents(site, id('natAddress'), [id('virtualMachine')])).toBe(false);
    expect(hasDependents(site, id('workspace'), [id('virtualNetwork'), groupId(site)])).toBe(false);
  });

  it('is always of an earlier phase than what it holds', () => {
    const kinds = deletionPhases.map((phase) => Object.keys(phase));
    const order = plannedResources(site).flatMap((resource) => {
      const undo = deletionOf(site, resource.id);
      return typeof undo === 'object' ? [{ ...resource, phase: undo.phase }] : [];
    });
    for (const held of order)
      for (const holder of order)
        if (hasDependents(site, held.id, [holder.id]))
          expect(holder.phase, `${holder.id} ${held.id}`).toBeLessThan(held.phase);
    expect(new Set(kinds.flat()).size).toBe(kinds.flat().length);
  });
});
