import type { Instant, Resource, World } from '../arm/model.ts';
import { isPrivate } from './ipAddresses.ts';
import type { Arrival, Exchange, HttpRequest, NetworkFault } from './httpExchange.ts';
import { originOf, outboundAddress } from './vmSource.ts';
import type { Origin } from './vmSource.ts';
import { privateTargetAt } from './privateEndpointLookup.ts';
import { sameId, textAt } from './jsonPath.ts';
import { resolve } from './nameResolution.ts';
import { letsOut } from './outboundRules.ts';
import { answer } from './dispatch.ts';
import { siteOf } from './hosts.ts';
import type { Site } from './hosts.ts';

/** An address of the documentation range (RFC 5737): a caller somewhere on the Internet. */
const outsider = '203.0.113.10';

type Way = Omit<Arrival, 'at'> | { fault: NetworkFault };

function wayFromVm(world: World, origin: Origin, address: string, port: number, site: Site | undefined): Way {
  const inside = isPrivate(address);
  const to = { address, port, inside, tags: inside ? [] : (site?.tags ?? []) };
  for (const { properties } of [origin.networkInterface, origin.subnet]) {
    const group = world.find(textAt(properties, 'networkSecurityGroup', 'id'));
    if (group && !letsOut(world, group, origin.address, to)) return { fault: 'timeout' };
  }
  if (inside) {
    const target = privateTargetAt(world, origin.virtualNetworkId, address);
    if (!target) return { fault: 'timeout' };
    if (!site?.privateTarget || !sameId(target.id, site.privateTarget.id)) return { fault: 'certificate' };
    return { via: 'private', clientAddress: origin.address };
  }
  const clientAddress = outboundAddress(world, origin);
  return clientAddress === undefined ? { fault: 'timeout' } : { via: 'public', clientAddress };
}

/** Whether and how a host is reached on a port, and at which addresses: DNS, rules, ways out and private endpoints. */
export function reach(world: World, host: string, port: number, vm?: Resource): { addresses: string[]; way: Way } {
  const origin = vm && originOf(world, vm);
  const addresses = resolve(world, host, origin?.virtualNetworkId);
  const [address] = addresses;
  if (address === undefined) return { addresses, way: { fault: 'nxdomain' } };
  const site = siteOf(world, host);
  if (origin) return { addresses, way: wayFromVm(world, origin, address, port, site) };
  return { addresses, way: isPrivate(address) ? { fault: 'timeout' } : { via: 'public', clientAddress: outsider } };
}

function exchange(world: World, request: HttpRequest, at: Instant, vm?: Resource): Exchange {
  const url = new URL(request.url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const { addresses, way } = reach(world, url.hostname, port, vm);
  const site = siteOf(world, url.hostname);
  if ('fault' in way) return { addresses, fault: way.fault };
  if (!site || port !== 443) return { addresses, fault: 'refused' };
  return { addresses, ...answer(world, site, request, { ...way, at }) };
}

/** A request from a host on the Internet. Throws TypeError when the URL is none. */
export async function requestFromOutside(
  world: World,
  request: { url: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<Exchange> {
  const { url, method = 'GET', headers = {}, body = '' } = request;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return exchange(world, { url, method, headers: lower, body }, world.now());
}

/** A request from a virtual machine, at an instant of the world. */
export function requestFromVm(world: World, vm: Resource, request: HttpRequest, at: Instant): Exchange {
  return exchange(world, request, at, vm);
}
