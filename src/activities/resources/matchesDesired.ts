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

/** A member whose value is not the desired one. */
export interface Difference {
  /** names of the members, outermost first, joined by dots; list items by their name where they have one */
  path: string;
  desired: unknown;
  actual: unknown;
}

/**
 * The first member that the resource has with another value than the desired one. Unlike `matchesDesired`, it ignores members and list
 * items that the resource lacks: ARM does not return every member that it accepts.
 */
export function differenceFrom(
  actual: unknown,
  desired: unknown,
  path: readonly string[] = [],
): Difference | undefined {
  if (actual === undefined || actual === null || desired === undefined || matchesDesired(actual, desired))
    return undefined;
  if (Array.isArray(desired)) return listDifference(actual, desired, path);
  if (typeof desired === 'object' && desired !== null && typeof actual === 'object') {
    const members = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    for (const [name, value] of Object.entries(desired)) {
      const found = differenceFrom(members.get(name.toLowerCase()), value, [...path, name]);
      if (found) return found;
    }
    return undefined;
  }
  return { path: path.join('.'), desired, actual };
}

function listDifference(actual: unknown, desired: readonly unknown[], path: readonly string[]): Difference | undefined {
  for (const item of Array.isArray(actual) ? desired : []) {
    const name = nameOf(item);
    const [found] = name === undefined ? [] : candidates(actual as unknown[], item);
    const difference = differenceFrom(found, item, [...path, name ?? '']);
    if (difference) return difference;
  }
  return undefined;
}
