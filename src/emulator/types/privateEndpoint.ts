import { asList, asObject, asText, textOf } from '../http.ts';
import { groupIdOf, sameId } from '../ids.ts';
import { ArmFault } from '../model.ts';
import type { Draft, Json, JsonObject, PutRequest, Resource, ResourceType, World } from '../model.ts';
import { guidOf } from '../signIn.ts';
import { freeAddresses } from './addressSpace.ts';
import { requireProvisioned, requireSubnet, states } from './networkRules.ts';
import { membersOf } from './privateLink.ts';

const type = 'Microsoft.Network/privateEndpoints';
const automatic = 'privateLinkServiceConnections';
const manual = 'manualPrivateLinkServiceConnections';

interface Connection {
  name: string;
  targetId: string;
  groupIds: string[];
  state: JsonObject;
}

/** The connections of a private endpoint: those that are approved by themselves and those that wait for somebody. */
function connections(properties: JsonObject): Connection[] {
  return [...asList(properties[automatic]), ...asList(properties[manual])].map((entry) => {
    const { name, properties: inner } = asObject(entry);
    const { privateLinkServiceId, groupIds, privateLinkServiceConnectionState } = asObject(inner);
    return {
      name: textOf(name),
      targetId: textOf(privateLinkServiceId),
      groupIds: asList(groupIds).map(textOf),
      state: asObject(privateLinkServiceConnectionState),
    };
  });
}

/** A target's `privateEndpointConnections`: of every private endpoint that leads to it and has been made. */
export function connectionsOf(world: World, targetId: string): JsonObject[] {
  const target = world.find(targetId);
  return world.ofType(type).flatMap((endpoint) => {
    if (world.provisioningState(endpoint) !== 'Succeeded') return [];
    return connections(endpoint.properties)
      .filter((connection) => sameId(connection.targetId, targetId))
      .map((connection) => {
        const name = `${endpoint.name}.${guidOf(endpoint.id.toLowerCase())}`;
        return {
          id: `${target?.id ?? targetId}/privateEndpointConnections/${name}`,
          name,
          type: `${target?.type}/privateEndpointConnections`,
          ...(endpoint.location === undefined ? {} : { location: endpoint.location }),
          properties: {
            privateEndpoint: { id: endpoint.id },
            groupIds: connection.groupIds,
            privateLinkServiceConnectionState: connection.state,
            provisioningState: 'Succeeded',
          },
        };
      });
  });
}

/** The members behind a private endpoint's addresses, in their order. */
export function membersBehind(world: World, properties: JsonObject): ReturnType<typeof membersOf> {
  return connections(properties).flatMap(({ targetId, groupIds }) => {
    const target = world.find(targetId);
    return target ? groupIds.flatMap((groupId) => membersOf(target, groupId)) : [];
  });
}

function prepare(world: World, { id, body, existing }: PutRequest): Draft {
  const asked = asObject(body['properties']);
  const subnet = requireSubnet(world, id, asText(asObject(asked['subnet'])['id']), asText(body['location']));
  if (subnet.properties['privateEndpointNetworkPolicies'] === 'Enabled')
    throw new ArmFault(
      400,
      'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
      `Private endpoint ${id} cannot be created in a subnet ${subnet.id} since it has private endpoint network policies enabled.`,
    );
  const targets = connections(asked).map((connection) => requireTarget(world, id, connection));
  if (targets.length === 0)
    throw new ArmFault(
      400,
      'InvalidRequestFormat',
      `Private endpoint ${id} needs exactly one private link service connection.`,
    );
  const members = membersBehind(world, asked);
  const owned = existing ? interfaceOf(world, existing) : undefined;
  const addresses = owned ? addressesOf(owned) : freeAddresses(world, subnet, members.length);
  const interfaceName =
    asText(asked['customNetworkInterfaceName']) || `${id.split('/').at(-1)}.nic.${guidOf(id.toLowerCase())}`;
  const interfaceId = owned?.id ?? `${groupIdOf(id)}/providers/Microsoft.Network/networkInterfaces/${interfaceName}`;
  return {
    properties: {
      ...asked,
      [automatic]: withState(asked[automatic], id, {
        status: 'Approved',
        description: 'Auto-Approved',
        actionsRequired: 'None',
      }),
      [manual]: withState(asked[manual], id, {
        status: 'Pending',
        description: 'Awaiting approval',
        actionsRequired: 'None',
      }),
      subnet: { id: subnet.id },
      networkInterfaces: [{ id: interfaceId }],
      ipConfigurations: asked['ipConfigurations'] ?? [],
      customDnsConfigs: members.map(({ names }, index) => ({
        fqdn: names[0]?.fqdn ?? '',
        ipAddresses: [addresses[index] ?? ''],
      })),
    },
    secrets: { addresses },
  };
}

function requireTarget(world: World, id: string, { targetId }: Connection): Resource {
  const target = world.find(targetId);
  if (!target)
    throw new ArmFault(
      400,
      'InvalidResourceReference',
      `Resource ${targetId} referenced by resource ${id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  requireProvisioned(world, target);
  return target;
}

function withState(value: Json | undefined, endpointId: string, state: JsonObject): Json[] {
  return asList(value).map((entry) => {
    const { name, properties } = asObject(entry);
    const inner = { ...asObject(properties), privateLinkServiceConnectionState: state, provisioningState: 'Succeeded' };
    return { name: name ?? '', id: `${endpointId}/privateLinkServiceConnections/${textOf(name)}`, properties: inner };
  });
}

function interfaceOf(world: World, endpoint: Resource): Resource | undefined {
  return world.find(textOf(asObject(asList(endpoint.properties['networkInterfaces'])[0])['id']));
}

const addressesOf = (owned: Resource): string[] =>
  asList(owned.properties['ipConfigurations']).map((entry) =>
    textOf(asObject(asObject(entry)['properties'])['privateIPAddress']),
  );

/** The endpoint's network interface holds its addresses from the beginning. */
function makeInterface(world: World, endpoint: Resource): void {
  const id = textOf(asObject(asList(endpoint.properties['networkInterfaces'])[0])['id']);
  if (world.find(id)) return;
  const addresses = asList(endpoint.secrets?.['addresses']).map(textOf);
  const subnet = endpoint.properties['subnet'] ?? null;
  const members = membersBehind(world, endpoint.properties);
  world.save({
    id,
    type: 'Microsoft.Network/networkInterfaces',
    name: id.slice(id.lastIndexOf('/') + 1),
    ...(endpoint.location === undefined ? {} : { location: endpoint.location }),
    createdAt: world.now(),
    properties: {
      privateEndpoint: { id: endpoint.id },
      enableIPForwarding: false,
      ipConfigurations: addresses.map((privateIPAddress, index) => ({
        name: `privateEndpointIpConfig.${guidOf(`${id} ${index}`)}`,
        properties: {
          privateIPAddress,
          privateIPAllocationMethod: 'Dynamic',
          subnet,
          primary: index === 0,
          provisioningState: 'Succeeded',
          privateLinkConnectionProperties: {
            requiredMemberName: members[index]?.name ?? '',
            fqdns: (members[index]?.names ?? []).map(({ fqdn }) => fqdn),
          },
        },
      })),
    },
  });
}

/** Private endpoints. Their network interface outlives them for a while (DEL-8). */
const privateEndpoint: ResourceType = {
  type,
  style: 'network',
  states,
  duration: { put: 'privateEndpoint.put', delete: 'privateEndpoint.delete' },
  prepare,
  begun: makeInterface,
  deleted: (world, endpoint) => {
    const owned = interfaceOf(world, endpoint);
    if (owned)
      world.begin({
        kind: 'delete',
        resourceId: owned.id,
        location: owned.location ?? '',
        durationKey: 'networkInterface.delete',
      });
  },
};

export const types: ResourceType[] = [privateEndpoint];
