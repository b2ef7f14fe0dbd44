/** An IPv4 range in CIDR notation. */
interface AddressRange {
  first: number;
  last: number;
}

/** Parses an IPv4 range; undefined for anything else, also for IPv6. */
function rangeOf(cidr: string): AddressRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** Number of addresses of an IPv4 range; 0 where it is not one. */
export function addressCount(cidr: string): number {
  const range = rangeOf(cidr);
  return range ? range.last - range.first + 1 : 0;
}

/** Whether two IPv4 ranges share an address. */
export function rangesOverlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}
