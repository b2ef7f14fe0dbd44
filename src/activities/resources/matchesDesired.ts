/**
 * Whether a resource has every desired member with its desired value. Ignores members that Azure added, the order of lists, and the case
 * of ids, locations and enumerations. Items of a list are matched by name where they have one. A list that is desired empty must be empty or absent.
 */
export function matchesDesired(actual: unknown, desired: unknown): boolean {
  if (desired === undefined) return true;
  if (Array.isArray(desired)) {
    if (desired.length === 0) return actual === undefined || actual === null || (actual as unknown[]).length === 0;
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
  /** names of the members, outermost first; list items by their name where they have one */
  path: readonly string[];
  desired: unknown;
  actual: unknown;
}

/**
 * The members that the resource has with another value than the desired one. Unlike `matchesDesired`, it ignores members and list items that the
 * resource lacks: ARM does not return every member that it accepts.
 */
export function differencesFrom(actual: unknown, desired: unknown, path: readonly string[] = []): Difference[] {
  if (actual === undefined || actual === null || desired === undefined || matchesDesired(actual, desired)) return [];
  if (Array.isArray(desired)) return listDifferences(actual, desired, path);
  if (typeof desired === 'object' && desired !== null && typeof actual === 'object') {
    const members = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    return Object.entries(desired).flatMap(([name, value]) =>
      differencesFrom(members.get(name.toLowerCase()), value, [...path, name]),
    );
  }
  return [{ path, desired, actual }];
}

function listDifferences(actual: unknown, desired: readonly unknown[], path: readonly string[]): Difference[] {
  if (!Array.isArray(actual)) return [];
  return desired.flatMap((item) => {
    const name = nameOf(item);
    const [found] = name === undefined ? [] : candidates(actual, item);
    return differencesFrom(found, item, [...path, name ?? '']);
  });
}

/**
 * What a PUT of the desired state changes: unlike `differencesFrom`, also members and list items that the resource lacks (`actual` undefined), and
 * named list items that the desired list does not have (`desired` undefined), because a PUT replaces lists.
 */
export function changesFrom(actual: unknown, desired: unknown, path: readonly string[] = []): Difference[] {
  if (Array.isArray(desired) && Array.isArray(actual) && isNamedList(desired)) {
    const removed = actual.filter((one) => nameOf(one) !== undefined && candidates(desired, one).length === 0);
    return [
      ...desired.flatMap((item) => changesFrom(candidates(actual, item)[0], item, [...path, nameOf(item)!])),
      ...removed.map((one) => ({ path: [...path, nameOf(one)!], actual: nameOf(one), desired: undefined })),
    ];
  }
  if (matchesDesired(actual, desired)) return [];
  if (!isObject(desired) || !isObject(actual) || Array.isArray(desired)) return [{ path, desired, actual }];
  const members = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  return Object.entries(desired).flatMap(([name, value]) =>
    changesFrom(members.get(name.toLowerCase()), value, [...path, name]),
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isNamedList = (list: readonly unknown[]): boolean =>
  list.length > 0 && list.every((one) => nameOf(one) !== undefined);

/** A copy of the desired state with the actual values of some members. */
export function withActualValues(desired: unknown, accepted: readonly Difference[]): unknown {
  if (accepted.length === 0) return desired;
  const [own] = accepted.filter(({ path }) => path.length === 0);
  if (own) return own.actual;
  const below = (name: string): Difference[] =>
    accepted.filter(({ path }) => path[0] === name).map((one) => ({ ...one, path: one.path.slice(1) }));
  if (Array.isArray(desired)) return desired.map((item: unknown) => withActualValues(item, below(nameOf(item) ?? '')));
  return Object.fromEntries(
    Object.entries(desired as object).map(([name, value]) => [name, withActualValues(value, below(name))]),
  );
}
