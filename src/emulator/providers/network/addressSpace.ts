import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Resource, Cloud } from '../../arm/model.ts';

export interface Block {
  first: number;
  last: number;
}

const toNumber = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** A number as an IPv4 address. */
export const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** The addresses of `10.0.0.0/24`. Throws ARM's 400 for a text that is not an IPv4 prefix. */
export function blockOf(prefix: string): Block {
  const [, address, bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(prefix) ?? [];
  const size = 2 ** (32 - Number(bits));
  const first = toNumber(address ?? '');
  if (address === undefined || Number(bits) > 32 || first % size !== 0)
    throw new ArmError(400, 'InvalidCIDRNotation', `The address prefix ${prefix} is not a valid CIDR notation.`);
  return { first, last: first + size - 1 };
}

export const within = (inner: Block, outer: Block): boolean => inner.first >= outer.first && inner.last <= outer.last;

export const overlap = (a: Block, b: Block): boolean => a.first <= b.last && b.first <= a.last;

/** The IP configurations in a subnet: of network interfaces, those of private endpoints among them. */
export function configurationsIn(cloud: Cloud, subnetId: string): { id: string; address: string; holder: Resource }[] {
  return cloud.referring(subnetId, 'Microsoft.Network/networkInterfaces').flatMap((holder) =>
    asList(holder.properties['ipConfigurations']).flatMap((entry) => {
      const { name, properties } = asObject(entry);
      const inside = sameId(textOf(asObject(asObject(properties)['subnet'])['id']), subnetId);
      if (!inside) return [];
      return [
        {
          id: `${holder.id}/ipConfigurations/${textOf(name)}`,
          address: textOf(asObject(properties)['privateIPAddress']),
          holder,
        },
      ];
    }),
  );
}

/** The prefix of a subnet, in either spelling of its properties. */
export const prefixOf = (subnet: Resource): string =>
  asText(subnet.properties['addressPrefix']) ?? textOf(asList(subnet.properties['addressPrefixes'])[0]);

/**
 * So many free addresses of a subnet, the lowest first; Azure keeps the first four and the last to itself. Throws
 * `SubnetIsFull`.
 */
export function freeAddresses(cloud: Cloud, subnet: Resource, count: number, exceptHolder?: string): string[] {
  const { first, last } = blockOf(prefixOf(subnet));
  const used = configurationsIn(cloud, subnet.id).filter(
    ({ holder }) => exceptHolder === undefined || !sameId(holder.id, exceptHolder),
  );
  const taken = new Set(used.map(({ address }) => address));
  const free: string[] = [];
  for (let value = first + 4; value < last && free.length < count; value += 1)
    if (!taken.has(toAddress(value))) free.push(toAddress(value));
  if (free.length < count)
    throw new ArmError(
      400,
      'SubnetIsFull',
      `Subnet ${subnet.name} with address prefix ${prefixOf(subnet)} does not have enough capacity for ${count} IP addresses.`,
    );
  return free;
}

/** Throws when a requested address is outside the subnet, reserved, or in use by another interface. */
export function requireFreeAddress(cloud: Cloud, subnet: Resource, address: string, exceptHolder: string): void {
  const { first, last } = blockOf(prefixOf(subnet));
  const value = toNumber(address);
  if (value < first || value > last)
    throw new ArmError(
      400,
      'PrivateIPAddressNotInSubnet',
      `Private static IP address ${address} does not belong to the range of subnet prefix ${prefixOf(subnet)}.`,
    );
  if (value < first + 4 || value === last)
    throw new ArmError(
      400,
      'PrivateIPAddressInReservedRange',
      `Private static IP address ${address} falls within reserved IP range of subnet prefix ${prefixOf(subnet)}.`,
    );
  const holder = configurationsIn(cloud, subnet.id).find(
    (entry) => entry.address === address && !sameId(entry.holder.id, exceptHolder),
  );
  if (holder)
    throw new ArmError(
      400,
      'PrivateIPAddressIsAllocated',
      `IP configuration ${exceptHolder} is using the private IP address ${address} which is already allocated to resource ${holder.id}.`,
    );
}
