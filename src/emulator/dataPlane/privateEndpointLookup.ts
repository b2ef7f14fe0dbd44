import type { Resource, Cloud } from '../arm/model.ts';
import { at, listAt, sameId, textAt } from './jsonPath.ts';

/** A private endpoint's connection to its target. */
interface Link {
  targetId: string;
  /** sub-resources of the target that it is for */
  groupIds: string[];
  /** Pending, Approved, Rejected, Disconnected */
  status: string;
}

function linksOf(endpoint: Resource): Link[] {
  const members = ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'];
  return members.flatMap((member) =>
    listAt(endpoint.properties, member).map((connection) => ({
      targetId: textAt(connection, 'properties', 'privateLinkServiceId'),
      groupIds: listAt(connection, 'properties', 'groupIds').map(String),
      status: textAt(connection, 'properties', 'privateLinkServiceConnectionState', 'status'),
    })),
  );
}

/** The private endpoints that are connected to a resource, or want to be. */
export function privateEndpointsOf(cloud: Cloud, targetId: string): Resource[] {
  return cloud
    .referring(targetId, 'Microsoft.Network/privateEndpoints')
    .filter((endpoint) =>
      linksOf(endpoint).some((link) => sameId(link.targetId, targetId) && link.status !== 'Disconnected'),
    );
}

/** The network interface that has an address in a virtual network. */
function interfaceAt(cloud: Cloud, virtualNetworkId: string, address: string): Resource | undefined {
  return cloud
    .descendants(virtualNetworkId, 'Microsoft.Network/virtualNetworks/subnets')
    .flatMap((subnet) =>
      cloud.referring(subnet.id, 'Microsoft.Network/networkInterfaces').map((found) => [subnet, found] as const),
    )
    .find(([subnet, { properties }]) =>
      listAt(properties, 'ipConfigurations').some(
        (configuration) =>
          textAt(configuration, 'properties', 'privateIPAddress') === address &&
          sameId(textAt(configuration, 'properties', 'subnet', 'id'), subnet.id),
      ),
    )?.[1];
}

/** What a private address leads to. */
export interface PrivateTarget {
  resource: Resource;
  groupIds: string[];
}

/**
 * The resource that a private address of a virtual network leads to: its network interface belongs to a private endpoint
 * that is ready and whose connection is approved. Undefined when nothing accepts there.
 */
export function privateTargetAt(cloud: Cloud, virtualNetworkId: string, address: string): PrivateTarget | undefined {
  const networkInterface = interfaceAt(cloud, virtualNetworkId, address);
  if (!networkInterface) return undefined;
  const endpoint = cloud
    .referring(networkInterface.id, 'Microsoft.Network/privateEndpoints')
    .find((endpoint) =>
      listAt(endpoint.properties, 'networkInterfaces').some((owned) =>
        sameId(textAt(at(owned), 'id'), networkInterface.id),
      ),
    );
  if (!endpoint || cloud.provisioningState(endpoint) !== 'Succeeded') return undefined;
  const link = linksOf(endpoint).find(({ status }) => status === 'Approved');
  const resource = link && cloud.find(link.targetId);
  return resource && { resource, groupIds: link.groupIds };
}
