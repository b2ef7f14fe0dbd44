const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration like `90m`, `8h`, `3d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}

/** When a lease of this duration, given at `now` (ms since the epoch), ends: ISO 8601, UTC. Throws RangeError on a malformed duration. */
export function expiry(now: number, ttl: string): string {
  const duration = parseDuration(ttl);
  if (duration === undefined) throw new RangeError(`not a duration: ${ttl}`);
  return new Date(now + duration).toISOString();
}

/** Milliseconds since the epoch of an ISO 8601 time with its offset; undefined for anything else. A time without an offset would mean another instant in another time zone. */
export function parseInstant(text: string | null | undefined): number | undefined {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
