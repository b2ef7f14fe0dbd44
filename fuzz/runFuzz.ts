import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '../chaos/installation.ts';
import { startCountingProxy } from './countingProxy.ts';
import type { CountingProxy } from './countingProxy.ts';

/** `open`: an API without keys; `key`: one that requires a key, which is sent; `noKey`: the same, without the key. */
export const modes = ['open', 'key', 'noKey'] as const;
type Mode = (typeof modes)[number];

export interface FuzzOptions {
  /** Python of the virtual environment with schemathesis */
  python: string;
  mode: Mode;
  /** at least so many */
  requests: number;
  seed: number;
  /** leaves out the phases that take minutes however few requests are wanted */
  short: boolean;
}

export interface FuzzResult {
  mode: Mode;
  requests: number;
  statuses: Record<number, number>;
  /** output of the rounds that found something */
  findings: string[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Operations of the document, about. */
const operations = 25;

/** What counts as a finding: 5xx, and any difference to the document. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Sends requests that schemathesis makes from docs/openapi.json to a Moat on the emulator, which is started for them. */
export async function runFuzz(options: FuzzOptions, log: (line: string) => void): Promise<FuzzResult> {
  const { mode, requests } = options;
  const directory = mkdtempSync(join(tmpdir(), 'moat-fuzz-'));
  const key = randomBytes(24).toString('base64url');
  const keysFile = join(directory, 'api-keys.txt');
  writeFileSync(keysFile, `ana ${createHash('sha256').update(key).digest('hex')} role=operator\n`);
  // Without a rate limit, which would answer most of the requests.
  const settings: Record<string, string> =
    mode === 'open' ? {} : { MOAT_API_KEYS_FILE: keysFile, MOAT_RATE_LIMIT: '0' };
  const installation = await startInstallation({ timeScale: '1/2000', workers: 1, settings, log });
  const proxy = await startCountingProxy(installation.url);
  const findings: string[] = [];
  try {
    while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok) await sleep(50);
    for (let round = 0; answersOf(proxy) < requests; round++) {
      const before = answersOf(proxy);
      const { code, output } = await schemathesis(options, round, proxy.url, mode === 'key' ? key : undefined);
      log(`${mode}: ${answersOf(proxy)} requests`);
      if (code !== 0) findings.push(output.replaceAll(key, '<key>'));
      // Without requests, the next round would not send any either.
      if (answersOf(proxy) === before) throw new Error(output);
    }
    if (proxy.serverErrors.length > 0) findings.push(proxy.serverErrors.join('\n'));
    if (installation.unexpectedExits.length > 0) findings.push(JSON.stringify(installation.unexpectedExits));
  } finally {
    proxy.close();
    await installation.close(false);
    rmSync(directory, { recursive: true });
  }
  return { mode, requests: answersOf(proxy), statuses: Object.fromEntries(proxy.statuses), findings };
}

const answersOf = ({ statuses }: CountingProxy): number =>
  [...statuses.values()].reduce((total, count) => total + count, 0);

/** One round; 0: it found nothing. */
async function schemathesis(
  { python, seed, requests, short }: FuzzOptions,
  round: number,
  url: string,
  key: string | undefined,
): Promise<{ code: number; output: string }> {
  // Examples and coverage send the same requests in each round.
  const phases = short ? 'fuzzing' : `${round === 0 ? 'examples,coverage,' : ''}fuzzing,stateful`;
  const perOperation = Math.min(50, Math.ceil(requests / operations));
  const settings = `--checks ${checks.join()} --phases ${phases} --seed ${seed + round} --max-examples ${perOperation}
    --workers 2 --request-timeout 60 --continue-on-failure --suppress-health-check all --warnings off
    --generation-database none --no-color`.split(/\s+/);
  const args = ['-m', 'schemathesis.cli', 'run', here('../docs/openapi.json'), '--url', url, ...settings];
  if (key !== undefined) args.push('--header', `Authorization: Bearer ${key}`);
  const env = { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: here('.'), PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, args, { env, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code: code ?? 1, output: output + errors };
}
