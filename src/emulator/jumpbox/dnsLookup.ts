import { findHost } from '../dataPlane/hosts.ts';
import { isPrivate } from '../dataPlane/ipAddresses.ts';
import { resolveName } from '../dataPlane/nameResolution.ts';
import { allowsPacket } from '../dataPlane/routing.ts';
import { vmSourceOf } from '../dataPlane/vmSource.ts';
import type { Machine } from './machine.ts';
import { hostNameOf } from './ubuntuRelease.ts';

/** The resolver on the machine, which forwards to Azure's DNS. */
export const localResolver = '127.0.0.53';

/** Azure's DNS, which sees the private zones of the machine's virtual network and is reached whatever the security rules are. */
const azureDns = '168.63.129.16';

/** What a DNS server answers: the name, its aliases in order, and the addresses of the last. None: the name does not exist. */
export interface Lookup {
  names: string[];
  addresses: string[];
}

/** The answer to a question about an IPv4 address; undefined when the server does not answer. Throws TimeLimit. */
export function lookUp(machine: Machine, name: string, server = localResolver): Lookup | undefined {
  const { cloud, vm } = machine;
  const host = name.replace(/\.$/, '').toLowerCase();
  const source = vmSourceOf(cloud, vm);
  const inside = server === localResolver || server === azureDns;
  if (!inside && (isPrivate(server) || !allowsPacket(cloud, vm, { address: server, port: 53, protocol: 'udp' })))
    return undefined;
  machine.pass(0.01);
  if (inside && host === hostNameOf(vm).toLowerCase()) return { names: [host], addresses: [source.address] };
  const addresses = resolveName(cloud, host, inside ? source.virtualNetworkId : undefined);
  const aliases = addresses.length > 0 ? (findHost(cloud, host)?.aliases ?? []) : [];
  return { names: [host, ...aliases], addresses };
}
