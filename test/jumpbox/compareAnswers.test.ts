import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bash, InMemoryFs } from 'just-bash';
import { afterAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/domain/scoreCheck.ts';
import { defaultTolerance } from '../../src/domain/scoreCheck.ts';

const source = readFileSync(new URL('../../src/jumpbox/compare-answers.sh', import.meta.url), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'moat-compare-'));
afterAll(() => rmSync(work, { recursive: true }));

type Tolerance = typeof defaultTolerance;
type Compare = (expected: string, actual: string, tolerance?: Tolerance) => Promise<Comparison>;

const script = (directory: string, { relative, absolute }: Tolerance): string =>
  `set -euo pipefail\nwork=${directory}\n${source}\ncompare_answers $work/e $work/a ${relative} ${absolute}`;

/** With the bash, sed and jq of this machine, as on an Ubuntu jumpbox. */
const inRealBash: Compare = async (expected, actual, tolerance = defaultTolerance) => {
  writeFileSync(join(work, 'e'), expected);
  writeFileSync(join(work, 'a'), actual);
  return JSON.parse(execFileSync('bash', ['-c', script(work, tolerance)], { encoding: 'utf8' })) as Comparison;
};

/** With the shell of the emulated jumpbox. */
const inEmulator: Compare = async (expected, actual, tolerance = defaultTolerance) => {
  const fs = new InMemoryFs();
  fs.mkdirSync('/answers', { recursive: true });
  fs.writeFileSync('/answers/e', expected);
  fs.writeFileSync('/answers/a', actual);
  const { stdout, stderr } = await new Bash({ fs, defenseInDepth: false }).exec(script('/answers', tolerance), {
    rawScript: true,
  });
  return JSON.parse(stdout || JSON.stringify(stderr)) as Comparison;
};

const alike: [string, string][] = [
  ['[1]', '[1.0]'],
  ['[1.0, 0.0, 4.0]', '[1,0,4]'],
  ['[11055.977245525679]', '[11055.97724552568]'],
  ['0', '-0'],
  ['0', '-1.1e-16'],
  ['{"a":[1],"b":{"c":true}}', '{ "b": {"c": true}, "a": [1] }\n'],
  [String.raw`[1,"\u00e9 \"q\" \\"]`, '[1, "é \\"q\\" \\\\"]'],
  ['["#1","$1","NaN",""]', '["#1", "$1", "NaN", ""]'],
  ['not JSON', 'not JSON'],
  ['[1e400]', '[1e400]'],
];

const different: [string, string, string, string, string][] = [
  ['[1e-9]', '[5e-7]', '$[0]', '1e-9', '5e-7'],
  ['[3e-7]', '[9e-7]', '$[0]', '3e-7', '9e-7'],
  ['[0.1234567]', '[0.12345682]', '$[0]', '0.1234567', '0.12345682'],
  ['[9007199254740993]', '[9007199254740992]', '$[0]', '9007199254740993', '9007199254740992'],
  ['[10000001]', '[10000002]', '$[0]', '10000001', '10000002'],
  ['[1e400]', '[5]', '$[0]', '1e400', '5'],
  ['{"a":[1,{"b c":"x"}]}', '{"a":[1,{"b c":"y"}]}', '$.a[1]["b c"]', '"x"', '"y"'],
  ['{"a":1}', '{"a":1,"b":2}', '$.b', 'no such member', '2'],
  ['{"a":1,"b":2}', '{"a":1}', '$.b', '2', 'no such member'],
  ['[1,2,3]', '[1,2]', '$', 'an array of 3 items', 'an array of 2 items'],
  ['[true,null]', '[true,false]', '$[1]', 'null', 'false'],
  ['["#1"]', '["$1"]', '$[0]', '"#1"', '"$1"'],
  ['[{"label":"cat"}]', '[["cat"]]', '$[0]', 'an object with the members label', 'an array of 1 items'],
];

const verdicts: [string, string, Comparison][] = [
  ['[1,2]', '{"result":[1,2]}', { verdict: 'envelope', member: 'result' }],
  ['{"result":[1,2]}', '[1,2]', { verdict: 'noEnvelope', member: 'result' }],
  ['[1,2]', '"[1,2]"', { verdict: 'jsonInString' }],
  ['[1]', '"could not convert string to float: \'a\'"', { verdict: 'errorText' }],
  ['[1]', '{"error":"ValueError: boom"}', { verdict: 'errorText' }],
  ['[1]', '[NaN]', { verdict: 'notFinite', number: 'NaN' }],
  ['[1]', '[-Infinity]', { verdict: 'notFinite', number: '-Infinity' }],
  ['[1]', 'Traceback (most recent call last):', { verdict: 'notJson' }],
  ['[1]', '', { verdict: 'notJson' }],
  ['[1]', '[01]', { verdict: 'notJson' }],
  ['[1]', '[1] [1]', { verdict: 'notJson' }],
  ['[1]', '[1', { verdict: 'notJson' }],
  ['not JSON', 'nor this', { verdict: 'otherBytes' }],
];

describe.each([
  ['the bash and jq of this machine', inRealBash],
  ['the emulated jumpbox', inEmulator],
])('answers compared by %s', (_where, compare) => {
  test.each(alike)('%s is alike %s', async (expected, actual) => {
    expect(await compare(expected, actual)).toEqual({ verdict: 'alike' });
  });

  test.each(different)('%s differs from %s at %s', async (expected, actual, path, is, got) => {
    expect(await compare(expected, actual)).toEqual({ verdict: 'differs', path, expected: is, actual: got });
  });

  test.each(verdicts)('expected %s, answered %s', async (expected, actual, verdict) => {
    expect(await compare(expected, actual)).toEqual(verdict);
  });

  test('the tolerances decide: the relative one for floats, the absolute one for integers too', async () => {
    const wide = { relative: 0.1, absolute: 0 };
    expect(await compare('[0.1234567]', '[0.12345682]', { relative: 1e-6, absolute: 0 })).toEqual({ verdict: 'alike' });
    expect(await compare('[100.5]', '[110.1]', wide)).toEqual({ verdict: 'alike' });
    expect(await compare('[100]', '[101]', wide)).toMatchObject({ verdict: 'differs' });
    expect(await compare('[100]', '[101]', { relative: 0, absolute: 1 })).toEqual({ verdict: 'alike' });
    expect(await compare('[0]', '[1e-17]', { relative: 1, absolute: 0 })).toMatchObject({ verdict: 'differs' });
  });

  test('a long answer is compared whole', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => Math.sin(index));
    const changed = [...numbers.slice(0, -1), 7.5];
    expect(await compare(JSON.stringify(numbers), JSON.stringify(numbers, null, 1))).toEqual({ verdict: 'alike' });
    expect(await compare(JSON.stringify(numbers), JSON.stringify(changed))).toMatchObject({
      path: '$[4999]',
      actual: '7.5',
    });
  });
});
