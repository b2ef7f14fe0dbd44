import { describe, expect, it } from 'vitest';
import { parseResourceId } from '../../src/domain/naming.ts';
import { buildInternetRule, plannedResource, plannedResources } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { deletionOf, deletionPhases } from '../../src/domain/teardownOrder.ts';

const site = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7' };
const phaseOf = (key: ResourceKey): number => {
  const undo = deletionOf(site, plannedResource(site, key).id);
  return typeof undo === 'object' ? undo.phase : -1;
};

describe('undoing', () => {
  it.each([...plannedResources(site), buildInternetRule(site)].map(({ key, id }) => [key, id]))(
    'knows how %s goes',
    (_, id) => {
      expect(deletionOf(site, id)).not.toBe('foreign');
    },
  );

  it('removes what has no deletion of its own with a resource that contains it', () => {
    const all = plannedResources(site);
    for (const { id } of all.filter((row) => deletionOf(site, row.id) === 'contained'))
      expect(
        all.some((other) => id.startsWith(`${other.id}/`) && typeof deletionOf(site, other.id) === 'object'),
        id,
      ).toBe(true);
  });

  it('leaves alone what others put into the group', () => {
    const { id } = plannedResource(site, 'registry');
    expect(deletionOf(site, `${id}2`)).toBe('foreign');
    expect(deletionOf(site, id.replace(/providers.*/, 'providers/Microsoft.Web/sites/site1'))).toBe('foreign');
  });

  it('knows a resource however Azure spells its id', () => {
    const { id } = plannedResource(site, 'virtualNetwork');
    expect(deletionOf(site, id.toUpperCase().replace('/SUBSCRIPTIONS/S/', '/subscriptions/s/'))).toEqual(
      deletionOf(site, id),
    );
  });

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
  ])('removes %s before %s', (first, second) => {
    expect(phaseOf(first)).toBeGreaterThanOrEqual(0);
    expect(phaseOf(first)).toBeLessThan(phaseOf(second));
  });

  it('has each row of the catalogue in one phase at most, and no empty phase', () => {
    const rows = deletionPhases.flat();
    expect(new Set(rows).size).toBe(rows.length);
    expect(deletionPhases.filter((phase) => phase.length === 0)).toEqual([]);
  });
});

describe('a resource id', () => {
  it('is taken apart whatever the case of its words', () => {
    const { id, type, name } = plannedResource(site, 'workspace');
    expect(parseResourceId(id.replace('resourceGroups', 'resourcegroups'))).toMatchObject({ type, name });
  });
});
