import { assert, integer, json as anyJson, property, string, stringMatching } from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLimitError } from '../../src/domain/jsonLimits.ts';

const limits = { depth: 3, values: 6, stringLength: 5, memberNameLength: 3 };
const wide = { depth: 1000, values: 1e6, stringLength: 1e6, memberNameLength: 1e6 };

test.each([
  ['{"a":[[1]]}', '{"a":[[[1]]]}', 'must be nested at most 3 levels deep'],
  ['[1,2,3,4,5]', '[1,2,3,4,5,6]', 'must have at most 6 values'],
  ['{"a":{"b":1,"c":[2,null]}}', '{"a":{"b":1,"c":[2,null,true]}}', 'must have at most 6 values'],
  ['"12345"', '"123456"', 'must not have a string of more than 5 characters'],
  [String.raw`"\u0031\u0032\n\"\\"`, String.raw`"\u0031\u0032\n\"\\6"`, 'must not have a string of more than 5'],
  ['{"abc":1}', '{"abcd":1}', 'must not have a member name of more than 3 characters'],
  ['[{"a":1},{"a":1}]', String.raw`{"a":1,"\u0061":2}`, 'must not have a member twice: a'],
  ['1e308', '1e400', 'must not have a number that loses its value as a 64-bit float: 1e400'],
  ['9007199254740992', '9007199254740993', 'must not have a number that loses its value'],
  // JSON.stringify writes the shortest digits that give the same value.
  ['123456789012345680000', '123456789012345683969', 'must not have a number that loses its value'],
  ['-0.0', '-1e-400', 'must not have a number that loses its value'],
  ['[1e20]', `[${'9'.repeat(400)}]`, 'must not have a number that loses its value'],
  [String.raw`"\ud83d\ude00"`, String.raw`"\ud83d"`, 'must not have an unpaired surrogate'],
])('accepts %s and refuses %s: %s', (accepted, refused, message) => {
  expect(jsonLimitError(accepted, limits)).toBeUndefined();
  expect(jsonLimitError(refused, limits)).toContain(message);
});

test('brackets, commas and escaped quotes inside strings do not count', () => {
  expect(jsonLimitError(String.raw`["[[[[", ",,,,", "\"[[\""]`, { ...wide, depth: 1, values: 4 })).toBeUndefined();
});

test('accepts whatever JSON.stringify writes, in any layout', () => {
  assert(
    property(anyJson({ stringUnit: 'grapheme' }), integer({ min: 0, max: 4 }), (json, indent) => {
      expect(jsonLimitError(JSON.stringify(JSON.parse(json), null, indent), wide)).toBeUndefined();
    }),
  );
});

test('an accepted text has the same value after a round trip', () => {
  const number = stringMatching(/^-?(0|[1-9][0-9]{0,30})(e-?[0-9]{1,3})?$/);
  assert(
    property(number, (text) => {
      if (jsonLimitError(text, wide) !== undefined) return;
      const value = JSON.parse(text) as number;
      expect(JSON.parse(JSON.stringify(value)) === value && Number.isFinite(value)).toBe(true);
      if (/^-?[0-9]+$/.test(text) && String(value) !== text) expect(BigInt(value)).toBe(BigInt(text));
    }),
  );
});

test('a text that is not JSON is left to the parser, in linear time and without recursion', () => {
  assert(property(string({ unit: 'binary' }), (text) => void jsonLimitError(text, wide)));
  expect(jsonLimitError('['.repeat(4_000_000), { ...wide, depth: 32 })).toContain('nested');
  expect(jsonLimitError(`"${'\\'.repeat(4_000_000)}`, { ...wide, stringLength: 1e7 })).toBeUndefined();
});
