import { expect, test } from 'vitest';
import { newFailure } from '../../src/domain/failures.ts';
import type { RunRecord } from '../../src/domain/environment.ts';
import { churn1, startApi } from './harness.ts';
import { passed, provisionRun, startWithRuns } from './proofHarness.ts';

const url = '/environments/churn1/proof';

test('a proof names the environment, the run, the checks and the image', async () => {
  const { app, environments } = await startWithRuns([provisionRun([passed])]);
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(answer.headers.vary).toContain('accept');
  const { document } = answer.json();
  expect(document).toMatchObject({
    format: 'moat-isolation-proof/1',
    moatVersion: '0.1.0',
    environment: { name: 'churn1', target: 'emulator', state: 'ready', resourceGroup: 'rg-moat-churn1' },
    run: { id: 'provision-1', kind: 'provision' },
    proof: { complete: true, rows: [{ check: passed.check, observed: passed.observed, verdict: 'passed' }] },
    laterFailure: null,
  });
  expect(document.environment.owner).toBe(environments.all.get('churn1')?.owner);
  expect(document.image.image).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test.each(['failed', 'unknown'] as const)('one %s check makes the proof incomplete', async (verdict) => {
  const { app } = await startWithRuns([provisionRun([passed, { ...passed, verdict }])]);
  const { proof } = (await app.inject(url)).json().document;
  const reported = verdict === 'failed' ? 'failed' : 'inconclusive';
  expect([proof.complete, proof.rows[1].verdict]).toEqual([false, reported]);
  const page = (await app.inject(`${url}?format=html`)).body;
  expect(page).toContain('Not proved');
  expect(page).not.toContain('checks have passed');
});

const run = (id: string, change: Partial<RunRecord>): RunRecord => ({
  ...provisionRun([passed]),
  id,
  kind: 'verify',
  receipt: null,
  ...change,
});

test('a later run that failed is named; a later score is not', async () => {
  const failure = newFailure({ type: 'IsolationBroken', message: 'vault from outside: answered 200' });
  const broken = run('verify-1', { outcome: 'failed', failure });
  const { app, environments } = await startWithRuns([provisionRun([passed]), broken]);
  expect((await app.inject(url)).json().document.laterFailure).toMatchObject({
    run: 'verify-1',
    type: 'IsolationBroken',
    message: 'vault from outside: answered 200',
  });
  expect((await app.inject(`${url}?format=html`)).body).toContain('A later run failed (verify-1, IsolationBroken)');
  const repaired = run('verify-2', { receipt: { proof: [passed] } });
  const score = run('score-1', { kind: 'score', outcome: 'failed', failure });
  environments.history.set('churn1', [provisionRun([passed]), broken, repaired, score]);
  expect((await app.inject(url)).json().document).toMatchObject({ run: { id: 'verify-2' }, laterFailure: null });
});

test("the receipt that the environment keeps is used when the history of runs has dropped the run's", async () => {
  const provision = provisionRun([passed]);
  const { app, environments } = await startWithRuns([run('score-20', { kind: 'score' })]);
  expect((await app.inject(url)).statusCode).toBe(404);
  environments.set('churn1', { receipt: provision.receipt });
  expect((await app.inject(url)).json().document).toMatchObject({ run: null, proof: { complete: true } });
});

test('without a proof the answer tells why', async () => {
  const { app, environments } = await startWithRuns([]);
  const running = (await app.inject(url)).json();
  expect(running).toMatchObject({ status: 404, code: 'NoProof', detail: expect.stringContaining('has not ended') });
  const failure = newFailure({ type: 'Quota', message: 'no cores left' });
  environments.history.set('churn1', [run('provision-1', { kind: 'provision', outcome: 'failed', failure })]);
  const failed = (await app.inject(url)).json();
  expect(failed).toMatchObject({ code: 'NoProof', detail: expect.stringMatching(/provision-1.*Quota: no cores left/) });
  expect((await app.inject('/environments/churn2/proof')).json()).toMatchObject({ status: 404, code: 'NotFound' });
});

test.each([
  [undefined, 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['text/html, application/json', 'json'],
  ['text/html', 'html'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
  ['application/json;q=0.5, text/html', 'html'],
  ['text/html;q=0', 'json'],
  [';q=,,/', 'json'],
])('Accept: %s is answered with %s; ?format is stronger', async (accept, format) => {
  const { app } = await startWithRuns([provisionRun([passed])]);
  const headers = accept === undefined ? {} : { accept };
  const typeOf = async (path: string) => (await app.inject({ url: path, headers })).headers['content-type'];
  const types = { json: 'application/json; charset=utf-8', html: 'text/html; charset=utf-8' };
  expect(await typeOf(url)).toBe(types[format as 'json']);
  expect(await typeOf(`${url}?format=json`)).toBe(types.json);
  expect(await typeOf(`${url}?format=html`)).toBe(types.html);
});

test('the page escapes everything, loads nothing and executes nothing', async () => {
  const { app } = await startWithRuns([
    provisionRun([{ ...passed, check: '<script src=//x>', observed: passed.observed }]),
  ]);
  const { body, headers } = await app.inject(`${url}?format=html`);
  expect(body).toContain('&lt;script src=//x&gt;');
  expect(body).toContain('&lt;b&gt;&quot;20.0.0.1&quot;&lt;/b&gt; &amp; &#39;others&#39; – geprüft');
  expect(body).not.toMatch(/<(script|img|link|iframe|object|form|a)\b|\son\w+=|url\(|@import/i);
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-/);
  expect(policy).not.toContain('unsafe');
  expect(body).toContain('it says nothing about Azure');
});

test('the public key needs no API key; a proof does', async () => {
  const { app } = await startApi({ keys: [{ owner: 'ana', sha256: '0'.repeat(64) }] });
  const key = await app.inject('/.well-known/moat-proof-key');
  expect([key.statusCode, key.body.split('\n')[0]]).toEqual([200, '-----BEGIN PUBLIC KEY-----']);
  expect((await app.inject(`/environments/${churn1.name}/proof`)).statusCode).toBe(401);
});
