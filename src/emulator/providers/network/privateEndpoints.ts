import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, Json, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { etagOf } from '../../arm/toArm.ts';
import { guidOf } from '../../http/signIn.ts';
import { freeAddresses } from './addressSpace.ts';
import { requireReference, requireNoAllocation, requireSubnet, networkStates } from './networkRules.ts';
import {
  addressesOf,
  interfaceOf,
  createInterface,
  newInterfaceId,
  releaseInterface,
} from './privateEndpointInterfaces.ts';
import { connectionState, membersOf } from './privateLinkGroups.ts';
import { workspaceType } from '../machineLearningServices/typeNames.ts';

const type = 'Microsoft.Network/privateEndpoints';
const automatic = 'privateLinkServiceConnections';
const manual = 'manualPrivateLinkServiceConnections';

interface Connection {
  name: string;
  targetId: string;
  groupIds: string[];
  state: JsonObject;
}

/** The connections of a private endpoint: those approved automatically and those that need manual approval. */
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

/** A target's `privateEndpointConnections`: of every private endpoint that targets it and has been created. */
export function connectionsOf(cloud: Cloud, targetId: string): JsonObject[] {
  const target = cloud.find(targetId);
  return cloud.ofType(type).flatMap((endpoint) => {
    if (cloud.provisioningState(endpoint) !== 'Succeeded') return [];
    return connections(endpoint.properties)
      .filter((connection) => sameId(connection.targetId, targetId))
      .map((connection) => {
        const name = `${endpoint.name}.${guidOf(endpoint.id.toLowerCase())}`;
        return {
          id: `${target?.id ?? targetId}/privateEndpointConnections/${name}`,
          name,
          type: `${target?.type}/privateEndpointConnections`,
          ...(target?.type === workspaceType && endpoint.location !== undefined ? { location: endpoint.location } : {}),
          properties: {
            privateEndpoint: { id: endpoint.id },
            privateLinkServiceConnectionState: connectionState(target?.type, connection.state),
            provisioningState: 'Succeeded',
          },
        };
      });
  });
}

/** The members behind a private endpoint's addresses, in their order. */
export function membersBehind(cloud: Cloud, properties: JsonObject): ReturnType<typeof membersOf> {
  return connections(properties).flatMap(({ targetId, groupIds }) => {
    const target = cloud.find(targetId);
    return target ? groupIds.flatMap((groupId) => membersOf(target, groupId)) : [];
  });
}

function prepare(cloud: Cloud, { id, body, existing }: PutRequest): Draft {
  const asked = asObject(body['properties']);
  const subnet = requireSubnet(cloud, id, asText(asObject(asked['subnet'])['id']), asText(body['location']));
  if (subnet.properties['privateEndpointNetworkPolicies'] === 'Enabled')
    throw new ArmError(
      400,
      'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
      `Private endpoint ${id} cannot be created in a subnet ${subnet.id} since it has private endpoint network policies enabled.`,
    );
  const targets = connections(asked).map(({ targetId }) => requireReference(cloud, id, targetId));
  if (targets.length === 0)
    throw new ArmError(
      400,
      'InvalidRequestFormat',
      `Private endpoint ${id} needs exactly one private link service connection.`,
    );
  const members = membersBehind(cloud, asked);
  const owned = existing ? interfaceOf(cloud, existing) : undefined;
  if (!owned) requireNoAllocation(cloud, subnet);
  const addresses = owned ? addressesOf(owned) : freeAddresses(cloud, subnet, members.length);
  const interfaceId = owned?.id ?? newInterfaceId(cloud, id, textOf(asked['customNetworkInterfaceName']));
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
      customNetworkInterfaceName: asked['customNetworkInterfaceName'] ?? '',
      customDnsConfigs: members.map(({ names }, index) => ({
        fqdn: names[0]?.fqdn ?? '',
        ipAddresses: [addresses[index] ?? ''],
      })),
    },
    secrets: { addresses },
  };
}

function withState(value: Json | undefined, endpointId: string, state: JsonObject): Json[] {
  return asList(value).map((entry) => {
    const { name, properties } = asObject(entry);
    const inner = { ...asObject(properties), privateLinkServiceConnectionState: state, provisioningState: 'Succeeded' };
    return { name: name ?? '', id: `${endpointId}/privateLinkServiceConnections/${textOf(name)}`, properties: inner };
  });
}

/** A connection whose target is gone is `Disconnected`; DNS configurations are returned once the endpoint has been created. */
function presentEndpoint(cloud: Cloud, endpoint: Resource): JsonObject {
  const { properties } = endpoint;
  const own = { etag: etagOf(cloud, endpoint), type: `${type}/privateLinkServiceConnections` };
  const seen = (entry: Json): Json => {
    const connection: JsonObject = { ...asObject(entry), ...own };
    const inner = asObject(connection['properties']);
    if (cloud.find(textOf(inner['privateLinkServiceId']))) return connection;
    const state = { ...asObject(inner['privateLinkServiceConnectionState']), status: 'Disconnected' };
    return { ...connection, properties: { ...inner, privateLinkServiceConnectionState: state } };
  };
  return {
    properties: {
      ...properties,
      [automatic]: asList(properties[automatic]).map(seen),
      [manual]: asList(properties[manual]).map(seen),
      ...(cloud.running(endpoint)?.kind === 'create' ? { customDnsConfigs: [] } : {}),
    },
  };
}

/** Private endpoints. */
const privateEndpoint: ResourceType = {
  type,
  style: 'network',
  states: networkStates,
  duration: { put: 'privateEndpoint.put', delete: 'privateEndpoint.delete' },
  prepare,
  onAccepted: (cloud, endpoint) => createInterface(cloud, endpoint, membersBehind(cloud, endpoint.properties)),
  toArm: presentEndpoint,
  onDeleted: releaseInterface,
};

export const types: ResourceType[] = [privateEndpoint];
