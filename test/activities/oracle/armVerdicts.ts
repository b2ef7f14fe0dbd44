import type { ArmJson, ArmResources } from './armJson.ts';
import { privateNameOf, same, zoneNames } from './names.ts';
import { jumpboxOf } from './packets.ts';

export type Verdict = 'passed' | 'failed' | 'inconclusive';
export type Verdicts = Record<string, Verdict>;

const passedIf = (good: boolean): Verdict => (good ? 'passed' : 'failed');

/** Resources with a public side, by the words that rows use for them. */
const titled = (resources: ArmResources): Record<string, ArmJson> => ({
  workspace: resources.workspaces[0],
  'storage account': resources.storageAccounts[0],
  'key vault': resources.vaults[0],
  'container registry': resources.registries[0],
  'online endpoint': resources.endpoints[0],
});

function accessVerdicts(resources: ArmResources, workspaceMayBeOpen: boolean): Verdicts {
  const verdicts: Verdicts = {};
  for (const [title, { properties }] of Object.entries(titled(resources))) {
    const mayBeOpen = workspaceMayBeOpen && title === 'workspace';
    const disabled = same(properties.publicNetworkAccess, 'Disabled');
    verdicts[`public network access of the ${title}`] = passedIf(disabled || mayBeOpen);
    const rules = properties.networkAcls ?? properties.networkRuleSet;
    if (!rules) continue;
    const listed = [...(rules.ipRules ?? []), ...(rules.virtualNetworkRules ?? [])].length;
    verdicts[`network rules of the ${title}`] = passedIf(same(rules.defaultAction, 'Deny') && listed === 0);
  }
  return verdicts;
}

const statusOf = ({ properties }: ArmJson): ArmJson => properties.privateLinkServiceConnectionState;
const isApproved = (connection: ArmJson): boolean => same(statusOf(connection).status, 'Approved');
/** Of a deployment: Azure Machine Learning describes it so. */
const isManaged = (connection: ArmJson): boolean => /^egress for /i.test(statusOf(connection).description ?? '');

function connectionVerdicts(resources: ArmResources): Verdicts {
  const verdicts: Verdicts = {};
  for (const [title, { id, properties }] of Object.entries(titled(resources))) {
    if (title === 'online endpoint') continue;
    const connections = (properties.privateEndpointConnections as ArmJson[]).filter((one) => !isManaged(one));
    const own = resources.privateEndpoints.filter((endpoint) =>
      endpoint.properties.privateLinkServiceConnections.some((one: ArmJson) =>
        same(one.properties.privateLinkServiceId, id),
      ),
    );
    const isOwn = (one: ArmJson): boolean =>
      own.some((endpoint) => same(endpoint.id, one.properties.privateEndpoint.id));
    const everyOwn = own.every((endpoint) =>
      connections.some((one) => same(one.properties.privateEndpoint.id, endpoint.id)),
    );
    const right = connections.every((one) => isOwn(one) === isApproved(one));
    verdicts[`private endpoint connections of the ${title}`] = passedIf(everyOwn && right);
  }
  return verdicts;
}

/** Deployments reach nothing but what has approved their connections. */
function egressVerdicts(resources: ArmResources): Verdicts {
  const closed = resources.deployments.every(({ properties }) =>
    same(properties.egressPublicNetworkAccess, 'Disabled'),
  );
  const { workspace, 'storage account': account, 'container registry': registry } = titled(resources);
  const managed = [workspace, account, registry].map(({ properties }) =>
    (properties.privateEndpointConnections as ArmJson[]).filter(isManaged),
  );
  const waiting = managed.flat().some((one) => !isApproved(one));
  const everywhere = managed.every((some) => some.length > 0);
  return {
    'egress of the deployments': passedIf(closed),
    'managed connections of the deployments': waiting ? 'failed' : everywhere ? 'passed' : 'inconclusive',
  };
}

/** Whether a record set has addresses, all of them among the given ones. */
const leadsTo = (record: ArmJson, addresses: string[]): boolean => {
  const found = (record?.properties.aRecords ?? []) as ArmJson[];
  return found.length > 0 && found.every(({ ipv4Address }) => addresses.includes(ipv4Address));
};

/** The records that a zone must have, from the names that each private endpoint's interface answers for. */
function recordsAreRight(resources: ArmResources, zone: ArmResources['zones'][number]): boolean {
  const guid = resources.workspaces[0].properties.workspaceId as string;
  const answered = resources.interfaces.flatMap(({ properties }) =>
    properties.ipConfigurations.flatMap((one: ArmJson) =>
      ((one.properties.privateLinkConnectionProperties?.fqdns ?? []) as string[]).map((fqdn) => ({
        ...privateNameOf(fqdn, guid),
        addresses: properties.ipConfigurations.map((other: ArmJson) => other.properties.privateIPAddress as string),
      })),
    ),
  );
  const expected = answered.filter((one) => one.zone === zone.name);
  const sets = zone.records.filter(({ type }) => type.endsWith('/A'));
  // the names of notebooks are not published: every record counts
  if (zone.name.includes('notebooks'))
    return sets.length > 0 && sets.every((set) => leadsTo(set, expected[0]!.addresses));
  return expected.every(({ name, addresses }) =>
    leadsTo(
      sets.find((set) => same(set.name, name)),
      addresses,
    ),
  );
}

function dnsVerdicts(resources: ArmResources): Verdicts {
  const network = jumpboxOf(resources).network.id;
  const verdicts: Verdicts = {};
  for (const name of zoneNames) {
    const zone = resources.zones.find((one) => one.name === name)!;
    verdicts[`DNS records in ${name}`] = passedIf(recordsAreRight(resources, zone));
    // the link that Moat made is the one whose name all zones share
    const own = zone.links.find((link) => link.name.startsWith('link-'));
    const linked = same(own?.properties.virtualNetwork.id, network);
    verdicts[`virtual network link of ${name}`] = passedIf(
      linked && same(own.properties.virtualNetworkLinkState, 'Completed'),
    );
  }
  return verdicts;
}

const buildRule = 'AllowInternetWhileBuilding';

/** A rule without what Azure adds, lists and single values alike. */
function ruleText({ name, properties }: ArmJson): string {
  const { provisioningState: _, ...rest } = properties;
  const values = Object.entries(rest).map(([key, value]) => [key.replace(/(es|s)$/, ''), [value].flat()] as const);
  const merged = Object.groupBy(
    values.filter(([, value]) => value.length > 0),
    ([key]) => key.replace(/e$/, ''),
  );
  const lines = Object.entries(merged).map(([key, found]) => `${key}=${found!.flatMap(([, value]) => value).join()}`);
  return [name, ...lines.toSorted()].join(' ').toLowerCase();
}

const rulesOf = ({ securityGroups }: ArmResources): ArmJson[] => securityGroups[0].properties.securityRules;

function networkVerdicts(resources: ArmResources, sound: ArmResources): Verdicts {
  const texts = (from: ArmResources): string =>
    rulesOf(from)
      .filter(({ name }) => !same(name, buildRule))
      .map(ruleText)
      .toSorted()
      .join('\n');
  const { subnet } = jumpboxOf(resources);
  const { networkSecurityGroup, natGateway } = subnet.properties;
  const [gateway] = resources.gateways;
  const attached = resources.interfaces.some(({ properties }) =>
    properties.ipConfigurations.some((one: ArmJson) => one.properties.publicIPAddress),
  );
  const ofGateway = resources.publicAddresses.every(({ id }) =>
    gateway.properties.publicIpAddresses.some((one: ArmJson) => same(one.id, id)),
  );
  const guarded = same(networkSecurityGroup?.id, resources.securityGroups[0].id) && same(natGateway?.id, gateway.id);
  return {
    'rules of the network security group': passedIf(texts(resources) === texts(sound)),
    'outbound Internet rule of the image build': passedIf(
      !rulesOf(resources).some(({ name }) => same(name, buildRule)),
    ),
    [`security group and gateway of the subnet ${subnet.name}`]: passedIf(guarded),
    'public IP addresses': passedIf(!attached && ofGateway),
  };
}

/** What the rows from ARM must say. `sound`: the same environment before anything was changed. */
export const armVerdicts = (resources: ArmResources, sound: ArmResources, workspaceMayBeOpen: boolean): Verdicts => ({
  ...accessVerdicts(resources, workspaceMayBeOpen),
  ...connectionVerdicts(resources),
  ...egressVerdicts(resources),
  ...dnsVerdicts(resources),
  ...networkVerdicts(resources, sound),
});
