import { expect, test } from 'vitest';
import { durationText as inCommandLine } from '../../src/cli/output/text.ts';
import { durationText as inConsole } from '../../web/src/components/durationText.ts';

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [120_000, '2 m'],
  [243_000, '4 m 03 s'],
  [7_920_000, '2 h 12 m'],
  [86_400_000 + 3_600_000, '1 d 01 h'],
])('%d ms are written in the same way in the console and on the command line: %s', (milliseconds, text) => {
  expect([inConsole(milliseconds), inCommandLine(milliseconds)]).toEqual([text, text]);
});
