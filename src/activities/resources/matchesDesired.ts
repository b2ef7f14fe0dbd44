/**
 * Whether what is there has everything that is wanted: members that Azure added do not count, nor the case of ids, locations
 * and enumerations, nor the order of lists. Items of a list are found by name where they have one.
 */
export function matchesDesired(actual: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.every((item) => candidates(actual, item).some((one) => matchesDesired(one, item)));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    const members = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    return Object.entries(wanted).every(([name, value]) => matchesDesired(members.get(name.toLowerCase()), value));
  }
  if (typeof wanted === 'string' && typeof actual === 'string') return sameText(actual, wanted);
  return actual === wanted;
}

/** `West US 2` and `westus2` are one location. */
const sameText = (a: string, b: string): boolean =>
  a.toLowerCase() === b.toLowerCase() ||
  (/^[a-z0-9 ]+$/i.test(a) && a.replaceAll(' ', '').toLowerCase() === b.toLowerCase());

function candidates(actual: readonly unknown[], item: unknown): readonly unknown[] {
  const name = nameOf(item);
  return name === undefined ? actual : actual.filter((one) => nameOf(one)?.toLowerCase() === name.toLowerCase());
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === 'object' && item !== null ? (item as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name : undefined;
}
