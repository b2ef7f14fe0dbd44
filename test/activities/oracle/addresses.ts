const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an IPv4 address lies in a block; an address alone is a block of one. */
export function inBlock(address: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(numberOf(base) / size) * size;
  return numberOf(address) >= first && numberOf(address) < first + size;
}

/** RFC 1918. */
export const isPrivateAddress = (address: string): boolean =>
  inBlock(address, '10.0.0.0/8') || inBlock(address, '172.16.0.0/12') || inBlock(address, '192.168.0.0/16');
