import { isIPv4 } from 'node:net';
import type { Instant, Resource, Cloud } from '../arm/model.ts';
import { isPrivate } from './ipAddresses.ts';
import type { ClientConnection, HttpExchange, HttpRequest, NetworkError } from './httpExchange.ts';
import { vmSourceOf, outboundAddress } from './vmSource.ts';
import type { VmSource } from './vmSource.ts';
import { privateTargetAt } from './privateEndpointLookup.ts';
import type { PrivateTarget } from './privateEndpointLookup.ts';
import { sameId, textAt } from './jsonPath.ts';
import { resolveName } from './nameResolution.ts';
import { isOutboundAllowed } from './outboundRules.ts';
import type { Destination } from './outboundRules.ts';
import { dispatch } from './dispatch.ts';
import { findHost } from './hosts.ts';
import type { Host } from './hosts.ts';

/** An address of the documentation range (RFC 5737): a caller somewhere on the Internet. */
const outsider = '203.0.113.10';

type Route = Omit<ClientConnection, 'at'> | { fault: NetworkError };

/** Whether the security groups of a machine's interface and subnet let a packet out. */
function isLetOut(cloud: Cloud, source: VmSource, to: Destination): boolean {
  return [source.networkInterface, source.subnet].every(({ properties }) => {
    const group = cloud.find(textAt(properties, 'networkSecurityGroup', 'id'));
    return !group || isOutboundAllowed(cloud, group, source.address, to);
  });
}

/** Whether a packet of a machine gets to an address of the Internet. */
export function allowsPacket(
  cloud: Cloud,
  vm: Resource,
  packet: { address: string; port: number; protocol: 'tcp' | 'udp' | 'icmp' },
): boolean {
  const source = vmSourceOf(cloud, vm);
  const to = { ...packet, inside: isPrivate(packet.address), tags: [] };
  return isLetOut(cloud, source, to) && outboundAddress(cloud, source) !== undefined;
}

/** The sub-resource that a private endpoint is made for (Azure docs: private link resources). */
const subresources: Partial<Record<Host['service'], string>> = {
  blob: 'blob',
  file: 'file',
  vault: 'vault',
  registry: 'registry',
  workspace: 'amlworkspace',
  scoring: 'amlworkspace',
};

/** A private endpoint gives access to one sub-resource: that of the blobs of an account does not lead to its files. */
const leadsTo = ({ resource, groupIds }: PrivateTarget, { service, privateTarget }: Host): boolean =>
  privateTarget !== undefined &&
  sameId(resource.id, privateTarget.id) &&
  groupIds.some((group) => group.toLowerCase() === subresources[service]);

function routeFromVm(cloud: Cloud, source: VmSource, address: string, port: number, host: Host | undefined): Route {
  const inside = isPrivate(address);
  const to = { address, port, inside, tags: inside ? [] : (host?.tags ?? []) };
  if (!isLetOut(cloud, source, to)) return { fault: 'timeout' };
  if (inside) {
    const target = privateTargetAt(cloud, source.virtualNetworkId, address);
    if (!target) return { fault: 'timeout' };
    if (!host || !leadsTo(target, host)) return { fault: 'certificate' };
    return { via: 'private', clientAddress: source.address };
  }
  const clientAddress = outboundAddress(cloud, source);
  return clientAddress === undefined ? { fault: 'timeout' } : { via: 'public', clientAddress };
}

/** Whether and how a host is reached on a port, and at which addresses: DNS, rules, ways out and private endpoints. */
export function route(
  cloud: Cloud,
  hostName: string,
  port: number,
  vm?: Resource,
): { addresses: string[]; path: Route } {
  const source = vm && vmSourceOf(cloud, vm);
  const addresses = isIPv4(hostName) ? [hostName] : resolveName(cloud, hostName, source?.virtualNetworkId);
  const [address] = addresses;
  if (address === undefined) return { addresses, path: { fault: 'nxdomain' } };
  const host = findHost(cloud, hostName);
  if (source) {
    // a client tries the next address where one is silent
    const paths = addresses.map((one) => routeFromVm(cloud, source, one, port, host));
    const path = paths.find((one) => !('fault' in one && one.fault === 'timeout'));
    return { addresses, path: path ?? { fault: 'timeout' } };
  }
  return { addresses, path: isPrivate(address) ? { fault: 'timeout' } : { via: 'public', clientAddress: outsider } };
}

function sendRequest(cloud: Cloud, request: HttpRequest, at: Instant, vm?: Resource): HttpExchange {
  const url = new URL(request.url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const { addresses, path } = route(cloud, url.hostname, port, vm);
  const host = findHost(cloud, url.hostname);
  if ('fault' in path) return { addresses, fault: path.fault };
  const listens = host !== undefined && (port === 443 || (port === 80 && host.service === 'web'));
  if (!host || !listens) return { addresses, fault: 'refused' };
  return { addresses, ...dispatch(cloud, host, request, { ...path, at }) };
}

/**
 * What is wrong with the network of the host on the Internet, as the object `outside:network` says: it resolves no name (`noDns`), nothing
 * answers (`closed`), or a proxy answers in place of every host (`proxy`).
 */
function brokenNetwork(cloud: Cloud): HttpExchange | undefined {
  const addresses = ['198.51.100.7'];
  switch (cloud.objects.get('outside:network')) {
    case 'noDns':
      return { addresses: [], fault: 'nxdomain' };
    case 'closed':
      return { addresses, fault: 'timeout' };
    case 'proxy':
      return { addresses, status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Blocked by policy</h1>' };
    default:
      return undefined;
  }
}

/** A request from a host on the Internet. Throws TypeError on an invalid URL. */
export async function requestFromOutside(
  cloud: Cloud,
  request: { url: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<HttpExchange> {
  const { url, method = 'GET', headers = {}, body = '' } = request;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return brokenNetwork(cloud) ?? sendRequest(cloud, { url, method, headers: lower, body }, cloud.now());
}

/** A request from a virtual machine, at an instant of the cloud. */
export function requestFromVm(cloud: Cloud, vm: Resource, request: HttpRequest, at: Instant): HttpExchange {
  return sendRequest(cloud, request, at, vm);
}
