import { asList, asObject, asText } from '../../http/call.ts';
import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { blockOf, configurationsIn, overlap, prefixOf, within } from './addressSpace.ts';
import { networkReads } from './networkUsages.ts';
import { requireReference, requireNoWrite, networkStates } from './networkRules.ts';

const type = 'Microsoft.Network/virtualNetworks';
const subnetType = `${type}/subnets`;

/** From this api-version on, subnets of new virtual networks have no default outbound access (Azure docs: private subnets by default). */
const privateSubnetsSince = '2025-07-01';

const subnetsOf = (cloud: Cloud, network: Resource): Resource[] => cloud.descendants(network.id, subnetType);

const inlineSubnets = (body: JsonObject): { name: string; properties: JsonObject }[] =>
  asList(asObject(body['properties'])['subnets']).map((entry) => {
    const { name, properties } = asObject(entry);
    return { name: asText(name) ?? '', properties: asObject(properties) };
  });

/** Throws `InUseSubnetCannotBeDeleted` (DEL-9). */
function refuseInUse(cloud: Cloud, subnet: Resource): void {
  const [user] = configurationsIn(cloud, subnet.id);
  if (!user) return;
  throw new ArmError(
    400,
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet.name} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}

/** A subnet's own rules: inside the network, apart from its siblings, referring to what exists, not moved while in use. */
function checkSubnet(
  cloud: Cloud,
  id: string,
  properties: JsonObject,
  spaces: string[],
  siblings: Resource[],
  location: string | undefined,
): void {
  const prefix = asText(properties['addressPrefix']) ?? asText(asList(properties['addressPrefixes'])[0]) ?? '';
  const block = blockOf(prefix);
  const networkName = nameOf(parentIdOf(id));
  if (!spaces.some((space) => within(block, blockOf(space))))
    throw new ArmError(
      400,
      'NetcfgInvalidSubnet',
      `Subnet '${nameOf(id)}' is not valid because its IP address range is outside the IP address range of virtual network '${networkName}'.`,
    );
  const twin = siblings.find(
    (other) => other.id.toLowerCase() !== id.toLowerCase() && overlap(block, blockOf(prefixOf(other))),
  );
  if (twin)
    throw new ArmError(
      400,
      'NetcfgSubnetRangesOverlap',
      `Subnet '${nameOf(id)}' is not valid because its IP address range overlaps with that of an existing subnet '${twin.name}' in virtual network '${networkName}'.`,
    );
  const existing = cloud.find(id);
  if (existing && prefixOf(existing) !== prefix && configurationsIn(cloud, id).length > 0)
    throw new ArmError(
      400,
      'InUsePrefixCannotBeDeleted',
      `IpPrefix ${prefixOf(existing)} on Subnet ${existing.name} has active allocations and cannot be deleted.`,
    );
  for (const [member, wanted] of references) {
    const reference = properties[member];
    if (reference !== undefined && reference !== null)
      requireReference(cloud, id, asText(asObject(reference)['id']), wanted, location);
  }
}

const references = [
  ['networkSecurityGroup', 'Microsoft.Network/networkSecurityGroups'],
  ['natGateway', 'Microsoft.Network/natGateways'],
  // There are none in the emulator.
  ['routeTable', 'Microsoft.Network/routeTables'],
] as const;

/** What Azure fills in; a network that was created with an older api-version keeps its default outbound access. */
function completed(properties: JsonObject, privateByDefault: boolean): JsonObject {
  return {
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
    delegations: [],
    ...(privateByDefault ? { defaultOutboundAccess: false } : {}),
    ...properties,
  };
}

function prepare(cloud: Cloud, { id, body, existing, apiVersion }: PutRequest): Draft {
  if (existing) requireNoWrite(cloud, existing, id);
  const { subnets: _, ...properties } = asObject(body['properties']);
  const spaces = asList(asObject(properties['addressSpace'])['addressPrefixes']).map(String);
  if (asList(properties['virtualNetworkPeerings']).length > 0) throw notEmulated('PUT', 'of virtual network peerings');
  if (spaces.length === 0)
    throw new ArmError(400, 'InvalidRequestFormat', `Virtual network ${id} has no address space.`);
  const wanted = inlineSubnets(body).map(({ name, properties }) => ({
    id: `${id}/subnets/${name}`,
    type: subnetType,
    name,
    properties,
    createdAt: 0,
  }));
  for (const subnet of existing ? subnetsOf(cloud, existing) : [])
    if (!wanted.some((other) => other.id.toLowerCase() === subnet.id.toLowerCase())) refuseInUse(cloud, subnet);
  for (const subnet of wanted)
    checkSubnet(cloud, subnet.id, subnet.properties, spaces, wanted, asText(body['location']));
  const privateByDefault = existing
    ? existing.secrets?.['privateByDefault'] === true
    : apiVersion >= privateSubnetsSince;
  return {
    properties: { enableDdosProtection: false, virtualNetworkPeerings: [], ...properties },
    secrets: { privateByDefault },
  };
}

/** A PUT of the network replaces its subnets (DEL-10). */
function replaceSubnets(cloud: Cloud, network: Resource, { body }: PutRequest): void {
  const wanted = inlineSubnets(body);
  for (const subnet of subnetsOf(cloud, network))
    if (!wanted.some(({ name }) => name.toLowerCase() === subnet.name.toLowerCase())) cloud.remove(subnet.id);
  for (const { name, properties } of wanted) {
    const id = `${network.id}/subnets/${name}`;
    const before = cloud.find(id);
    const kept = before?.properties['defaultOutboundAccess'];
    const full = completed(properties, before ? kept === false : network.secrets?.['privateByDefault'] === true);
    cloud.save({ id, type: subnetType, name, properties: full, createdAt: before?.createdAt ?? cloud.now() });
  }
}

const virtualNetwork: ResourceType = {
  type,
  style: 'network',
  states: networkStates,
  duration: { put: 'virtualNetwork.put', delete: 'virtualNetwork.delete' },
  prepare,
  onAccepted: replaceSubnets,
  actions: networkReads,
  toArm: (cloud, network) => ({
    properties: {
      ...network.properties,
      subnets: subnetsOf(cloud, network).map((child) => toArm(cloud, subnet, child, {})),
    },
  }),
  validateDelete: (cloud, network) => {
    requireNoWrite(cloud, network, network.id);
    for (const child of subnetsOf(cloud, network)) refuseInUse(cloud, child);
  },
};

const subnet: ResourceType = {
  type: subnetType,
  style: 'network',
  states: networkStates,
  proxy: true,
  duration: { put: 'subnet.put', delete: 'subnet.put' },
  prepare: (cloud, { id, parent, existing, body, apiVersion }) => {
    if (!parent) throw new Error(`${id} has no network`);
    requireNoWrite(cloud, parent, id);
    const properties = asObject(body['properties']);
    const spaces = asList(asObject(parent.properties['addressSpace'])['addressPrefixes']).map(String);
    checkSubnet(cloud, id, properties, spaces, subnetsOf(cloud, parent), parent.location);
    const fresh = parent.secrets?.['privateByDefault'] === true && apiVersion >= privateSubnetsSince;
    return {
      properties: completed(properties, existing ? existing.properties['defaultOutboundAccess'] === false : fresh),
    };
  },
  toArm: (cloud, child) => {
    const configurations = configurationsIn(cloud, child.id);
    const users = configurations
      .map(({ holder }) => asObject(holder.properties['privateEndpoint'])['id'])
      .filter((id) => id !== undefined);
    return {
      properties: {
        ...child.properties,
        ...(configurations.length > 0 ? { ipConfigurations: configurations.map(({ id }) => ({ id })) } : {}),
        ...(users.length > 0 ? { privateEndpoints: [...new Set(users)].map((id) => ({ id: id ?? null })) } : {}),
      },
    };
  },
  validateDelete: (cloud, child) => {
    const network = cloud.find(parentIdOf(child.id));
    if (network) requireNoWrite(cloud, network, child.id);
    refuseInUse(cloud, child);
  },
};

export const types: ResourceType[] = [virtualNetwork, subnet];
