import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { criticalPath, timedSequence } from '../../bench/criticalPath.ts';
import type { TimedTask } from '../../bench/criticalPath.ts';
import { readOptions } from '../../bench/options.ts';
import { secondsInSeries, secondsInTemplates } from '../../bench/otherOrders.ts';
import type { Part } from '../../bench/part.ts';
import { runBench } from '../../bench/runBench.ts';
import { fitLine, median, quantile } from '../../bench/statistics.ts';
import { terminalTable } from '../../bench/table.ts';

const task = (name: string, seconds: number, ...needs: TimedTask[]): TimedTask => ({ task: name, seconds, needs });

describe('statistics', () => {
  it('takes quantiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1), median([3, 1, 2])]).toEqual([
      50, 99, 100, 2,
    ]);
    expect(() => median([])).toThrow(RangeError);
  });

  it('fits a line', () => {
    expect(fitLine([[0, 1], [1, 3], [2, 5]])).toEqual({ slope: 2, intercept: 1 }); // prettier-ignore
    expect(() =>
      fitLine([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow(RangeError);
  });
});

describe('other orders of the same tasks', () => {
  it('a template ends before a script starts, and the next one starts when the scripts have ended', () => {
    const network = task('ensure:network', 10);
    const slow = task('ensure:workspace', 100, network);
    const machine = task('ensure:machine', 20, network);
    const script = task('run:setUp', 30, machine);
    const deployment = task('ensure:deployment', 50, script, slow);
    const sequence = [network, slow, machine, script, deployment];
    // 10 + 100 in the first template, 30 on the machine, 50 in the second template
    expect(secondsInTemplates(sequence)).toBe(190);
    expect(secondsInSeries(sequence)).toBe(210);
  });

  it('of the real sequence no order is shorter than the critical path', () => {
    const sequence = timedSequence();
    const { seconds, tasks } = criticalPath();
    expect(tasks).toContain('ensure:deployment');
    expect(secondsInTemplates(sequence)).toBeGreaterThan(seconds);
    expect(secondsInSeries(sequence)).toBeGreaterThan(secondsInTemplates(sequence));
  });
});

const part = (name: string, value: number): Part => ({
  name,
  title: `Part ${name}`,
  about: 'How to read it.',
  inShort: true,
  run: async () => ({
    rows: [{ measure: 'CPU', value, unit: 's', goal: { atMost: 2 } }],
    curves: [{ file: `curve-${name}`, title: 'CPU', x: 'size', y: 's', series: [{ name: 'one', points: [[1, 2], [2, 4]] }] }], // prettier-ignore
  }),
});

describe('a benchmark', () => {
  const io = { log: () => {}, print: () => {}, signal: new AbortController().signal };

  it('writes page, curves and JSON, reports exceeded limits, and resumes with the parts that are missing', async () => {
    const output = mkdtempSync(join(tmpdir(), 'moat-bench-test-'));
    const options = readOptions(['--output', output, '--resume'], ['a', 'b'])!;
    const failing: Part = { ...part('b', 1), run: () => Promise.reject(new Error('no emulator')) };
    const first = await runBench([part('a', 3), failing], options, io);
    expect([first.missed.map(({ value }) => value), first.failed]).toEqual([[3], ['b']]);
    const second = await runBench([part('a', 1), part('b', 1)], options, io);
    expect([second.missed, second.failed]).toEqual([[], []]);
    // a was kept
    expect(second.results['a']!.rows[0]!.value).toBe(3);
    expect(readdirSync(output).toSorted()).toEqual(['README.md', 'curve-a.svg', 'curve-b.svg', 'results.json']);
    const page = readFileSync(join(output, 'README.md'), 'utf8');
    expect(page).toContain('| CPU | 3 s | at most 2 | **no** |');
    expect(page).toContain('![CPU](curve-a.svg)');
    expect(readFileSync(join(output, 'curve-a.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<path [\s\S]*<\/svg>\n$/);
    rmSync(output, { recursive: true });
  });

  it('marks a row that exceeds its limit', () => {
    const rows = [
      { measure: 'runs', value: 1234.5, unit: 'runs', goal: { atLeast: 2000 } },
      { measure: 'CPU', value: 0.12345, unit: 's' },
    ];
    const [missed, plain] = terminalTable(rows).split('\n');
    expect(missed).toMatch(/^MISSED {2}runs +1,235 runs {2}at least 2,000$/);
    expect(plain).toMatch(/CPU +0\.123 s$/);
  });

  it('refuses unknown parts and sizes', () => {
    expect(() => readOptions(['--only', 'a,c'], ['a', 'b'])).toThrow('no such part: c; there are a, b');
    expect(() => readOptions(['--fleets', '10,x'], ['a'])).toThrow('--fleets must be positive integers');
    expect(readOptions(['--help'], ['a'])).toBeUndefined();
  });
});
