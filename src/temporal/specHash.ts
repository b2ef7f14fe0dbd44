import { createHash } from 'node:crypto';
import type { Json, Spec } from '../domain/environment.ts';

/** Sorts members at every level, so that equal values have one text. */
export function sortMembers(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortMembers(member)]),
  );
}

/**
 * Hash of the members that count when specs are compared: lease, owner, onFailure, onDrift, tryLocally and jumpbox do not. The jumpbox, its role
 * definition included, changes neither what is served nor its isolation, and a run that failed for it must continue with another one; so must one
 * that failed because the adopted resources had changed since the plan. 32 hexadecimal digits.
 */
export function specHash({
  ttl: _ttl,
  owner: _owner,
  onFailure: _onFailure,
  onDrift: _onDrift,
  tryLocally: _tryLocally,
  jumpbox: _jumpbox,
  adoptionDigest: _adoptionDigest,
  ...spec
}: Spec): string {
  return createHash('sha256')
    .update(JSON.stringify(sortMembers(spec as unknown as Json)))
    .digest('hex')
    .slice(0, 32);
}
