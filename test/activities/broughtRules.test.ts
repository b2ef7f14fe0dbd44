import { expect, test } from 'vitest';
import type { Facts } from '../../src/activities/preflight/facts.ts';
import { broughtNetworkRules } from '../../src/activities/preflight/rules/broughtNetworkRules.ts';
import { broughtPermissions, mayApproveConnections } from '../../src/activities/preflight/rules/broughtPermissions.ts';
import { ruleCatalogue } from '../../src/activities/preflight/ruleCatalogue.ts';
import { broughtRules } from '../../src/activities/preflight/rules/broughtRules.ts';
import type { BroughtFact, ZoneFact } from '../../src/activities/preflight/rules/broughtFact.ts';
import { parseResourceId } from '../../src/domain/naming.ts';
import { specOf } from '../workflows/fixtures.ts';

const team = '/subscriptions/s/resourceGroups/rg-team/providers';
const zone = 'privatelink.azurecr.io';
const ids = {
  workspace: `${team}/Microsoft.MachineLearningServices/workspaces/mlw`,
  registry: `${team}/Microsoft.ContainerRegistry/registries/crteam`,
  storageAccount: `${team}/Microsoft.Storage/storageAccounts/stteam`,
  vault: `${team}/Microsoft.KeyVault/vaults/kvteam`,
  applicationInsights: `${team}/Microsoft.Insights/components/appi`,
  virtualNetwork: `${team}/Microsoft.Network/virtualNetworks/vnet`,
  subnet: `${team}/Microsoft.Network/virtualNetworks/vnet/subnets/snet`,
  identity: `${team}/Microsoft.ManagedIdentity/userAssignedIdentities/uai`,
  [`zone:${zone}`]: `${team}/Microsoft.Network/privateDnsZones/${zone}`,
};
type Key = keyof typeof ids;
const ref = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7', ids };
const environment: Facts['environment'] = {
  ref,
  spec: specOf('churn1'),
  specHash: 'h1',
  groupExists: false,
  sealed: false,
  groupTags: {},
  inventory: [],
};

const closed = { publicNetworkAccess: 'Disabled' };
const trusting = { ...closed, networkAcls: { bypass: 'AzureServices' } };
const bodies: Record<string, Record<string, unknown>> = {
  workspace: {
    properties: {
      ...closed,
      workspaceId: 'g',
      containerRegistry: ids.registry,
      storageAccount: ids.storageAccount,
      keyVault: ids.vault,
    },
  },
  registry: { sku: { name: 'Premium' }, properties: closed },
  storageAccount: { properties: trusting },
  vault: { properties: trusting },
  applicationInsights: { properties: { WorkspaceResourceId: '/logs' } },
  virtualNetwork: { properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } },
  subnet: { properties: { addressPrefix: '10.0.0.0/27', privateEndpointNetworkPolicies: 'Disabled' } },
};

const soundBrought = (): BroughtFact[] =>
  Object.entries(ids).map(([key, id]) => {
    const type = parseResourceId(id)!.type;
    const body = { location: 'westus2', ...structuredClone(bodies[key] ?? {}) };
    return { key, id, type, label: `${type} ${key}`, body, permissions: [{ actions: ['*'] }] };
  });
const soundZones = (): ZoneFact[] => [
  {
    id: ids[`zone:${zone}`],
    name: zone,
    links: [{ network: ids.virtualNetwork, environment: undefined }],
    records: [{ name: 'other', addresses: ['10.0.0.9'] }],
  },
];

const rules = [...broughtRules, ...broughtNetworkRules, broughtPermissions, mayApproveConnections];
/** Titles of the rules that found something. */
const found = new Set<string>();
/** The findings, as `RULE severity`, without what every use of existing resources has. */
function findings(brought: BroughtFact[], zones: ZoneFact[], more: Partial<Facts['environment']> = {}): string[] {
  const facts = { brought, zones, environment: { ...environment, ...more } } as unknown as Facts;
  return rules
    .flatMap((rule) =>
      rule.check(facts).map(({ severity }) => {
        found.add(rule.title);
        return `${rule.id} ${severity}`;
      }),
    )
    .filter((one) => one !== 'REMAINS warns' && one !== 'SUBNET-OUTBOUND assumed');
}

test('existing resources as a run needs them have no finding that blocks', () => {
  expect(findings(soundBrought(), soundZones())).toEqual([]);
});

/** A change of one existing resource, and the finding that it causes. */
const changed: [finding: string, key: Key, path: string, value: unknown][] = [
  ['EXISTING blocks', 'registry', 'location', 'eastus'],
  ['EXISTING blocks', 'registry', 'properties.provisioningState', 'Updating'],
  ['PF-05 blocks', 'workspace', 'properties.v1LegacyMode', true],
  ['PF-14 blocks', 'workspace', 'properties.managedNetwork', { isolationMode: 'AllowInternetOutbound' }],
  ['PF-31 blocks', 'workspace', 'properties.ipAllowlist', ['1.2.3.4']],
  ['WORKSPACE-USES blocks', 'workspace', 'properties.keyVault', '/other'],
  ['WORKSPACE-ACCESS blocks', 'workspace', 'properties.publicNetworkAccess', 'Enabled'],
  ['PF-08 blocks', 'registry', 'sku', { name: 'Standard' }],
  ['CLOSED blocks', 'registry', 'properties.publicNetworkAccess', 'Enabled'],
  ['PF-15 blocks', 'vault', 'properties.networkAcls', { bypass: 'None' }],
  ['CLOSED blocks', 'vault', 'properties.publicNetworkAccess', undefined],
  ['STORAGE-KIND blocks', 'storageAccount', 'properties.isHnsEnabled', true],
  ['INSIGHTS blocks', 'applicationInsights', 'properties.WorkspaceResourceId', null],
  ['PF-26 blocks', 'subnet', 'properties.privateEndpointNetworkPolicies', 'Enabled'],
  ['SUBNET-DELEGATION blocks', 'subnet', 'properties.delegations', [{ name: 'aci' }]],
  ['PF-28 blocks', 'subnet', 'properties.ipConfigurations', Array.from({ length: 19 }, () => ({ id: '/nic' }))],
  ['PF-27 blocks', 'virtualNetwork', 'properties.addressSpace', { addressPrefixes: ['172.17.4.0/24'] }],
  ['PF-20 warns', 'virtualNetwork', 'properties.dhcpOptions', { dnsServers: ['10.0.0.4'] }],
];

test.each(changed)('%s: %s with %s %j', (finding, key, path, value) => {
  const brought = soundBrought();
  const { body } = brought.find((one) => one.key === key)!;
  const members = path.split('.');
  const last = members.pop()!;
  let holder = body!;
  for (const member of members) holder = holder[member] as Record<string, unknown>;
  holder[last] = value;
  expect(findings(brought, soundZones())).toEqual([finding]);
});

test('one that does not exist blocks, and only that is reported of it', () => {
  const brought = soundBrought().map((one) => (one.key === 'vault' ? { ...one, body: undefined } : one));
  expect(findings(brought, soundZones())).toEqual(['EXISTING blocks']);
});

const permitted: [finding: string[], key: Key, notAction: string][] = [
  [['PF-25 blocks'], 'registry', 'Microsoft.Authorization/roleAssignments/write'],
  [['PF-25 blocks'], 'workspace', 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/delete'],
  [['PF-25 blocks'], 'subnet', 'Microsoft.Network/virtualNetworks/subnets/join/action'],
  [['PF-25 blocks'], `zone:${zone}`, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete'],
  [['APPROVAL warns'], 'vault', 'Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action'],
];

test.each(permitted)('%j: at %s without %s', (expected, key, notAction) => {
  const permissions = [{ actions: ['*'], notActions: [notAction] }];
  const brought = soundBrought().map((one) => (one.key === key ? { ...one, permissions } : one));
  expect(findings(brought, soundZones())).toEqual(expected);
});

test('a record of the owner that would be overwritten blocks, until the environment has private endpoints of its own', () => {
  const zones = soundZones();
  zones[0]!.records.push({ name: 'crteam', addresses: ['10.0.0.7'] });
  expect(findings(soundBrought(), zones)).toEqual(['ZONE-RECORDS blocks']);
  const inventory = [
    '/subscriptions/s/resourceGroups/rg-moat-churn1/providers/Microsoft.Network/privateEndpoints/ple-k3x9a0q7-cr',
  ];
  expect(findings(soundBrought(), zones, { inventory })).toEqual([]);
});

const linkTo = (network: string, environment?: string) => ({ network, environment });
const linked = (environment: string): ZoneFact[] => [
  { ...soundZones()[0]!, links: [linkTo('/another', 'churn2'), linkTo(ids.virtualNetwork, environment)] },
];

test('a link that another environment has made blocks, one of this environment does not', () => {
  expect(findings(soundBrought(), linked('churn1'))).toEqual([]);
  expect(findings(soundBrought(), linked('churn2'))).toEqual(['ZONE-SHARED blocks']);
});

test('a network that is linked to another zone of a needed name blocks', () => {
  const other = { id: '/hub/privatelink.vaultcore.azure.net', name: 'privatelink.vaultcore.azure.net', records: [] };
  expect(findings(soundBrought(), [...soundZones(), { ...other, links: [linkTo('/another')] }])).toEqual([]);
  expect(
    findings(soundBrought(), [...soundZones(), { ...other, links: [linkTo(ids.virtualNetwork.toUpperCase())] }]),
  ).toEqual(['ZONE-LINKED blocks']);
});

test('every rule about existing resources is in the catalogue and has found something above', () => {
  expect(rules.filter((rule) => !ruleCatalogue.includes(rule))).toEqual([]);
  expect(rules.map(({ title }) => title).filter((title) => !found.has(title))).toEqual([]);
});
