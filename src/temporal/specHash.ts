import { createHash } from 'node:crypto';
import type { Json, Spec } from '../domain/environment.ts';

/** Members sorted at every level, so that equal values have one text. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
}

/** Of what counts when specs are compared: lease, owner and what to do on failure do not. 32 hexadecimal digits. */
export function specHash({ ttl: _ttl, owner: _owner, onFailure: _onFailure, ...spec }: Spec): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(spec as unknown as Json)))
    .digest('hex')
    .slice(0, 32);
}
