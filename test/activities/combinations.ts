import * as fc from 'fast-check';
import { privateLinkKeys, zoneNames } from '../../src/domain/privateLinks.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import type { Cloud, StoredResource } from './mutationHarness.ts';
import { accessMutations, connectionMutations, dnsMutations, setConnection } from './mutations.ts';
import { addRule, networkMutations, workerMutations } from './networkMutations.ts';

/** Every mutation with its rows. */
export const mutations = [
  ...accessMutations,
  ...connectionMutations,
  ...dnsMutations,
  ...networkMutations,
  ...workerMutations,
];

/** One change of the sound state, as data: fast-check prints and shrinks it. */
export interface Change {
  kind: string;
  apply: (cloud: Cloud) => void;
}

/** A kind of change: how it is generated, and what it does. */
function kind<Values>(name: string, values: fc.Arbitrary<Values>, apply: (cloud: Cloud, value: Values) => void) {
  return values.map((value): Change => {
    const shown = `${name} ${JSON.stringify(value)}`;
    return { kind: shown, apply: (cloud) => apply(cloud, value) };
  });
}

const guarded = ['storageAccount', 'vault', 'registry'] as const;
const flagged = ['workspace', ...guarded, 'onlineEndpoint'] as const;
const ruleMember = { storageAccount: 'networkAcls', vault: 'networkAcls', registry: 'networkRuleSet' };
const status = fc.constantFrom('Approved', 'Pending', 'Rejected');

/** Flags and network rules. The first two blocks of addresses hold the caller from outside. */
const access = [
  kind(
    'flag',
    fc.record({
      key: fc.constantFrom(...flagged),
      value: fc.constantFrom('Enabled', 'Disabled', 'disabled', 'enabled'),
    }),
    (cloud, { key, value }) => (cloud.of(key)['publicNetworkAccess'] = value),
  ),
  kind(
    'rules',
    fc.record({
      key: fc.constantFrom(...guarded),
      defaultAction: fc.constantFrom('Allow', 'Deny'),
      values: fc.subarray(['203.0.113.0/24', '203.0.113.10', '198.51.100.0/24', '203.0.113.11'], { maxLength: 2 }),
      opened: fc.boolean(),
    }),
    (cloud, { key, defaultAction, values, opened }) => {
      const ipRules = values.map((value) => ({ value, action: 'Allow' }));
      cloud.of(key)[ruleMember[key]] = { defaultAction, ipRules };
      if (opened) cloud.of(key)['publicNetworkAccess'] = 'Enabled';
    },
  ),
  kind(
    'egress',
    fc.constantFrom('Enabled', 'Disabled'),
    (cloud, value) => (cloud.of('deployment')['egressPublicNetworkAccess'] = value),
  ),
];

const connections = [
  kind('connection', fc.record({ link: fc.constantFrom(...privateLinkKeys), status }), (cloud, { link, status }) =>
    setConnection(cloud, `privateEndpoint:${link}`, (state) => (state['status'] = status)),
  ),
  kind(
    'foreign connections',
    fc.record({
      key: fc.constantFrom('workspace', ...guarded),
      found: fc.array(status, { minLength: 1, maxLength: 2 }),
    }),
    (cloud, { key, found }) =>
      (cloud.state.objects[`connections:${cloud.id(key).toLowerCase()}`] = found.map((status) => ({ status }))),
  ),
  kind('managed connections', status, (cloud, value) => (cloud.state.objects['egressConnectionState'] = value)),
];

/** Addresses of the private endpoints and the jumpbox, one that nothing has, and a public one. */
const addresses = [...Array.from({ length: 9 }, (_, index) => `192.168.0.${index + 4}`), '192.168.0.250', '20.9.9.9'];
const oneAddress = fc.constantFrom(...addresses);
const aRecords = (list: readonly string[]) => list.map((ipv4Address) => ({ ipv4Address }));
/** Zones whose names have one label: below those, a wildcard is the nearest ancestor of every name. */
const flatZones = ['blob.core.windows.net', 'file.core.windows.net', 'vaultcore.azure.net', 'azurecr.io'];

function addRecord(cloud: Cloud, zone: string, name: string, list: readonly string[]): void {
  const like = cloud.records('privatelink.notebooks.azure.net')[0] as StoredResource;
  cloud.copy(like.id, `${cloud.id(`zone:${zone}` as ResourceKey)}/A/${name}`, { aRecords: aRecords(list) });
}

/** Another zone, linked: Azure's DNS asks the most specific one. */
function addZone(cloud: Cloud, zone: string, host: string, list: readonly string[]): void {
  const like = 'privatelink.notebooks.azure.net';
  const id = cloud.id(`zone:${like}` as ResourceKey).replace(like, zone);
  cloud.copy(cloud.id(`zone:${like}` as ResourceKey), id, {});
  cloud.copy(cloud.id(`zoneLink:${like}` as ResourceKey), `${id}/virtualNetworkLinks/another`, {});
  const [record] = cloud.records(like);
  if (list.length > 0) cloud.copy(record!.id, `${id}/A/${host}`, { aRecords: aRecords(list) });
}

const dns = [
  kind(
    'record',
    fc.record({ index: fc.nat(9), list: fc.uniqueArray(oneAddress, { maxLength: 2 }) }),
    (cloud, { index, list }) => {
      const all = zoneNames.flatMap((zone) => cloud.records(zone));
      const record = all[index % all.length]!;
      if (list.length === 0) cloud.remove(record.id);
      else record.properties['aRecords'] = aRecords(list);
    },
  ),
  kind(
    'further address',
    fc.record({ index: fc.nat(9), address: fc.constantFrom('192.168.0.250', '20.9.9.9') }),
    (cloud, { index, address }) => {
      const all = zoneNames.flatMap((zone) => cloud.records(zone));
      all[index % all.length]!.properties['aRecords'].push({ ipv4Address: address });
    },
  ),
  kind('wildcard', fc.record({ zone: fc.constantFrom(...flatZones), address: oneAddress }), (cloud, one) =>
    addRecord(cloud, `privatelink.${one.zone}`, '*', [one.address]),
  ),
  kind(
    'zone',
    fc.record({
      zone: fc.constantFrom('vault.azure.net', 'azurecr.io', 'core.windows.net', 'blob.core.windows.net'),
      list: fc.uniqueArray(oneAddress, { maxLength: 1 }),
    }),
    (cloud, { zone, list }) => {
      const host = {
        'vault.azure.net': 'kvk3x9a0q7',
        'azurecr.io': 'crk3x9a0q7',
        'core.windows.net': 'stk3x9a0q7.file',
      };
      addZone(cloud, zone, host[zone as keyof typeof host] ?? 'stk3x9a0q7', list);
    },
  ),
  kind(
    'link',
    fc.record({
      zone: fc.constantFrom(...zoneNames),
      how: fc.constantFrom('missing', 'elsewhere', 'fallback', 'fallback of a missing name'),
    }),
    (cloud, { zone, how }) => {
      const key = `zoneLink:${zone}` as ResourceKey;
      if (how === 'missing') cloud.remove(cloud.id(key));
      else if (how === 'elsewhere') cloud.of(key)['virtualNetwork'].id = `${cloud.id('virtualNetwork')}-other`;
      else cloud.of(key)['resolutionPolicy'] = 'NxDomainRedirect';
      if (how === 'fallback of a missing name') for (const { id } of cloud.records(zone)) cloud.remove(id);
    },
  ),
];

const prefixes = fc.constantFrom(
  '*',
  'Internet',
  'internet',
  'VirtualNetwork',
  '0.0.0.0/0',
  '192.168.0.0/24',
  '192.168.0.4',
  '20.0.0.0/8',
  '151.0.0.0/9',
  'AzureActiveDirectory',
  'Storage',
  'Storage.westus2',
  'AzureKeyVault',
  'AzureFrontDoor.FirstParty',
);
const sources = fc.constantFrom('*', 'VirtualNetwork', '192.168.0.0/24', '192.168.0.12', '10.1.0.0/16', 'Internet');
const ports = fc.constantFrom('443', '*', '80', '1-1024', '443-443', '444-500');

const rule = fc.record({
  name: fc.constantFrom('One', 'Two', 'Three', 'AllowInternetWhileBuilding'),
  priority: fc.integer({ min: 101, max: 4096 }),
  direction: fc.constantFrom('Outbound', 'Outbound', 'Inbound'),
  access: fc.constantFrom('Allow', 'Deny'),
  protocol: fc.constantFrom('Tcp', 'TCP', '*', 'Udp'),
  source: sources,
  destinations: fc.uniqueArray(prefixes, { minLength: 1, maxLength: 2 }),
  ports: fc.uniqueArray(ports, { minLength: 1, maxLength: 2 }),
});

const rulesOf = (cloud: Cloud): StoredResource[] =>
  Object.values(cloud.state.resources).filter(({ type }) => type.endsWith('/securityRules'));

const network = [
  kind('rule', rule, (cloud, { name, source, destinations, ports: ranges, ...rest }) => {
    const { priority, direction } = rest;
    // Azure accepts a priority once in each direction
    if (rulesOf(cloud).some(({ properties: one }) => one['priority'] === priority && one['direction'] === direction))
      return;
    const single = destinations.length === 1 && ranges.length === 1;
    addRule(cloud, name, {
      ...rest,
      sourceAddressPrefix: source,
      destinationAddressPrefix: single ? destinations[0] : undefined,
      destinationAddressPrefixes: single ? [] : destinations,
      destinationPortRange: single ? ranges[0] : undefined,
      destinationPortRanges: single ? [] : ranges,
    });
  }),
  kind('rule of the plan', fc.record({ index: fc.nat(7), priority: fc.constantFrom(99, 4001) }), (cloud, one) => {
    const all = rulesOf(cloud).filter(({ properties }) => properties['direction'] === 'Outbound');
    if (all.some(({ properties }) => properties['priority'] === one.priority)) return;
    all[one.index % all.length]!.properties['priority'] = one.priority;
  }),
  kind(
    'subnet',
    fc.constantFrom('group at the interface', 'no group', 'no gateway', 'default outbound access'),
    (cloud, how) => {
      const subnet = cloud.at(`${cloud.id('virtualNetwork')}/subnets/snet-scoring`).properties;
      if (how === 'group at the interface')
        cloud.of('networkInterface')['networkSecurityGroup'] = { id: cloud.id('networkSecurityGroup') };
      if (how === 'no group') delete subnet['networkSecurityGroup'];
      if (how === 'no gateway') delete subnet['natGateway'];
      if (how === 'default outbound access') subnet['defaultOutboundAccess'] = true;
    },
  ),
];

const mutation = kind('mutation', fc.nat(mutations.length - 1), (cloud, index) => mutations[index]![1](cloud));
const keysFirst = kind('keys before the network', fc.constant(true), (cloud, value) => {
  cloud.state.objects['scoring:authenticatesFirst'] = value;
});

/** Up to six changes of a sound environment, with or without a spec that requests an open workspace. */
export const combination = fc.record({
  open: fc.boolean(),
  changes: fc.array(fc.oneof(mutation, ...access, ...connections, ...dns, ...network, ...network, keysFirst), {
    maxLength: 6,
  }),
});
