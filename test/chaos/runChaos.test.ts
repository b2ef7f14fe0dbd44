import { expect, it } from 'vitest';
import { runChaos } from '../../chaos/runChaos.ts';
import { plan, stepEdges, writeSides } from '../../chaos/plan.ts';
import { allowedVariants, broughtSets } from '../../chaos/variants.ts';

const options = {
  runs: 6,
  concurrency: 6,
  timeScale: '1/5000',
  faults: true,
  throttling: true,
  variants: false,
  keep: false,
};

const planOf = (seed: number) => plan({ runs: 6, seed });

it('derives equal plans from equal seeds and different plans from different seeds', () => {
  expect(planOf(1).runs).toEqual(planOf(1).runs);
  expect(planOf(1).kill(5)).toEqual(planOf(1).kill(5));
  expect(planOf(1).hash).not.toBe(planOf(2).hash);
});

it('plans kills on both sides of every kind of write and at both edges of every step', () => {
  const { kill } = plan({ runs: 6, seed: 1 });
  const all = Array.from({ length: 2 * writeSides.length }, (_, n) => kill(n).when);
  for (const side of writeSides) expect(all).toContainEqual({ kind: 'write', ...side });
  for (const edge of stepEdges) expect(all).toContainEqual({ kind: 'step', ...edge });
  expect(writeSides).toContainEqual({ method: 'DELETE', type: 'Microsoft.KeyVault/vaults', side: 'after' });
});

it('varies what no rule refuses, and uses every kind of existing resource', () => {
  const runs = plan({ runs: 400, seed: 1, variants: true }).runs;
  const used = new Set(runs.map(({ variant }) => JSON.stringify({ ...variant, tryLocally: false, outboundRules: [] })));
  expect(allowedVariants.length).toBeGreaterThan(50);
  expect(used.size).toBeGreaterThan(allowedVariants.length / 2);
  expect(new Set(runs.map(({ brought }) => brought))).toEqual(new Set(Object.keys(broughtSets)));
});

it('includes a possible sender or the emulator in every kill around a write', () => {
  const { kill } = plan({ runs: 6, seed: 1 });
  const aroundWrites = Array.from({ length: 200 }, (_, n) => kill(n)).filter(({ when }) => when.kind === 'write');
  expect(aroundWrites).toHaveLength(100);
  for (const { processes } of aroundWrites)
    expect(processes.includes('emulator') || (processes.includes('worker') && processes.includes('worker2'))).toBe(
      true,
    );
});

it('finds no violation after lost answers, throttling and failed operations', { timeout: 240_000 }, async () => {
  const log: string[] = [];
  const report = await runChaos(
    { ...options, seed: 11, kills: false },
    (line) => log.push(line),
    new AbortController().signal,
  );
  expect(report.findings, log.join('\n')).toEqual([]);
  expect(report.completed).toBe(6);
});

it('finds no violation after kills of every process as well', { timeout: 300_000 }, async () => {
  const log: string[] = [];
  const report = await runChaos(
    { ...options, seed: 12, kills: true },
    (line) => log.push(line),
    new AbortController().signal,
  );
  expect(report.findings, log.join('\n')).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
});

it(
  'finds no violation at time scale 1/60, where polls pass through Temporal’s retries',
  { timeout: 240_000 },
  async () => {
    const log: string[] = [];
    const report = await runChaos(
      { ...options, runs: 2, concurrency: 2, timeScale: '1/60', seed: 13, scenario: 'provision', kills: false },
      (line) => log.push(line),
      new AbortController().signal,
    );
    expect(report.findings, log.join('\n')).toEqual([]);
    expect(report.outcomes).toEqual({ 'provision: ready': 2 });
  },
);
