import { assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiresAfter, isExpired, parseDuration, tagsExpired } from '../../src/domain/lease.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');

describe('a duration', () => {
  it.each([
    ['90m', 5_400_000],
    ['8h', 28_800_000],
    ['3d', 259_200_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0h', '-1h', '1.5h', '8', 'h', '8H', '8 h', '1w', '08h', '1000000m'])('%j is not a duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(() => expiresAfter(noon, text)).toThrow(RangeError);
  });
});

describe('a lease', () => {
  it('expires its duration after its start, at a time in UTC', () => {
    expect(expiresAfter(noon, '90m')).toBe('2026-11-23T13:30:00.000Z');
  });

  it('is expired from its end, and not before', () => {
    const lease = { expiresAt: expiresAfter(noon, '1h'), protected: false };
    expect(isExpired(lease, noon + 3_599_999)).toBe(false);
    expect(isExpired(lease, noon + 3_600_000)).toBe(true);
  });

  it('is never expired while it is protected', () => {
    assert(
      property(nat(), (later) => !isExpired({ expiresAt: expiresAfter(noon, '1m'), protected: true }, noon + later)),
    );
  });

  it.each([null, '', 'soon', '2026-11-23', '2026-11-23T12:00:00', '1763899200'])(
    'is not expired when the tag is %j',
    (expiresAt) => {
      expect(tagsExpired({ expiresAt, protected: null }, Number.MAX_SAFE_INTEGER)).toBe(false);
    },
  );
});
