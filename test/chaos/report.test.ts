import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildInternetRule } from '../../src/domain/resources.ts';
import { openInternet } from '../../chaos/invariants.ts';
import { subscriptionId } from '../../chaos/installation.ts';
import { publishReport } from '../../chaos/report.ts';
import type { Report } from '../../chaos/report.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moat-chaos-report-'));
});
afterAll(() => rm(directory, { recursive: true }));

const clean: Report = {
  seed: 7,
  plan: 'a1b2c3d4e5f6',
  runs: 3,
  completed: 3,
  seconds: 41.6,
  outcomes: { 'provision: ready': 2, 'cancel: cancelled': 1 },
  missed: 0,
  refused: 0,
  ignoredRefusals: 0,
  kills: { worker: 2, api: 0 },
  killPoints: { writes: 1, steps: 1 },
  faults: { reset: 5, 503: 4 },
  creates: 90,
  updates: 3,
  throttled: { taken: 1200, refused: 7 },
  conflicts: 11,
  secretsKnown: 21,
  temporal: { 'environment Completed': 3 },
  findings: [],
};

const { id, type } = buildInternetRule({ subscriptionId, name: 'planted', location: 'westus2', suffix: 'abcd' });
const violated: Report = { ...clean, findings: openInternet('planted', [{ id, type, state: 'Succeeded' }]) };

async function publish(report: Report): Promise<{ code: number; table: string; json: unknown }> {
  const file = join(directory, 'report.json');
  const printed: string[] = [];
  const code = await publishReport(report, file, (text) => printed.push(text));
  return { code, table: printed.join('\n'), json: JSON.parse(await readFile(file, 'utf8')) };
}

const rowOf = (table: string, label: string): string | undefined =>
  table
    .split('\n')
    .find((line) => line.startsWith(`  ${label} `))
    ?.slice(label.length + 2)
    .trim();

it('without findings: exit code 0, the counts in table and JSON', async () => {
  const { code, table, json } = await publish(clean);
  expect(code).toBe(0);
  expect(json).toEqual(clean);
  expect(table).toContain('chaos: seed 7, plan a1b2c3d4e5f6, 3 of 3 runs in 42 s');
  expect(rowOf(table, 'provision: ready')).toBe('2');
  expect(rowOf(table, 'kills')).toBe('worker 2, api 0');
  expect(rowOf(table, 'requests / refused by ARM’s token buckets')).toBe('1200 / 7');
  expect(rowOf(table, 'secrets in answers, histories or logs')).toBe('0 (21 known)');
  expect(table.split('\n').at(-1)).toBe('no findings');
});

it('with a planted violation: exit code 1, the finding in table and JSON', async () => {
  const { code, table, json } = await publish(violated);
  expect(code).toBe(1);
  expect(json).toMatchObject({ findings: [{ kind: 'openInternet', name: 'planted' }] });
  expect(rowOf(table, 'remaining build-time Internet rules')).toBe('1');
  expect(rowOf(table, 'failed workflow tasks')).toBe('0');
  expect(table).toMatch(/^ {2}! openInternet planted: .*AllowInternetWhileBuilding/m);
  expect(table.split('\n').at(-1)).toBe('1 findings');
});

const main = (...args: string[]): Promise<{ stdout: string; code?: number; stderr: string }> =>
  promisify(execFile)(process.execPath, ['chaos/main.ts', ...args]).catch((error: unknown) => error as never);

it('prints its options with --help', async () => {
  const { stdout } = await main('--help');
  expect(stdout).toMatch(/^Usage: npm run chaos/);
  expect(stdout).toContain('--scenario NAME');
});

it.each([
  ['--runs', 'none', '--runs must be a positive integer, not none'],
  ['--kills', 'maybe', '--kills must be on or off, not maybe'],
  ['--scenario', 'unheard', 'unknown scenario unheard'],
])('refuses %s %s with exit code 2', async (option, value, message) => {
  const { code, stderr } = await main(option, value);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
