import { describe, expect, test } from 'vitest';
import { failureRows } from '../../src/activities/errors/failureRows.ts';
import { classify, matchingRow } from '../../src/activities/errors/classify.ts';
import { cases, error } from './failureCases.ts';

describe('ARM’s code and message decide the reaction:', () => {
  test.each(cases)('%s', (_sentence, input, type, action) => {
    expect(classify(error(input))).toMatchObject({ type, action });
  });
});

test('Every row of the table has a case.', () => {
  const input = new Set(cases.map(([, one]) => matchingRow(error(one))));
  expect(failureRows.filter((one) => !input.has(one)).map(({ codes, text }) => [codes[0], text])).toEqual([]);
});

test('No row is shadowed by an earlier one.', () => {
  const plain = failureRows.filter(({ text }) => !text);
  const codes = plain.flatMap((one) => one.codes.map((code) => `${code} ${one.where}`));
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

test('Every permanent failure has a remedy.', () => {
  for (const [sentence, input] of cases)
    expect(classify(error(input)).remedy, sentence).toMatch(/\b(az [a-z]|POST|DELETE|set AZURE|Azure portal)/);
});
