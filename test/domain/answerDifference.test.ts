import { expect, it } from 'vitest';
import { answerDifference } from '../../src/domain/answerDifference.ts';
import type { Json } from '../../src/domain/environment.ts';

it.each<[string, Json, Json]>([
  ['numbers in six significant digits', [11055.977245525679], [11055.977245525]],
  ['1 and 1.0, in any order of members', { a: 1, b: [true, null] }, { b: [true, null], a: 1 }],
  ['zeros that come out as 1e-17', [0], [1e-17]],
])('%s agree', (_, from, to) => {
  expect(answerDifference(from, to)).toBeNull();
});

it.each<[string, Json, Json, object]>([
  ['a number', [1.5, 2.5], [1.5, 2.6], { path: '$[1]', from: 2.5, to: 2.6 }],
  ['an integer, exactly', { label: 1_000_000 }, { label: 1_000_001 }, { path: '$.label', to: 1_000_001 }],
  ['the length of a list', [1], [1, 2], { path: '$.length', from: 1, to: 2 }],
  ['a member that is absent', { a: 1 }, {}, { path: '$.a', from: 1, to: null }],
  ['a type', { a: [1] }, { a: '1' }, { path: '$.a' }],
])('the first difference is named: %s', (_, from, to, difference) => {
  expect(answerDifference(from, to)).toMatchObject(difference);
});

it('numbers agree within the tolerance of the model', () => {
  expect(answerDifference([1.5], [1.501])).not.toBeNull();
  expect(answerDifference([1.5], [1.501], { relative: 1e-2 })).toBeNull();
});
