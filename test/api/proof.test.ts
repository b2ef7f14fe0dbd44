import { expect, test } from 'vitest';
import { newFailure } from '../../src/domain/failures.ts';
import type { RunRecord } from '../../src/domain/environment.ts';
import { proofOf } from '../../src/domain/proof.ts';
import { keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';
import { passed, provedAt, runWith, startProved } from './proofHarness.ts';

const url = '/environments/churn1/proof';

test('a proof names the environment, the run, the checks and the image', async () => {
  const { app, environments } = await startProved(passed);
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(answer.headers.vary).toContain('accept');
  const { document } = answer.json();
  expect(document).toMatchObject({
    format: 'moat-isolation-proof/1',
    moatVersion: '0.1.0',
    environment: { name: 'churn1', target: 'emulator', state: 'ready', resourceGroup: 'rg-moat-churn1' },
    run: { id: 'provision-1', kind: 'provision' },
    proof: { complete: true, rows: [passed] },
    laterFailure: null,
  });
  expect(document.environment.owner).toBe(environments.all.get('churn1')?.owner);
  expect(document.image.image).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test.each(['failed', 'inconclusive'] as const)('one %s check makes the proof incomplete', async (verdict) => {
  const { app } = await startProved(passed, { ...passed, verdict });
  const { proof } = (await app.inject(url)).json().document;
  expect([proof.complete, proof.rows[1].verdict]).toEqual([false, verdict]);
  const page = (await app.inject(`${url}?format=html`)).body;
  expect(page).toContain('Not proved');
  expect(page).not.toContain('checks have passed');
});

test('a later run that failed and left no proof is named', async () => {
  const { app, environments, run } = await startProved(passed);
  const failure = newFailure({ type: 'Stuck', message: 'the jumpbox did not answer' });
  const later = { startedAt: '2026-11-24T09:00:00.000Z', finishedAt: '2026-11-24T09:01:00.000Z' };
  const broken: RunRecord = {
    ...run,
    ...later,
    id: 'verify-1',
    kind: 'verify',
    outcome: 'failed',
    failure,
    receipt: null,
  };
  environments.history.set('churn1', [run, { ...broken, kind: 'score' }]);
  expect((await app.inject(url)).json().document.laterFailure).toBeNull();
  environments.history.set('churn1', [{ ...broken, startedAt: '2026-11-23T10:00:00.000Z' }, run]);
  expect((await app.inject(url)).json().document.laterFailure).toBeNull();
  environments.history.set('churn1', [run, broken]);
  expect((await app.inject(url)).json().document.laterFailure).toEqual({
    run: 'verify-1',
    at: later.finishedAt,
    type: 'Stuck',
    message: 'the jumpbox did not answer',
  });
  expect((await app.inject(`${url}?format=html`)).body).toContain('A later run failed (verify-1, Stuck)');
});

test('a newer proof is the one that counts, with the image of the provision run', async () => {
  const { app, environments, run } = await startProved(passed);
  const proof = proofOf([{ ...passed, verdict: 'failed' }], '2026-11-24T09:00:00.000Z');
  environments.history.set('churn1', [run, runWith('verify-1', proof)]);
  environments.set('churn1', { proof });
  const { document } = (await app.inject(url)).json();
  expect(document).toMatchObject({ run: { id: 'verify-1', kind: 'verify' }, proof: { complete: false } });
  expect(document.image.image).toMatch(/@sha256:/);
});

test('the answer and the page have what changed since the previous proof', async () => {
  const { app, environments } = await startProved(passed);
  expect((await app.inject(`${url}?format=html`)).body).toContain(
    '<h2>Changes since the previous proof</h2>\n<p>None.',
  );
  const proof = proofOf([{ ...passed, verdict: 'failed' }], provedAt, [passed]);
  environments.set('churn1', { proof });
  const { changes } = (await app.inject(url)).json().document.proof;
  expect(changes).toEqual([{ check: passed.check, from: 'outside', before: 'passed', after: 'failed' }]);
  expect((await app.inject(`${url}?format=html`)).body).toContain(
    `<td>${passed.check}</td><td>outside</td><td>passed</td><td class="failed">failed</td>`,
  );
});

test('a proof remains when its run is no longer in the history', async () => {
  const { app, environments } = await startProved(passed);
  environments.history.set('churn1', []);
  expect((await app.inject(url)).json().document).toMatchObject({ run: null, proof: { at: provedAt, complete: true } });
});

test('without a proof the answer says why', async () => {
  const { app, environments, run } = await startProved(passed);
  environments.set('churn1', { proof: null });
  const detailWith = async (change: Partial<RunRecord>) => {
    environments.history.set('churn1', [{ ...run, receipt: null, ...change }]);
    const problem = (await app.inject(url)).json();
    expect(problem).toMatchObject({ status: 404, code: 'NoProof' });
    return problem.detail;
  };
  expect(await detailWith({ outcome: 'running' })).toContain('has not ended');
  const failure = newFailure({ type: 'Quota', message: 'no cores left' });
  expect(await detailWith({ outcome: 'failed', failure })).toMatch(/provision-1.*Quota: no cores left/);
  expect((await app.inject('/environments/churn2/proof')).json()).toMatchObject({ status: 404, code: 'NotFound' });
});

test('the format is what Accept prefers, else JSON; ?format is stronger', async () => {
  const { app } = await startProved(passed);
  const types = { json: 'application/json; charset=utf-8', html: 'text/html; charset=utf-8' };
  const typeOf = async (path: string, accept: string) =>
    (await app.inject({ url: path, headers: { accept } })).headers['content-type'];
  for (const [accept, format] of [
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['text/html, application/json', 'json'],
    ['text/html', 'html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['application/json;q=0.5, text/html', 'html'],
    ['text/html;q=0', 'json'],
    [';q=,,/', 'json'],
  ] as const) {
    expect(await typeOf(url, accept), accept).toBe(types[format]);
    expect(await typeOf(`${url}?format=json`, accept)).toBe(types.json);
    expect(await typeOf(`${url}?format=html`, accept)).toBe(types.html);
  }
});

test('the page escapes everything, loads nothing and executes nothing', async () => {
  const { app } = await startProved({ ...passed, check: '<script src=//x>' });
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
  const { app } = await startApi({ keys: [keyOf('ana', 'key-a')] });
  const key = await app.inject('/.well-known/moat-proof-key');
  expect([key.statusCode, key.body.split('\n')[0]]).toEqual([200, '-----BEGIN PUBLIC KEY-----']);
  expect((await app.inject(`/environments/${churn1.name}/proof`)).statusCode).toBe(401);
});
