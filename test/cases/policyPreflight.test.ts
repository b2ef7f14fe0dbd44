import { describe, expect, test } from 'vitest';
import { zoneNames } from '../../src/domain/privateLinks.ts';
import { blocking } from '../../src/domain/preflightReport.ts';
import { attempt, createResource } from '../activities/emulatorHarness.ts';
import { storage, text, usePolicies } from './policyHarness.ts';

const { harness, rules, findingsOf } = usePolicies();
const assignment =
  '/providers/Microsoft.Management/managementGroups/contoso/providers/Microsoft.Authorization/policyAssignments';

/** A rule that a network rule set of a type must be closed. */
const closed = (type: string, field: string) => ({
  name: type.split('/')[1],
  type,
  field,
  notEquals: 'Deny',
  effect: 'deny',
});

describe('Policies that Moat’s requests satisfy are no finding before anything is created', () => {
  test('A01 account keys are forbidden', async () => {
    await rules({
      name: 'No-Keys',
      type: storage,
      field: 'properties.allowSharedKeyAccess',
      equals: true,
      effect: 'deny',
    });
    expect(await findingsOf()).toEqual([]);
  });

  test('A02 the firewall’s default must be Deny, of account, registry and vault', async () => {
    await rules(
      closed(storage, 'properties.networkAcls.defaultAction'),
      closed('Microsoft.ContainerRegistry/registries', 'properties.networkRuleSet.defaultAction'),
      closed('Microsoft.KeyVault/vaults', 'properties.networkAcls.defaultAction'),
    );
    expect(await findingsOf()).toEqual([]);
  });

  test('A04 a subnet must have a security group', async () => {
    const type = 'Microsoft.Network/virtualNetworks/subnets';
    await rules({ name: 'Nsg', type, field: 'properties.networkSecurityGroup', exists: false, effect: 'deny' });
    expect(await findingsOf()).toEqual([]);
  });
});

describe('Policies that deny a request of Moat block', () => {
  test('A01 with the assignment, the definition, the field, what it requires, and whom to ask', async () => {
    await rules({
      name: 'Geo',
      type: storage,
      field: 'sku.name',
      notIn: ['Standard_GRS', 'Standard_ZRS'],
      effect: 'deny',
      reason: 'Storage must be redundant.',
      initiative: 'Corp',
      assignedBy: 'Ann',
    });
    const [found, ...more] = await findingsOf();
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'blocks' });
    expect(found!.message).toContain(`policy assignment ${assignment}/Geo denies storage account st`);
    expect(found!.message).toContain('sku.name is Standard_LRS, must be Standard_GRS or Standard_ZRS');
    expect(found!.message).toContain('"Storage must be redundant."');
    expect(found!.message).toContain(
      'managementGroups/contoso/providers/Microsoft.Authorization/policyDefinitions/Geo',
    );
    expect(found!.remedy).toContain('ask Ann (who assigned it at management group contoso)');
    expect(found!.remedy).toContain(
      `az policy exemption create --name moat --policy-assignment ${assignment}/Geo --policy-definition-reference-ids Geo --exemption-category Waiver --scope /subscriptions/${harness().ref.subscriptionId}`,
    );
  });

  test('A02 A03 A04 A policy on any kind of resource is found, with the value that Moat would send', async () => {
    const ml = 'Microsoft.MachineLearningServices/workspaces';
    const denied: [string, object, RegExp][] = [
      ['Microsoft.Network/privateDnsZones', {}, /denies private DNS zone/],
      ['Microsoft.Network/publicIPAddresses', {}, /denies public IP address/],
      ['Microsoft.Network/natGateways', {}, /denies NAT gateway/],
      ['Microsoft.Network/privateEndpoints', {}, /denies private endpoint/],
      [
        'Microsoft.Network/virtualNetworks/subnets',
        { field: 'properties.routeTable', exists: false },
        /denies virtual network .*routeTable must be set/,
      ],
      [
        'Microsoft.ContainerRegistry/registries',
        { field: 'sku.name', equals: 'Premium' },
        /sku.name is Premium, must not be Premium/,
      ],
      [
        'Microsoft.KeyVault/vaults',
        { field: 'properties.enablePurgeProtection', notEquals: true },
        /enablePurgeProtection is not set, must be true/,
      ],
      [
        'Microsoft.Insights/components',
        { field: 'properties.publicNetworkAccessForIngestion', equals: 'Enabled' },
        /Ingestion is Enabled/,
      ],
      [
        'Microsoft.Compute/virtualMachines',
        { field: 'properties.hardwareProfile.vmSize', notIn: ['Standard_B2s'] },
        /vmSize is Standard_D2s_v5, must be Standard_B2s/,
      ],
      [
        `${ml}/onlineEndpoints`,
        { field: 'properties.authMode', equals: 'Key' },
        /denies online endpoint .*authMode is Key/,
      ],
      [
        `${ml}/onlineEndpoints/deployments`,
        { field: 'properties.instanceType', equals: 'Standard_DS2_v2' },
        /denies online deployment .*instanceType is Standard_DS2_v2/,
      ],
    ];
    await rules(...denied.map(([type, condition], i) => ({ name: `P${i}`, type, ...condition, effect: 'deny' })));
    const found = blocking(await findingsOf()).map(({ message }) => message);
    expect(found).toHaveLength(denied.length);
    for (const [i, [, , message]] of denied.entries())
      expect(found.find((one) => one.includes(`policyAssignments/P${i} `))).toMatch(message);
  });

  test('A01 that the spec can satisfy name its member', async () => {
    const type = 'Microsoft.MachineLearningServices/workspaces';
    await rules(
      { name: 'Closed', type, field: 'properties.publicNetworkAccess', equals: 'Enabled', effect: 'deny' },
      { name: 'Europe', field: 'location', notIn: ['westeurope', 'global'], effect: 'deny' },
    );
    const found = await findingsOf({ workspacePublicNetworkAccess: 'enabled' });
    const [closed, europe] = ['Closed', 'Europe'].map((name) =>
      found.find(({ message }) => message.includes(`/${name} `)),
    );
    expect(closed).toMatchObject({ remedy: text(/POST with another "workspacePublicNetworkAccess"/) });
    expect(europe).toMatchObject({
      message: text(/denies resource group .* and \d+ more/),
      remedy: text(/POST with another "location"/),
    });
  });

  test('A01 that require a tag are one finding for all resources, with the values', async () => {
    await rules({ name: 'Env', field: 'tags.environment', notIn: ['prod', 'test'], effect: 'deny' });
    expect(await findingsOf()).toMatchObject([
      {
        severity: 'blocks',
        message: text(/policyAssignments\/Env denies resource group .*tags\.environment must be prod or test/),
      },
    ]);
  });

  test('A03 the exemption that the remedy names lets the next run pass, and Azure accept the request', async () => {
    await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny', initiative: 'Corp' });
    const [found] = await findingsOf();
    const option = (name: string): string => new RegExp(`--${name} (\\S+?);?(?: |$)`).exec(found!.remedy)?.[1] ?? '';
    const id = `${option('scope')}/providers/Microsoft.Authorization/policyExemptions/${option('name')}`;
    const properties = {
      policyAssignmentId: option('policy-assignment'),
      policyDefinitionReferenceIds: [option('policy-definition-reference-ids')],
      exemptionCategory: option('exemption-category'),
    };
    await harness().azure.generic.send('PUT', id, '2022-07-01-preview', { body: { properties } });
    expect(await findingsOf()).toEqual([]);
    await attempt(harness().activities.ensureGroup, { ref: harness().ref, tags: {} });
    await createResource(harness(), `zone:${zoneNames[0]!}`);
    await harness().azure.generic.send('DELETE', id, '2022-07-01-preview');
    expect(blocking(await findingsOf())).toHaveLength(1);
  });
});
