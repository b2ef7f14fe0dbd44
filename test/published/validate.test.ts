import { describe, expect, test } from 'vitest';
import { armTypesPresent, nearest, readArmTypes } from './armTypes.ts';
import { addressedType } from './checkExchanges.ts';
import { violations } from './validate.ts';
import type { Direction } from './validate.ts';

const types = armTypesPresent ? readArmTypes() : [];
const machineLearning = 'Microsoft.MachineLearningServices/workspaces';

/** The violations of a body of a type at its oldest version. */
const found = (type: string, body: object, direction: Direction = 'request'): string[] =>
  violations(nearest(types, type, '2022-10-01')!, body, direction);

const endpoint = (properties: object): object => ({
  location: 'westus2',
  identity: { type: 'SystemAssigned' },
  properties: { authMode: 'Key', publicNetworkAccess: 'Disabled', ...properties },
});
const inEndpoint = (properties: object, direction?: Direction): string[] =>
  found(`${machineLearning}/onlineEndpoints`, endpoint(properties), direction);

const inDeployment = (properties: object): string[] =>
  found(`${machineLearning}/onlineEndpoints/deployments`, {
    location: 'westus2',
    properties: {
      endpointComputeType: 'Managed',
      instanceType: 'Standard_DS2_v2',
      egressPublicNetworkAccess: 'Disabled',
      ...properties,
    },
  });

const inVault = (tenantId: string): string[] =>
  found('Microsoft.KeyVault/vaults', {
    location: 'westus2',
    properties: { tenantId, sku: { family: 'A', name: 'standard' } },
  });

describe.skipIf(!armTypesPresent)('The validation finds a planted', () => {
  test('nothing in a right body.', () => {
    expect(inEndpoint({})).toEqual([]);
    expect(inDeployment({})).toEqual([]);
  });

  test('unknown member.', () => {
    expect(inEndpoint({ publicAccess: 'Disabled' })).toEqual(['properties.publicAccess: is not published']);
  });

  test('misspelled value of an enumeration, a closed or an open one.', () => {
    expect(inEndpoint({ publicNetworkAccess: 'disabled' })).toEqual([
      'properties.publicNetworkAccess: "disabled" is not one of Enabled, Disabled',
    ]);
    expect(inEndpoint({ authMode: 'Password' })).toEqual([
      'properties.authMode: "Password" is not one of AMLToken, Key, AADToken',
    ]);
  });

  test('read-only member in a request, and lets an answer have it.', () => {
    const scoringUri = 'https://churn1.westus2.inference.ml.azure.com/score';
    expect(inEndpoint({ scoringUri })).toEqual(['properties.scoringUri: is read-only']);
    expect(inEndpoint({ scoringUri }, 'answer')).not.toContain('properties.scoringUri: is read-only');
  });

  test('write-only member in an answer.', () => {
    expect(inEndpoint({ keys: { primaryKey: 'k' } }, 'answer')).toContain('properties.keys: is write-only');
  });

  test('missing member.', () => {
    expect(found(`${machineLearning}/onlineEndpoints`, { properties: {} })).toEqual([
      'properties.authMode: is required',
      'location: is required',
    ]);
  });

  test('value of another kind.', () => {
    expect(inEndpoint({ traffic: { blue: '100' } })).toEqual(['properties.traffic.blue: "100" is not an integer']);
  });

  test('wrong member or kind of a discriminated type.', () => {
    expect(inDeployment({ containerResourceRequirements: {} })).toEqual([
      'properties.containerResourceRequirements: is not published',
    ]);
    expect(inDeployment({ endpointComputeType: 'Serverless' })).toEqual([
      'properties.endpointComputeType: "Serverless" is not one of Kubernetes, Managed',
    ]);
  });

  test('text that is too short or does not match its pattern.', () => {
    expect(inVault('00000000-0000-4000-8000-000000000001')).toEqual([]);
    expect(inVault('none')).toEqual([
      'properties.tenantId: "none" is shorter than 36',
      expect.stringMatching(/^properties\.tenantId: "none" does not match \^/),
    ]);
  });
});

test('A path is of a resource, of a list, of an extension or of none.', () => {
  const group = '/subscriptions/s/resourceGroups/rg';
  const vnet = `${group}/providers/Microsoft.Network/virtualNetworks`;
  expect(addressedType(group)).toEqual({ type: 'Microsoft.Resources/resourceGroups', list: false });
  expect(addressedType(`${vnet}/v/subnets/s`)).toEqual({
    type: 'Microsoft.Network/virtualNetworks/subnets',
    list: false,
  });
  expect(addressedType(vnet)).toEqual({ type: 'Microsoft.Network/virtualNetworks', list: true });
  expect(addressedType(`${vnet}/v/providers/Microsoft.Authorization/roleAssignments/r`)).toEqual({
    type: 'Microsoft.Authorization/roleAssignments',
    list: false,
  });
  expect(addressedType('/subscriptions/s')).toBeUndefined();
  expect(addressedType(`${group}/resources`)).toBeUndefined();
});
