/** A parsed path below a subscription, in the caller's spelling. */
export interface Target {
  subscriptionId: string;
  group: string | undefined;
  /** id of what the type hangs on: the subscription, the group, or for an extension any resource */
  scope: string;
  /** e.g. `Microsoft.Network/virtualNetworks/subnets` */
  type: string;
  names: string[];
}

export const groupType = 'Microsoft.Resources/resourceGroups';

/** Segments of a path, decoded one by one. */
export const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

const is = (segment: string | undefined, word: string): boolean => segment?.toLowerCase() === word;

/**
 * Parses `/subscriptions/{s}[/resourceGroups/{g}][/providers/{ns}/{type}/{name}…]`. The last `providers` counts, so
 * that extensions (locks, role assignments) belong to whatever precedes it. Undefined when the path has no such form.
 */
export function parseTarget(path: string): Target | undefined {
  const segments = segmentsOf(path);
  const subscriptionId = segments[1];
  if (!is(segments[0], 'subscriptions') || subscriptionId === undefined) return undefined;
  const group = is(segments[2], 'resourcegroups') ? segments[3] : undefined;
  const provider = segments.findLastIndex(
    (segment, index) => index >= 2 && index % 2 === 0 && is(segment, 'providers'),
  );
  const subscription = `/subscriptions/${subscriptionId}`;
  if (provider === -1) {
    if (is(segments[2], 'resourcegroups') && segments.length <= 4)
      return { subscriptionId, group: undefined, scope: subscription, type: groupType, names: segments.slice(3) };
    return undefined;
  }
  const [namespace, ...pairs] = segments.slice(provider + 1);
  if (namespace === undefined || pairs.length === 0) return undefined;
  const types = pairs.filter((_, index) => index % 2 === 0);
  const names = pairs.filter((_, index) => index % 2 === 1);
  const scope = `/${segments.slice(0, provider).join('/')}`;
  return { subscriptionId, group, scope, type: [namespace, ...types].join('/'), names };
}

/** The id of what a target names; it must have as many names as types. */
export function idOf(scope: string, type: string, names: readonly string[]): string {
  if (type === groupType) return `${scope}/resourceGroups/${names[0]}`;
  const [namespace, ...types] = type.split('/');
  const pairs = types.flatMap((segment, index) => (names[index] === undefined ? [segment] : [segment, names[index]]));
  return `${scope}/providers/${namespace}/${pairs.join('/')}`;
}

/** How many names a resource of this type has: `a/b/c` is a child `c` of a `b`. */
export const depthOf = (type: string): number => type.split('/').length - 1;

/** The group of a resource, or undefined for a subscription-level resource. */
export const groupIdOf = (id: string): string | undefined =>
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];

/** The resource above a child, e.g. the virtual network of a subnet. */
export const parentIdOf = (id: string): string => id.split('/').slice(0, -2).join('/');

/** The last segment of an id. */
export const nameOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
