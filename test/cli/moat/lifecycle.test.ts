import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Environment } from '../../e2e/support/client.ts';
import { until } from '../../e2e/support/until.ts';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';
import { runMoat, temporaryDirectory } from '../support/runMoat.ts';
import type { Finished } from '../support/runMoat.ts';

let moat: Moat;
let up: Finished;

const cli = (args: string[], stdin?: string) =>
  runMoat(args, { env: { MOAT_URL: moat.url }, ...(stdin !== undefined && { stdin }) });

/** The JSON on stdout of a command that ends with 0. */
async function json<T = Environment>(args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli([...args, '--json']);
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'cli', { MOAT_TEMPORAL_UI: 'https://temporal.example.com' });
  up = await cli(['up', 'churn1', '--location', 'westus2', '--owner', 'ana']);
}, 300_000);
afterAll(() => moat?.close());

describe('moat up', () => {
  it('follows the run in plain lines and ends with its outcome', () => {
    expect(up.stderr).toBe('');
    expect(up.code).toBe(0);
    const lines = up.stdout.trimEnd().split('\n');
    expect(lines.some((line) => /^ +\d+\.\d s {2}network +succeeded/.test(line))).toBe(true);
    expect(up.stdout).not.toContain('\u001B[');
    expect(lines.at(-2)).toMatch(/^Isolation: (\d+) of \1 checks passed\.$/);
    expect(lines.at(-1)).toMatch(/^Score from inside the network: \[11055\.977\d*,4503\.079\d*\]$/);
  });

  it('again returns the same environment at once', async () => {
    const environment = await json(['up', 'churn1', '--location', 'westus2']);
    expect(environment).toMatchObject({ name: 'churn1', state: 'ready', owner: 'ana' });
  });

  it('with another spec is refused', async () => {
    const { code, stderr } = await cli(['up', 'churn1', '--location', 'eastus']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/\(SpecConflict\)\nRemedy: .*\nCorrelation ID: [0-9a-f-]{36}\n$/);
  });
});

describe('a ready environment', () => {
  it('is listed and shown', async () => {
    expect((await cli(['ls'])).stdout).toMatch(/^churn1 +ready +ana +westus2 +\d+ h \d+ m +\d+\.\d\d USD\/h$/m);
    expect((await cli(['ls', '-q', '--state', 'ready'])).stdout).toBe('churn1\n');
    const { code, stdout } = await cli(['show', 'churn1']);
    expect(code).toBe(0);
    expect(stdout).toContain('Endpoint:');
    expect(stdout).toMatch(/✓ network .* Virtual network, outbound path, private DNS \(\d+ resources\)/);
  });

  it('is scored with the sample, a request on stdin, and a wrong one', async () => {
    const sample = await cli(['score', 'churn1', '--sample']);
    expect(sample.stdout).toMatch(/^\[11055\.977/);
    expect(sample.stderr).toMatch(/^status 200 in \d+ ms\n$/);
    const { stdout } = await cli(['score', 'churn1'], '{"data":[[1,2,3,4,5,6,7,8,9,10],[10,9,8,7,6,5,4,3,2,1]]}');
    expect(stdout).toBe(sample.stdout);
    expect((await cli(['score', 'churn1', '--data', '{"data":"wrong"}'])).code).toBe(1);
  });

  it('is verified again, and its proof is the signed document', async () => {
    const verified = await cli(['verify', 'churn1']);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/^Isolation: (\d+) of \1 checks passed\.$/m);
    expect((await cli(['proof', 'churn1'])).stdout).toMatch(/^passed +outside /m);
    const { stdout } = await cli(['proof', 'churn1', '--json']);
    const { signature } = JSON.parse(stdout) as { signature: string };
    const document = stdout.slice(stdout.indexOf('"document":') + '"document":'.length, stdout.lastIndexOf('}'));
    const key = createPublicKey(await (await fetch(`${moat.url}/.well-known/moat-proof-key`)).text());
    expect(verify(null, Buffer.from(document), key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('has runs and a log', async () => {
    expect((await cli(['runs', 'churn1'])).stdout).toMatch(/^provision-1 +provision +succeeded/m);
    const run = await json(['runs', 'churn1', 'provision-1']);
    expect(run).toMatchObject({ id: 'provision-1', outcome: 'succeeded', receipt: { score: { status: 200 } } });
    expect((await json<{ log: string }>(['logs', 'churn1', '--tail', '5'])).log).not.toBe('');
  });

  it('is extended and protected, and then not deleted', async () => {
    const extended = await json(['extend', 'churn1', '3h']);
    const remaining = Date.parse(extended.lease.expiresAt) - Date.now();
    expect(remaining / 3_600_000).toBeGreaterThan(2.9);
    expect(remaining / 3_600_000).toBeLessThan(3.1);
    expect((await json(['protect', 'churn1', '--reason', 'demo'])).lease).toMatchObject({
      protected: true,
      reason: 'demo',
    });
    const refused = await cli(['rm', 'churn1', '--yes']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('Remedy: moat protect churn1 --off');
    expect((await json(['protect', 'churn1', '--off'])).lease.protected).toBe(false);
  });

  it('has an address in the console and in the Temporal UI, which a browser opens', async () => {
    const page = `${moat.url}/console/environments/churn1`;
    expect((await cli(['open', 'churn1', '--print'])).stdout).toBe(`${page}\n`);
    const workflow = await cli(['open', 'churn1', '--temporal', '--print']);
    expect(workflow.stdout).toMatch(
      /^https:\/\/temporal\.example\.com\/namespaces\/cli-.*\/workflows\/environment-churn1\n$/,
    );
    const browser = join(temporaryDirectory(), 'browser');
    writeFileSync(browser, '#!/bin/sh\necho "$1" >"$0.opened"\n', { mode: 0o755 });
    await runMoat(['open', 'churn1'], { env: { MOAT_URL: moat.url, BROWSER: browser } });
    await until('the browser has the address', async () => readFileSync(`${browser}.opened`, 'utf8') === `${page}\n`);
  });
});

describe('an installation', () => {
  it('accepts a login', async () => {
    const env = { XDG_CONFIG_HOME: temporaryDirectory() };
    const { code, stdout } = await runMoat(['login'], { env, stdin: `${moat.url}\n\n` });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Signed in to http.* as \S+ \(operator\)\./);
  });

  it('plans without creating anything', async () => {
    const { code, stdout } = await cli(['plan', 'churn2', '--location', 'westus2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^create +virtual network +vnet-/m);
    expect(stdout).toMatch(/^Usual duration: \d+ s to /m);
    expect((await cli(['show', 'churn2'])).code).toBe(3);
  });

  it('sweeps', async () => {
    const sweep = await json<{ id: string }>(['sweep', '--dry-run']);
    expect(sweep).toMatchObject({ dryRun: true, state: 'completed' });
    expect((await cli(['sweep', 'ls'])).stdout).toContain(sweep.id);
    expect((await cli(['sweep', 'show', sweep.id])).stdout).toContain(`${sweep.id} is completed (dry run)`);
    const { code, stderr } = await cli(['sweep', 'approve', sweep.id]);
    expect(code).toBe(3);
    expect(stderr).toContain('(NotStopped)');
  });
});

describe('moat cancel and rm', () => {
  it('cancel a run, which moat up then continues, and delete everything', async () => {
    const started = await json(['up', 'churn3', '--location', 'westus2', '--no-wait']);
    expect(started.state).toBe('provisioning');
    const cancelled = await cli(['cancel', 'churn3']);
    expect({ code: cancelled.code, stderr: cancelled.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await json(['up', 'churn3', '--location', 'westus2', '--wait'])).state).toBe('ready');
    const removed = await cli(['rm', 'churn3', '--yes']);
    expect({ code: removed.code, last: removed.stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'churn3 is deleted.',
    });
  }, 240_000);
});
