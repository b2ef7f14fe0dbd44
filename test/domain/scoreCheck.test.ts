import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoresMatch } from '../../src/domain/scoreCheck.ts';
import type { Json } from '../../src/domain/environment.ts';

const json = jsonValue().map((value) => value as Json);

describe('a score', () => {
  it('matches the expected one when it is equal, for any JSON value', () => {
    assert(property(json, (value) => scoresMatch(value, JSON.parse(JSON.stringify(value)) as Json)));
  });

  it('may differ in the last digits of a number, as between library versions', () => {
    expect(scoresMatch([11055.977245525679], [11055.97724552568])).toBe(true);
    expect(scoresMatch([11055.977245525679], [11055.98])).toBe(true);
    expect(scoresMatch([11055.977245525679], [11056.1])).toBe(false);
    expect(scoresMatch(0, 1e-7)).toBe(true);
    expect(scoresMatch(0, 1e-5)).toBe(false);
  });

  it.each<[Json, Json]>([
    [[1, 2], [1]],
    [[1], [1, 2]],
    [[null], []],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{}, []],
    [{}, null],
    [1, '1'],
    ['a', 'b'],
    [null, false],
  ])('differs: %j and %j', (expected, actual) => {
    expect(scoresMatch(expected, actual)).toBe(false);
  });

  it('may have its members in any order', () => {
    expect(scoresMatch({ a: [1], b: { c: true } }, { b: { c: true }, a: [1] })).toBe(true);
  });
});
