import { asList, asObject, textOf } from '../../http/call.ts';
import type { Json, Resource, Cloud } from '../../arm/model.ts';

/** Routes that every subnet has besides those of its network (Azure docs: virtual network traffic routing). */
const systemRoutes = [
  ['0.0.0.0/0', 'Internet'],
  ['10.0.0.0/8', 'None'],
  ['100.64.0.0/10', 'None'],
  ['172.16.0.0/12', 'None'],
  ['192.168.0.0/16', 'None'],
] as const;

const route = (addressPrefix: string, nextHopType: string): Json => ({
  disableBgpRoutePropagation: false,
  source: 'Default',
  state: 'Active',
  addressPrefix: [addressPrefix],
  nextHopIpAddress: [],
  nextHopType,
});

/** The addresses of the private endpoints of a virtual network; packets to them are routed one by one. */
function endpointAddresses(cloud: Cloud, network: Resource): string[] {
  const inside = `${network.id.toLowerCase()}/subnets/`;
  return cloud
    .ofType('Microsoft.Network/networkInterfaces')
    .filter(({ properties }) => properties['privateEndpoint'] !== undefined)
    .flatMap(({ properties }) => asList(properties['ipConfigurations']))
    .map((entry) => asObject(asObject(entry)['properties']))
    .filter(({ subnet }) => textOf(asObject(subnet)['id']).toLowerCase().startsWith(inside))
    .map(({ privateIPAddress }) => textOf(privateIPAddress));
}

/** The routes of an interface's packets. A NAT gateway has none: it is behind the route to the Internet. */
export function effectiveRoutes(cloud: Cloud, network: Resource, spaces: string[]): Json[] {
  return [
    ...spaces.map((space) => route(space, 'VnetLocal')),
    ...systemRoutes.filter(([prefix]) => !spaces.includes(prefix)).map(([prefix, hop]) => route(prefix, hop)),
    ...endpointAddresses(cloud, network).map((address) => route(`${address}/32`, 'InterfaceEndpoint')),
  ];
}
