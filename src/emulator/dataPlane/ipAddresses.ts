import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** An IPv4 address as a number, or NaN. */
function numberOf(address: string): number {
  if (!isIPv4(address)) return Number.NaN;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether an address lies in a block like `192.168.0.0/16`; a single address is a block of one. */
export function isInBlock(address: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size);
}

/** RFC 1918. */
export function isPrivate(address: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].some((block) => isInBlock(address, block));
}

/** A host's public address: stable, in Azure's or in another provider's space. */
export function publicAddressOf(host: string, space: 'azure' | 'elsewhere'): string {
  const [a, b, c] = createHash('sha256').update(host).digest();
  return `${space === 'azure' ? 20 : 151}.${a}.${b}.${c}`;
}
