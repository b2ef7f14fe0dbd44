import { expect, it } from 'vitest';
import { chaos } from '../../chaos/chaos.ts';
import { plan } from '../../chaos/plan.ts';

const options = { runs: 6, concurrency: 6, timeScale: '1/5000', faults: true, throttling: true, keep: false };

const decided = (seed: number) => plan({ runs: 6, seed });

it('decides the same for the same seed, and something else for another', () => {
  expect(decided(1).runs).toEqual(decided(1).runs);
  expect(decided(1).kill(5)).toEqual(decided(1).kill(5));
  expect(decided(1).hash).not.toBe(decided(2).hash);
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
