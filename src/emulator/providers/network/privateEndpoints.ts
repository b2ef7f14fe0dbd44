import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, Json, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { etagOf } from '../../arm/toArm.ts';
import { freeAddresses } from './addressSpace.ts';
import { requireReference, requireNoAllocation, requireSubnet, networkStates } from './networkRules.ts';
import {
  addressesOf,
  interfaceOf,
  createInterface,
  newInterfaceId,
  releaseInterface,
} from './privateEndpointInterfaces.ts';
import { requireApproval } from './connectionApproval.ts';
import { connect, disconnect } from './privateEndpointConnections.ts';
import { automatic, isDecided, linksOf, manual, membersBehind } from './privateEndpointLinks.ts';
import { autoApproved } from './privateLinkGroups.ts';

const type = 'Microsoft.Network/privateEndpoints';

function prepare(cloud: Cloud, { id, body, existing }: PutRequest): Draft {
  const asked = asObject(body['properties']);
  const subnet = requireSubnet(cloud, id, asText(asObject(asked['subnet'])['id']), asText(body['location']));
  if (subnet.properties['privateEndpointNetworkPolicies'] === 'Enabled')
    throw new ArmError(
      400,
      'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
      `Private endpoint ${id} cannot be created in a subnet ${subnet.id} since it has private endpoint network policies enabled.`,
    );
  const targets = linksOf(asked).map(({ targetId }) => requireReference(cloud, id, targetId));
  if (targets.length === 0)
    throw new ArmError(
      400,
      'InvalidRequestFormat',
      `Private endpoint ${id} needs exactly one private link service connection.`,
    );
  if (!existing) for (const link of linksOf({ [automatic]: asked[automatic] ?? [] })) requireApproval(cloud, id, link);
  const members = membersBehind(cloud, asked);
  const owned = existing ? interfaceOf(cloud, existing) : undefined;
  if (!owned) requireNoAllocation(cloud, subnet);
  const addresses = owned ? addressesOf(owned) : freeAddresses(cloud, subnet, members.length);
  const interfaceId = owned?.id ?? newInterfaceId(cloud, id, textOf(asked['customNetworkInterfaceName']));
  return {
    properties: {
      ...asked,
      [automatic]: withState(asked, automatic, id, existing),
      [manual]: withState(asked, manual, id, existing),
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

/** The connections of one kind with their states: those of a connection that exists are kept. */
function withState(asked: JsonObject, kind: string, endpointId: string, existing: Resource | undefined): Json[] {
  const earlier = linksOf(existing?.properties ?? {}).filter(({ state }) => state['status'] !== 'Disconnected');
  return asList(asked[kind]).map((entry) => {
    const { name = '', properties } = asObject(entry);
    const [link] = linksOf({ [kind]: [entry] });
    const known = earlier.find((one) => one.name === name && sameId(one.targetId, link?.targetId ?? ''));
    const fresh =
      kind === automatic
        ? { status: 'Approved', description: autoApproved, actionsRequired: 'None' }
        : { status: 'Pending', description: link?.requestMessage ?? '', actionsRequired: 'None' };
    const state = known?.state ?? fresh;
    const inner = { ...asObject(properties), privateLinkServiceConnectionState: state, provisioningState: 'Succeeded' };
    return { name, id: `${endpointId}/${kind}/${textOf(name)}`, properties: inner };
  });
}

/** DNS configurations are returned once the endpoint has been created and its connection decided on. */
function presentEndpoint(cloud: Cloud, endpoint: Resource): JsonObject {
  const { properties } = endpoint;
  const etag = etagOf(cloud, endpoint);
  const shown = (kind: string): Json[] =>
    asList(properties[kind]).map((entry) => ({ ...asObject(entry), etag, type: `${type}/${kind}` }));
  const named = cloud.running(endpoint)?.kind !== 'create' && isDecided(endpoint);
  return {
    properties: {
      ...properties,
      [automatic]: shown(automatic),
      [manual]: shown(manual),
      ...(named ? {} : { customDnsConfigs: [] }),
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
  onCreated: connect,
  toArm: presentEndpoint,
  onDeleted: (cloud, endpoint) => {
    disconnect(cloud, endpoint);
    releaseInterface(cloud, endpoint);
  },
};

export const types: ResourceType[] = [privateEndpoint];
