import { describe, expect, test } from 'vitest';
import type { Facts, ObservedFacts } from '../../src/activities/preflight/facts.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { applyRules } from '../../src/activities/preflight/rule.ts';
import { ruleCatalogue } from '../../src/activities/preflight/ruleCatalogue.ts';
import type { ResourceFact } from '../../src/activities/preflight/rules/resourceFact.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { specOf } from '../workflows/fixtures.ts';

const ref = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7' };
const machineLearning = 'Microsoft.MachineLearningServices';

/** A resource that exists; `sent` is its api-version where it is only planned. */
const resource = (type: string, body: Record<string, unknown>, sent = ''): ResourceFact => ({
  id: `/subscriptions/s/resourceGroups/rg-moat-churn1/providers/${type}/one`,
  type,
  label: `${type} one`,
  apiVersion: sent,
  body: { location: 'westus2', ...body },
});
const workspace = (properties: object, sent = '') =>
  resource(`${machineLearning}/workspaces`, { properties: { v1LegacyMode: false, ...properties } }, sent);
const deployment = (egressPublicNetworkAccess: string) =>
  resource(`${machineLearning}/workspaces/onlineEndpoints/deployments`, { properties: { egressPublicNetworkAccess } });
const registry = (name: string, sent = '') =>
  resource('Microsoft.ContainerRegistry/registries', { sku: { name } }, sent);
const vault = (bypass: string) => resource('Microsoft.KeyVault/vaults', { properties: { networkAcls: { bypass } } });
const network = (more: object = {}, subnet: object = {}, location = 'West US 2') => {
  const properties = { addressPrefix: '192.168.0.0/24', privateEndpointNetworkPolicies: 'Disabled', ...subnet };
  return resource('Microsoft.Network/virtualNetworks', {
    location,
    properties: {
      addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
      subnets: [{ name: 'snet-scoring', properties }],
      ...more,
    },
  });
};

const provider = (resourceTypes: object[], registrationState = 'Registered') => [
  { namespace: machineLearning, registrationState, resourceTypes },
];
const everything = [{ actions: ['*'], notActions: [] }];
const without = (action: string) => [{ actions: ['*'], notActions: [action] }];
const role = { assignableScopes: ['/subscriptions/s'], permissions: [{ actions: ['*/listKeys/action'] }] };
const listsKeys = [{ actions: [`${machineLearning}/workspaces/onlineEndpoints/listKeys/action`] }];
const namedRole = { id: '/r', scope: '/subscriptions/s/resourceGroups/g' };
const cores = (value: string, limit: number) => ({ name: { value }, limit, currentValue: 0 });
const offered = new Map(
  specOf('churn1').jumpbox.sizes.map((size) => [size.toLowerCase(), { family: 'f', cores: 2, restriction: undefined }]),
);
const policy = { policyAssignmentId: '/a' };
const hit = { policy, resource: 'zone', fields: [], demands: [] };

const environment: Facts['environment'] = {
  ref,
  spec: specOf('churn1'),
  specHash: 'h1',
  groupExists: true,
  sealed: true,
  groupTags: {},
  inventory: [],
};

/** Facts in which every rule holds. What is assumed is in the group already. */
const sound = (): Facts => ({
  environment,
  subscription: { state: 'Enabled' },
  permissions: everything,
  namedRole: { ...namedRole, role: { ...role, permissions: listsKeys } },
  providers: provider([{ resourceType: 'workspaces', locations: ['West US 2'], apiVersions: ['2025-12-01'] }]),
  missingTargets: [],
  locks: [],
  takenNames: [],
  vaultIsDeleted: false,
  mlCores: [cores('standardDSv2Family', 4), cores('TotalDedicatedCores', -1)],
  machines: { offered, usages: [] },
  networkUsages: [cores('PublicIPAddresses', 10)],
  policies: { scope: '/subscriptions/s', hits: [], refused: [], assignments: [], exemptions: [] },
  planned: [workspace({}, '2025-12-01'), registry('Premium', '2025-04-01')],
  existing: [workspace({}), registry('Premium'), vault('AzureServices'), deployment('Disabled'), network()],
  brought: [],
  zones: [],
  clockSkewMs: 0,
});

const observed = (facts: Facts): ObservedFacts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { value }])) as unknown as ObservedFacts;
const findingsIn = (facts: Partial<Facts>) => applyRules(ruleCatalogue, observed({ ...sound(), ...facts }));
const assumptions = ['PF-42 assumed', 'PF-43 assumed'];

/** Facts of an environment whose spec has other values. */
const requested = (change: Partial<Spec>) => ({
  environment: { ...environment, spec: specOf('churn1', change) },
  planned: [],
  existing: [],
});

const pypi = { name: 'pypi', type: 'fqdn', destination: 'pypi.org' } as const;
const monitor = {
  name: 'monitor',
  type: 'serviceTag',
  serviceTag: 'AzureMonitor',
  protocol: 'TCP',
  portRanges: '443',
} as const;
const data = {
  name: 'data',
  type: 'privateEndpoint',
  resourceId: '/subscriptions/s/data',
  subresource: 'blob',
} as const;
const managed = (change: Partial<Spec> = {}) => requested({ isolation: 'managedNetwork', ...change });
const connections = 'Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/write';

/** A managed network in a workspace of another group. */
const broughtWorkspace = (): Partial<Facts> => {
  const facts = managed();
  const id = plannedResource({ ...ref, name: 'theirs' }, 'workspace').id;
  return { ...facts, environment: { ...facts.environment, ref: { ...ref, ids: { workspace: id } } } };
};

/** What breaks each rule, alone, and the severities that are found. */
const broken: [rule: string, severities: string, facts: Partial<Facts>][] = [
  ['SEAL', 'blocks', { environment: { ...environment, sealed: false } }],
  ['SPEC', 'blocks', { environment: { ...environment, groupTags: { 'moat-spec': 'other' } } }],
  [
    'TAGS',
    'blocks',
    {
      environment: {
        ...environment,
        groupTags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, ''])),
      },
    },
  ],
  ['PF-40', 'blocks', { environment: { ...environment, ref: { ...ref, suffix: 'xbox1' } } }],
  ['PF-01', 'blocks', { subscription: { state: 'Warned' } }],
  ['PF-01', 'blocks', { permissions: without('Microsoft.Network/virtualNetworks/write') }],
  ['SPENDING-LIMIT', 'warns', { subscription: { state: 'Enabled', subscriptionPolicies: { spendingLimit: 'On' } } }],
  ['PF-25', 'blocks', { permissions: without('Microsoft.Authorization/roleAssignments/write') }],
  ['PF-25', 'blocks', { namedRole: { ...namedRole, role: undefined } }],
  ['PF-25', 'warns', { namedRole: { ...namedRole, role } }],
  ['DEL-4', 'warns', { permissions: without('Microsoft.KeyVault/locations/*') }],
  ['PF-02', 'blocks', { providers: provider([], 'NotRegistered') }],
  ['REGION', 'blocks', { providers: provider([{ resourceType: 'workspaces', locations: ['East US'] }]) }],
  ['API-VERSION', 'warns', { providers: provider([{ resourceType: 'workspaces', apiVersions: ['2024-10-01'] }]) }],
  ['API-VERSION', 'blocks', { providers: provider([{ resourceType: 'workspaces', apiVersions: ['2026-01-01'] }]) }],
  ['PF-33', 'blocks', { locks: [{ id: '/l', level: 'ReadOnly', scope: '/subscriptions/s' }] }],
  ['PF-41', 'blocks', { takenNames: [{ title: 'vault', name: 'kv', reason: undefined }] }],
  ['PF-42', 'blocks', { vaultIsDeleted: true }],
  ['ML-QUOTA', 'blocks', { mlCores: [cores('standardDSv2Family', 3)] }],
  ['ML-QUOTA', 'blocks', { mlCores: [cores('standardDSv2Family', 4), cores('TotalDedicatedCores', 3)] }],
  ['ML-QUOTA', 'unknown', { mlCores: [] }],
  ['ML-QUOTA', 'blocks', { environment: { ...environment, spec: specOf('churn1', { instanceType: 'Standard_B1s' }) } }],
  [
    'RETIRED-SIZE',
    'warns',
    {
      environment: { ...environment, spec: specOf('churn1', { instanceType: 'Standard_NC6s_v3' }) },
      mlCores: [cores('standardNCSv3Family', 24)],
    },
  ],
  ['PF-07', 'blocks', requested({ egressPublicNetworkAccess: 'enabled' })],
  ['PF-11', 'blocks', requested({ model: 'mlflow', serving: 'noCode' })],
  ['NO-CODE', 'blocks', requested({ isolation: 'managedNetwork', serving: 'noCode' })],
  [
    'LOCAL-TRY',
    'blocks',
    requested({ model: 'mlflow', isolation: 'managedNetwork', serving: 'noCode', tryLocally: true }),
  ],
  ['PF-01', 'blocks', { ...managed(), permissions: without(connections) }],
  ['RULE-FORMS', 'blocks', managed({ outboundRules: [pypi, { ...pypi, destination: 'files.pythonhosted.org' }] })],
  ['RULE-FORMS', 'blocks', managed({ outboundRules: [pypi, { ...pypi, name: 'same' }] })],
  ['RULE-FORMS', 'blocks', managed({ outboundRules: [{ ...pypi, destination: 'st1.blob.core.windows.net' }] })],
  ['RULE-FORMS', 'blocks', managed({ outboundRules: [pypi], egressPublicNetworkAccess: 'enabled' })],
  ['RULE-FORMS', 'blocks', managed({ outboundRules: [{ ...monitor, portRanges: '443,80-79' }] })],
  [
    'RULE-FORMS',
    'blocks',
    managed({ outboundRules: [{ ...data, resourceId: plannedResource(ref, 'vault').id, subresource: 'vault' }] }),
  ],
  ['NETWORK-OWNER', 'blocks', broughtWorkspace()],
  ['RULE-TARGETS', 'blocks', { ...managed({ outboundRules: [data] }), missingTargets: [data.resourceId] }],
  ['OUTBOUND-RULES', 'blocks', requested({ outboundRules: [pypi] })],
  ['PF-17', 'warns', requested({ egressPublicNetworkAccess: 'enabled', workspacePublicNetworkAccess: 'enabled' })],
  ['INBOUND', 'warns', requested({ endpointPublicNetworkAccess: 'enabled' })],
  ['VM-SIZE', 'blocks', { machines: { offered: new Map(), usages: [] } }],
  ['NETWORK-QUOTA', 'blocks', { networkUsages: [{ ...cores('PublicIPAddresses', 10), currentValue: 10 }] }],
  ['PF-05', 'warns', { existing: [workspace({ v1LegacyMode: true })] }],
  ['PF-05', 'blocks', { planned: [workspace({ v1LegacyMode: true }, '2025-12-01')] }],
  ['PF-06', 'blocks', { planned: [workspace({}, '2021-07-01')], providers: [] }],
  ['PF-08', 'warns', { existing: [registry('Standard')] }],
  ['PF-08', 'blocks', { planned: [registry('Standard', '2025-04-01')] }],
  ['PF-13', 'blocks', { existing: [deployment('Enabled')] }],
  ['PF-14', 'blocks', { existing: [workspace({ managedNetwork: { isolationMode: 'AllowInternetOutbound' } })] }],
  [
    'PF-14',
    'blocks',
    {
      ...managed({ egressPublicNetworkAccess: 'enabled' }),
      existing: [workspace({ managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' } })],
    },
  ],
  ['PF-31', 'warns', { existing: [workspace({ ipAllowlist: ['203.0.113.7'] })] }],
  ['PF-15', 'warns', { existing: [vault('None')] }],
  ['PF-20', 'warns', { existing: [network({ dhcpOptions: { dnsServers: ['10.0.0.4'] } })] }],
  ['PF-26', 'warns', { existing: [network({}, { privateEndpointNetworkPolicies: 'Enabled' })] }],
  ['PF-27', 'warns', { existing: [network({ addressSpace: { addressPrefixes: ['172.16.0.0/12'] } })] }],
  ['PF-28', 'warns', { existing: [network({}, { addressPrefix: '192.168.0.0/29' })] }],
  ['PF-29', 'blocks', { existing: [network({}, {}, 'East US')] }],
  ['POLICY', 'blocks', { policies: { ...sound().policies, hits: [{ ...hit, effect: 'deny' }] } }],
  ['POLICY', 'warns', { policies: { ...sound().policies, hits: [{ ...hit, effect: 'audit' }] } }],
  ['CLOCK', 'warns', { clockSkewMs: 61_000 }],
];

test('a managed network with rules of each form has no finding, nor one whose workspace can still be closed', () => {
  const network = managed({ outboundRules: [pypi, monitor, data] });
  const open = workspace({ managedNetwork: { isolationMode: 'AllowInternetOutbound' } });
  for (const existing of [[], [open]])
    expect(findingsIn({ ...network, existing }).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(
      assumptions,
    );
  expect(
    findingsIn(managed({ egressPublicNetworkAccess: 'enabled', outboundRules: [data] })).map(({ rule }) => rule),
  ).toEqual(['PF-42', 'PF-43']);
});

test('where everything holds, nothing is found but what no API reports', () => {
  expect(findingsIn({}).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(assumptions);
});

describe('one broken fact is found by its rule alone:', () => {
  test.each(broken)('%s %s %o', (rule, severity, facts) => {
    const found = findingsIn(facts).filter((one) => one.severity !== 'assumed');
    expect(found.map((one) => `${one.rule} ${one.severity}`)).toEqual([`${rule} ${severity}`]);
    expect(found[0]!.message).not.toBe('');
    expect(found[0]!.source).not.toBe('');
    if (severity === 'blocks') expect(found[0]!.remedy).not.toBe('');
  });
});

/** In broughtRules.test.ts and adoption.test.ts. */
const isTestedElsewhere = ({ id, reads }: (typeof ruleCatalogue)[number]): boolean =>
  id.startsWith('ADOPT') || reads.some((fact) => fact === 'brought' || fact === 'zones');

test('every rule of the catalogue is broken above, or is an assumption', () => {
  const tested = new Set([...broken.map(([rule]) => rule), ...assumptions.map((one) => one.split(' ')[0]!)]);
  expect(ruleCatalogue.filter((rule) => !tested.has(rule.id) && !isTestedElsewhere(rule))).toEqual([]);
});

test('a deployment without public egress is not what a spec with it requests, and the other way round', () => {
  const spec = requested({ egressPublicNetworkAccess: 'enabled', workspacePublicNetworkAccess: 'enabled' });
  const rules = (flag: string) => findingsIn({ ...spec, existing: [deployment(flag)] }).map(({ rule }) => rule);
  expect(rules('Disabled')).toContain('PF-13');
  expect(rules('Enabled')).not.toContain('PF-13');
});

test('what exists already is not assumed', () => {
  const { id } = workspace({});
  const inventory = [id.replace(/one$/, `mlw-${ref.suffix}`)];
  expect(findingsIn({ environment: { ...environment, inventory } }).map(({ rule }) => rule)).toEqual(['PF-43']);
});

test('a refused read makes its rules unknown, with the refusal of Azure, and leaves the others as they are', () => {
  const refusal = { code: 'AuthorizationFailed', message: 'no', remedy: 'grant Reader' };
  const facts = { ...observed({ ...sound(), vaultIsDeleted: true }), providers: { subject: 'the providers', refusal } };
  const found = applyRules(ruleCatalogue, facts).filter(({ severity }) => severity !== 'assumed');
  expect(found.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
    'PF-02 unknown',
    'REGION unknown',
    'API-VERSION unknown',
    'PF-42 blocks',
  ]);
  expect(found[0]).toMatchObject({
    message: 'the providers could not be read: AuthorizationFailed: no',
    remedy: 'grant Reader',
  });
});
