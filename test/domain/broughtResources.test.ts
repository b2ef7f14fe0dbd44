import { assert, constantFrom, dictionary, property, record, uuid } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { additionsOf } from '../../src/domain/additions.ts';
import { existingIds } from '../../src/domain/existingResources.ts';
import { evaluateJumpbox } from '../../src/domain/insideProbe.ts';
import { checkNames } from '../../src/domain/proofChecks.ts';
import { plannedRepairs } from '../../src/domain/repairs.ts';
import { plannedResource, plannedResources } from '../../src/domain/resources.ts';
import { isOwn } from '../../src/domain/teardownOrder.ts';
import { maximumTags } from '../../src/domain/groupTags.ts';
import { broughtTypes, longestTagValue, refFromTags, usesOf, usesPrefix } from '../../src/domain/usesTags.ts';

const subscriptionId = '11111111-2222-4333-8444-555555555555';
const team = `/subscriptions/${subscriptionId}/resourceGroups/rg-team/providers`;
const base = { subscriptionId, name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7' };
const zone = 'privatelink.azurecr.io';
const existing = {
  workspace: `${team}/Microsoft.MachineLearningServices/workspaces/mlw`,
  registry: `${team}/Microsoft.ContainerRegistry/registries/crteam`,
  storageAccount: `${team}/Microsoft.Storage/storageAccounts/stteam`,
  vault: `${team}/Microsoft.KeyVault/vaults/kvteam`,
  subnet: `${team}/Microsoft.Network/virtualNetworks/vnet/subnets/snet`,
  identity: `${team}/Microsoft.ManagedIdentity/userAssignedIdentities/uai`,
  privateDnsZones: [`${team}/Microsoft.Network/privateDnsZones/${zone}`],
};
const ref = { ...base, ids: existingIds(existing) };

/** The id of a resource of this type, in a group. */
function idOf(type: string, group: string, subscription = subscriptionId): string {
  const [provider, ...types] = type.split('/');
  const path = types.map((one, index) => `${one}/name-${index}`).join('/');
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}/${path}`;
}

describe('the tags of a group', () => {
  const keys = constantFrom(...Object.keys(broughtTypes));
  const place = record({
    group: constantFrom('rg-team', 'Hub(1).x', 'g'),
    subscription: constantFrom(subscriptionId, 's'),
  });

  it('give back the ids of every combination of existing resources, also when a policy has changed their case', () => {
    assert(
      property(dictionary(keys, place), uuid(), (given, other) => {
        const ids = Object.fromEntries(
          Object.entries(given).map(([key, { group, subscription }]) => [
            key,
            idOf(broughtTypes[key]!, group, subscription === 's' ? other : subscription),
          ]),
        );
        const uses = usesOf({ ...base, ids });
        const tags = Object.entries(uses).map(([key, value]) => [`${usesPrefix}${key}`, value] as const);
        const network = ids['subnet'] && { virtualNetwork: ids['subnet'].replace(/\/subnets\/.*/, '') };
        const none = Object.keys(ids).length === 0;
        const expected = none ? {} : { ids: { ...ids, ...network }, suffix: base.suffix };
        expect(refFromTags(subscriptionId, Object.fromEntries(tags))).toEqual(expected);
        const upper = Object.fromEntries(tags.map(([name, value]) => [name.toUpperCase(), value.toUpperCase()]));
        const found = refFromTags(subscriptionId, upper);
        expect(Object.keys(found.ids ?? {}).toSorted()).toEqual(Object.keys({ ...ids, ...network }).toSorted());
        for (const [key, id] of Object.entries(found.ids ?? {}))
          expect(id!.toLowerCase()).toBe({ ...ids, ...network }[key]!.toLowerCase());
        expect(found.suffix).toBe(expected.suffix);
      }),
    );
  });

  it('fit: all of them leave room on a group, and the longest names into a value', () => {
    const ids = Object.fromEntries(
      Object.entries(broughtTypes).map(([key, type]) => [key, idOf(type, 'g'.repeat(90))]),
    );
    const uses = usesOf({ ...base, ids, zoneGroupsByPolicy: true });
    expect(Object.keys(uses).length).toBeLessThan(maximumTags / 2);
    const longest = existing.subnet
      .replace('rg-team', 'g'.repeat(90))
      .replace('vnet', 'v'.repeat(64))
      .replace(/snet$/, 's'.repeat(80));
    expect(usesOf({ ...base, ids: { subnet: longest } })['subnet']!.length).toBeLessThan(longestTagValue);
  });

  it('do not name what is in the group of the environment', () => {
    expect(usesOf({ ...base, ids: { registry: plannedResource(base, 'registry').id } })).toEqual({});
  });
});

describe('an environment with existing resources', () => {
  it('plans nothing that the owner has instead, and adds links, an endpoint and no group of resources of its own there', () => {
    const rows = new Set(plannedResources(ref).map(({ row }) => row));
    for (const row of [
      'networkSecurityGroup',
      'natGateway',
      'natAddress',
      'logAnalytics',
      'applicationInsights',
    ] as const)
      expect(rows).not.toContain(row);
    expect(plannedResources({ ...ref, zoneGroupsByPolicy: true }).some(({ row }) => row === 'zoneGroup')).toBe(false);
    expect(additionsOf(ref).map(({ key }) => key)).toEqual([`zoneLink:${zone}`, 'onlineEndpoint']);
    expect(additionsOf(base)).toEqual([]);
  });

  it('owns its additions, and neither the existing resources nor what others have below them', () => {
    for (const id of [...existing.privateDnsZones, existing.workspace, existing.registry])
      expect(isOwn(ref, id), id).toBe(false);
    expect(isOwn(ref, `${existing.privateDnsZones[0]}/virtualNetworkLinks/of-the-team`)).toBe(false);
    expect(isOwn(ref, `${existing.workspace}/onlineEndpoints/other`)).toBe(false);
    for (const { id } of additionsOf(ref)) expect(isOwn(ref, id), id).toBe(true);
  });

  it('has no repair that writes an existing resource, and no rows about the Internet from its owner’s network', () => {
    const row = { from: 'arm', expected: '', observed: 'Enabled', at: '', verdict: 'failed' } as const;
    const rows = ['container registry', 'workspace'].map((title) => ({
      ...row,
      check: checkNames.publicAccess(title),
    }));
    const own = plannedRepairs(base, rows).map(({ key }) => key);
    expect(own.length).toBeGreaterThan(0);
    expect(plannedRepairs(ref, rows)).toEqual([]);
    expect(evaluateJumpbox(ref, []).outward).toEqual([]);
    expect(evaluateJumpbox(base, []).outward).not.toEqual([]);
  });
});
