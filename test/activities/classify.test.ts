import { describe, expect, test } from 'vitest';
import { classify, findRow } from '../../src/activities/errors/classify.ts';
import { failureRows } from '../../src/activities/errors/failureRows/index.ts';
import { environmentValues, fillIn } from '../../src/domain/remedies.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { cases, error } from './failureCases.ts';

const ref = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7' };
const idOf = (key: ResourceKey | undefined): string | null => (key ? plannedResource(ref, key).id : null);

describe('ARM’s code and message decide the reaction:', () => {
  test.each(cases)('%s', (_sentence, input, type, action, on) => {
    expect(classify(error(input), idOf(on))).toMatchObject({ type, action });
  });
});

test('Every row of the table has a case.', () => {
  const input = new Set(cases.map(([, one, , , on]) => findRow(error(one), idOf(on))?.row));
  expect(failureRows.filter((one) => !input.has(one)).map(({ codes, text, on }) => [codes[0], text, on])).toEqual([]);
});

test('No row is shadowed by an earlier one.', () => {
  const plain = failureRows.filter(({ text, on }) => !text && !on);
  const codes = plain.flatMap((one) => one.codes.map((code) => `${code} ${one.where}`));
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

/** A member of the spec, a setting, or a command that clears or shows the cause. */
const namesWhatToChange =
  /"(name|suffix|location|instanceType|model|jumpbox|workspacePublicNetworkAccess)"|AZURE_SUBSCRIPTION_ID|\baz [a-z]+ |provision fewer|managed identity/;

test('Every remedy of the table names what to change: not the activity log.', () => {
  const remedies = cases.flatMap(([sentence, input, , , on]) => {
    const found = findRow(error(input), idOf(on));
    return found ? [[sentence, classify(error(input), idOf(on)).remedy] as const] : [];
  });
  const vague = remedies.filter(
    ([, remedy]) => !namesWhatToChange.test(remedy.replaceAll(/az monitor activity-log[^;]*/g, '')),
  );
  expect(vague).toEqual([]);
});

test('Commands of remedies have the names of the environment, so that they can be copied.', () => {
  const known = Object.keys(environmentValues(ref));
  for (const { remedy } of failureRows)
    expect(fillIn(remedy, environmentValues(ref))).not.toMatch(new RegExp(`<(${known.join('|')})>`));
  expect(fillIn('az … --name <endpoint> --ids <unknown>', environmentValues(ref))).toBe(
    'az … --name churn1-k3x9a0q7 --ids <unknown>',
  );
});
