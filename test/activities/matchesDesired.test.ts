import { expect, test } from 'vitest';
import { matchesDesired } from '../../src/activities/resources/matchesDesired.ts';

test('Members that Azure added are ignored.', () => {
  expect(matchesDesired({ location: 'westus2', etag: 'W/1', tags: { a: 'b' } }, { location: 'westus2' })).toBe(true);
});

test('A missing or different member does not match.', () => {
  expect(matchesDesired({ publicNetworkAccess: 'Enabled' }, { publicNetworkAccess: 'Disabled' })).toBe(false);
  expect(matchesDesired({}, { publicNetworkAccess: 'Disabled' })).toBe(false);
  expect(matchesDesired(undefined, { publicNetworkAccess: 'Disabled' })).toBe(false);
});

test('Ids and locations match in any spelling.', () => {
  const id = '/subscriptions/s/resourceGroups/RG/providers/Microsoft.Network/natGateways/n';
  expect(
    matchesDesired(
      { location: 'West US 2', natGateway: { id: id.toLowerCase() } },
      { location: 'westus2', natGateway: { id } },
    ),
  ).toBe(true);
  expect(matchesDesired({ ids: { [id.toLowerCase()]: {} } }, { ids: { [id]: {} } })).toBe(true);
});

test('Items of a list match by name, in any order, among other items.', () => {
  const rules = [
    { name: 'b', priority: 2, etag: 'x' },
    { name: 'a', priority: 1 },
    { name: 'c', priority: 3 },
  ];
  expect(
    matchesDesired(
      { rules },
      {
        rules: [
          { name: 'a', priority: 1 },
          { name: 'B', priority: 2 },
        ],
      },
    ),
  ).toBe(true);
  expect(matchesDesired({ rules }, { rules: [{ name: 'a', priority: 9 }] })).toBe(false);
  expect(matchesDesired({ rules }, { rules: [{ name: 'd' }] })).toBe(false);
});

test('An undefined desired member matches anything.', () => {
  expect(matchesDesired({}, { traffic: undefined })).toBe(true);
});
