import { isPrivate } from '../dataPlane/ipAddresses.ts';
import { resolveChain } from '../dataPlane/nameResolution.ts';
import type { Resolution } from '../dataPlane/nameResolution.ts';
import { allowsPacket } from '../dataPlane/routing.ts';
import { vmSourceOf } from '../dataPlane/vmSource.ts';
import type { Machine } from './machine.ts';
import { hostNameOf } from './ubuntuRelease.ts';

/** The resolver on the machine, which forwards to Azure's DNS. */
export const localResolver = '127.0.0.53';

/** Azure's DNS, which sees the private zones of the machine's virtual network and is reached whatever the security rules are. */
const azureDns = '168.63.129.16';

/** The answer to a question about an IPv4 address; undefined when the server does not answer. Throws TimeLimit. */
export function lookUp(machine: Machine, name: string, server = localResolver): Resolution | undefined {
  const { cloud, vm } = machine;
  const host = name.replace(/\.$/, '').toLowerCase();
  const source = vmSourceOf(cloud, vm);
  const inside = server === localResolver || server === azureDns;
  if (!inside && (isPrivate(server) || !allowsPacket(cloud, vm, { address: server, port: 53, protocol: 'udp' })))
    return undefined;
  machine.pass(0.01);
  if (inside && host === hostNameOf(vm).toLowerCase()) return { names: [host], addresses: [source.address] };
  return resolveChain(cloud, host, inside ? source.virtualNetworkId : undefined);
}
