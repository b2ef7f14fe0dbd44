import { expect, it } from 'vitest';
import { chaos } from '../../chaos/chaos.ts';
import { plan, stepEdges, writeSides } from '../../chaos/plan.ts';

const options = { runs: 6, concurrency: 6, timeScale: '1/5000', faults: true, throttling: true, keep: false };

const decided = (seed: number) => plan({ runs: 6, seed });

it('decides the same for the same seed, and something else for another', () => {
  expect(decided(1).runs).toEqual(decided(1).runs);
  expect(decided(1).kill(5)).toEqual(decided(1).kill(5));
  expect(decided(1).hash).not.toBe(decided(2).hash);
});

it('plans kills on both sides of every kind of write, and at both edges of every step', () => {
  const { kill } = plan({ runs: 6, seed: 1 });
  const all = Array.from({ length: 2 * writeSides.length }, (_, n) => kill(n).when);
  for (const side of writeSides) expect(all).toContainEqual({ kind: 'write', ...side });
  for (const edge of stepEdges) expect(all).toContainEqual({ kind: 'step', ...edge });
  expect(writeSides).toContainEqual({ method: 'DELETE', type: 'Microsoft.KeyVault/vaults', side: 'after' });
});

it('kills around a write strike who may send it, or who executes it', () => {
  const { kill } = plan({ runs: 6, seed: 1 });
  const struck = Array.from({ length: 200 }, (_, n) => kill(n)).filter(({ when }) => when.kind === 'write');
  expect(struck).toHaveLength(100);
  for (const { parts } of struck)
    expect(parts.includes('emulator') || (parts.includes('worker') && parts.includes('worker2'))).toBe(true);
});

it('accounts for everything after lost answers, throttling and failed operations', { timeout: 120_000 }, async () => {
  const said: string[] = [];
  const report = await chaos(
    { ...options, seed: 11, kills: false },
    (line) => said.push(line),
    new AbortController().signal,
  );
  expect(report.findings, said.join('\n')).toEqual([]);
  expect(report.told).toBe(6);
});

it('accounts for everything after kills of every part as well', { timeout: 180_000 }, async () => {
  const said: string[] = [];
  const report = await chaos(
    { ...options, seed: 12, kills: true },
    (line) => said.push(line),
    new AbortController().signal,
  );
  expect(report.findings, said.join('\n')).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
});
