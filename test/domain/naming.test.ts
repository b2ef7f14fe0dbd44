import { assert, constant, property, record, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endpointName,
  environmentNameOfGroup,
  environmentNamePattern,
  groupName,
  parseResourceId,
  suffixPattern,
} from '../../src/domain/naming.ts';
import type { CatalogueKey } from '../../src/domain/resourceKeys.ts';
import { buildInternetRule, plannedResource, plannedResources, resourcesOf } from '../../src/domain/resources.ts';

const environmentName = stringMatching(/^[a-z](-?[a-z0-9]){2,23}$/)
  .map((name) => name.slice(0, 24).replace(/-$/, ''))
  .filter((name) => new RegExp(environmentNamePattern).test(name));
const suffix = stringMatching(/^[a-z0-9]{3,10}$/);
const ref = record({
  subscriptionId: constant('00000000-0000-4000-8000-000000000001'),
  name: environmentName,
  location: constant('westus2'),
  suffix,
});

describe('the name of an environment', () => {
  const pattern = new RegExp(environmentNamePattern);
  it.each(['abc', 'churn1', 'a-b', 'a23456789012345678901234'])('may be %s', (name) => {
    expect(name).toMatch(pattern);
  });
  it.each(['ab', '1abc', '-abc', 'abc-', 'a--b', 'Abc', 'a_b', 'a.b', 'a2345678901234567890123456', ''])(
    'may not be %j',
    (name) => {
      expect(name).not.toMatch(pattern);
    },
  );
  it('is parsed from its group’s name in any case', () => {
    assert(
      property(environmentName, (name) => {
        expect(environmentNameOfGroup(groupName({ name }))).toBe(name);
      }),
    );
    expect(environmentNameOfGroup('RG-MOAT-churn1')).toBe('churn1');
    expect(environmentNameOfGroup('rg-other-churn1')).toBeUndefined();
  });
});

describe('a suffix', () => {
  it.each(['abc', '012', 'k3x9a0q7', 'abcdefghij'])('may be %s', (text) => {
    expect(text).toMatch(new RegExp(suffixPattern));
  });
  it.each(['ab', 'abcdefghijk', 'A12', 'a-b', ''])('may not be %j', (text) => {
    expect(text).not.toMatch(new RegExp(suffixPattern));
  });
});

/** What Azure allows (Azure docs: naming rules and restrictions for Azure resources; PF-40). */
const legal: Record<string, RegExp> = {
  storageAccount: /^[a-z0-9]{3,24}$/,
  vault: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  registry: /^[a-zA-Z0-9]{5,50}$/,
  workspace: /^[a-zA-Z0-9][\w-]{2,32}$/,
  logAnalytics: /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
  applicationInsights: /^[\w().-]{1,259}[\w()-]$/,
  identity: /^[a-zA-Z0-9][\w-]{2,127}$/,
  virtualNetwork: /^[a-zA-Z0-9][\w.-]{0,62}\w$/,
  networkSecurityGroup: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  natAddress: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  natGateway: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  networkInterface: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  disk: /^[\w.-]{1,80}$/,
  virtualMachine: /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}[a-zA-Z0-9]$/,
  privateEndpoint: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  zoneLink: /^[a-zA-Z0-9][\w.-]{0,78}\w$/,
  onlineEndpoint: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/,
  deployment: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/,
};

describe('the names of resources', () => {
  it('are legal for every environment and suffix', () => {
    assert(
      property(ref, (one) => {
        expect(groupName(one)).toMatch(/^[\w().-]{1,89}[\w()-]$/);
        for (const [row, rule] of Object.entries(legal))
          for (const { name } of resourcesOf(one, row as CatalogueKey))
            expect(name.split('/').at(-1), row).toMatch(rule);
      }),
    );
  });

  it('give an endpoint 32 characters at most, and end with the suffix', () => {
    assert(
      property(ref, (one) => {
        expect(endpointName(one).length).toBeLessThanOrEqual(32);
        expect(endpointName(one).endsWith(`-${one.suffix}`)).toBe(true);
      }),
    );
    expect(endpointName({ name: 'a23456789012345678901234', suffix: 'abcdefghij' })).toHaveLength(32);
    expect(endpointName({ name: 'a2345678901234567890-234', suffix: 'abcdefghij' })).toBe(
      'a2345678901234567890-abcdefghij',
    );
  });

  it('are parsed from resource ids', () => {
    assert(
      property(ref, (one) => {
        for (const { id, type, name } of plannedResources(one))
          expect(parseResourceId(id)).toEqual({
            subscriptionId: one.subscriptionId,
            group: groupName(one),
            type,
            name,
          });
      }),
      { numRuns: 20 },
    );
    expect(parseResourceId('/subscriptions/1/resourceGroups/rg')).toBeUndefined();
  });
});

describe('the planned resources', () => {
  it('each have an id and a key of their own, and can be found by it', () => {
    assert(
      property(ref, (one) => {
        const all = [...plannedResources(one), buildInternetRule(one)];
        expect(new Set(all.map(({ id }) => id.toLowerCase())).size).toBe(all.length);
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
        for (const row of all) expect(plannedResource(one, row.key)).toEqual(row);
      }),
      { numRuns: 20 },
    );
  });

  it('reject an unknown key', () => {
    const one = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'abc' };
    expect(() => plannedResource(one, 'zone:example.org')).toThrow(RangeError);
  });
});
