import { expect, it } from 'vitest';
import { readOptions } from '../../bench/options.ts';
import { parts } from '../../bench/parts.ts';
import { runBench } from '../../bench/runBench.ts';

it('the short benchmark stays within its wide limits', { timeout: 400_000 }, async () => {
  const options = readOptions(
    ['--short'],
    parts.map(({ name }) => name),
  )!;
  const lines: string[] = [];
  const add = (line: string): void => void lines.push(line);
  const signal = new AbortController().signal;
  const { missed, failed } = await runBench(parts, options, { log: add, print: add, signal });
  expect([failed, missed], lines.join('\n')).toEqual([[], []]);
});
