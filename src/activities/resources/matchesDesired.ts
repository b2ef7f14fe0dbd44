/**
 * Whether a resource has every desired member with its desired value. Ignores members that Azure added, the order of lists, and the case
 * of ids, locations and enumerations. Items of a list are matched by name where they have one.
 */
export function matchesDesired(actual: unknown, desired: unknown): boolean {
  if (desired === undefined) return true;
  if (Array.isArray(desired)) {
    return (
      Array.isArray(actual) &&
      desired.every((item) => candidates(actual, item).some((one) => matchesDesired(one, item)))
    );
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    const members = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    return Object.entries(desired).every(([name, value]) => matchesDesired(members.get(name.toLowerCase()), value));
  }
  if (typeof desired === 'string' && typeof actual === 'string') return sameText(actual, desired);
  return actual === desired;
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
