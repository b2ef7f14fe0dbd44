import type { Lease } from './environment.ts';
import type { GroupTags } from './groupTags.ts';

/** A duration like `90m`, `8h` or `3d`, as a pattern for JSON Schema. */
export const durationPattern = '^[1-9][0-9]{0,5}[mhd]$';
const duration = new RegExp(durationPattern);

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration like `90m`, `8h`, `3d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return duration.test(text) ? Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs] : undefined;
}

/** A duration like `90m`, `8h` or `3d` of so many milliseconds, in the greatest unit that is exact. */
export function durationOf(milliseconds: number): string {
  const [unit, size] =
    Object.entries(unitMs).findLast(([, one]) => milliseconds > 0 && milliseconds % one === 0) ??
    (['m', unitMs.m] as const);
  return `${milliseconds / size}${unit}`;
}

/** The expiry of a lease of duration `ttl` that starts at `now` (ms since the epoch): ISO 8601, UTC. Throws RangeError on a malformed duration. */
export function expiresAfter(now: number, ttl: string): string {
  const milliseconds = parseDuration(ttl);
  if (milliseconds === undefined) throw new RangeError(`not a duration: ${ttl}`);
  return new Date(now + milliseconds).toISOString();
}

/** Milliseconds since the epoch of an ISO 8601 time with its offset; undefined for anything else. A time without an offset would mean another instant in another time zone. */
export function parseInstant(text: string | null | undefined): number | undefined {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return undefined;
  const instant = Date.parse(text.toUpperCase());
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whether a lease has expired at `now` (ms since the epoch) and is not protected. */
export const isExpired = (lease: Pick<Lease, 'expiresAt' | 'protected'>, now: number): boolean =>
  !lease.protected && Date.parse(lease.expiresAt) <= now;

/** Like `isExpired`, for the group's tags: an invalid time never expires. */
export function tagsExpired(tags: { expiresAt: string | null; protected: string | null }, now: number): boolean {
  const expiresAt = parseInstant(tags.expiresAt);
  return expiresAt !== undefined && expiresAt <= now && !isProtectedTag(tags.protected);
}

/** A tag protects unless it is empty or says `false`. */
export const isProtectedTag = (tag: string | null): boolean =>
  tag !== null && tag !== '' && tag.toLowerCase() !== 'false';

/** The group's tags of a lease: the value of `moat-protected` is the reason for the protection. */
export const leaseTags = (lease: Lease): GroupTags => ({
  expiresAt: lease.expiresAt,
  markedAt: lease.markedAt,
  protected: lease.protected ? (lease.reason ?? 'true') : null,
});

/** How many environments have a lease that expired at least so many hours ago. */
export interface ExpiredLeases {
  hours: number;
  count: number;
}
