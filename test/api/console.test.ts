import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keyOf } from './apiKeys.ts';
import { startApi } from './harness.ts';

/** The API with a console that consists of one page and one script. */
async function startWithConsole(options: Parameters<typeof startApi>[0] = {}) {
  const consoleDirectory = mkdtempSync(join(tmpdir(), 'moat-console-'));
  onTestFinished(() => rmSync(consoleDirectory, { recursive: true, force: true }));
  mkdirSync(join(consoleDirectory, 'assets'));
  writeFileSync(join(consoleDirectory, 'index.html'), '<title>Moat</title>');
  writeFileSync(join(consoleDirectory, 'assets/index-AbC12345.js'), 'export {}');
  writeFileSync(join(consoleDirectory, 'assets/index-AbC12345.js.gz'), 'compressed');
  writeFileSync(join(consoleDirectory, '.sources'), 'a hash');
  return startApi({ ...options, consoleDirectory });
}

test.each(['/', '/console'])('GET %s leads to the console', async (url) => {
  const { app } = await startWithConsole();
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/console/']);
});

test.each([
  '/console/',
  '/console/environments',
  '/console/environments/churn1/proof?x=1',
  '/console/sweeps/sweep-2026-11-27T17:08:08.524Z-c241ed18',
])('%s is the page, revalidated at each visit, with a policy that allows nothing inline', async (url) => {
  const { app } = await startWithConsole();
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.body]).toEqual([200, '<title>Moat</title>']);
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
  expect(answer.headers['cache-control']).toBe('no-cache');
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test('an asset may be cached for ever', async () => {
  const { app } = await startWithConsole();
  const answer = await app.inject('/console/assets/index-AbC12345.js');
  expect([answer.statusCode, answer.body]).toEqual([200, 'export {}']);
  expect(answer.headers['content-type']).toMatch(/javascript/);
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('an asset is sent compressed to a browser that accepts it', async () => {
  const { app } = await startWithConsole();
  const answer = await app.inject({
    url: '/console/assets/index-AbC12345.js',
    headers: { 'accept-encoding': 'gzip' },
  });
  expect([answer.headers['content-encoding'], answer.body]).toEqual(['gzip', 'compressed']);
  expect(answer.headers['content-type']).toMatch(/javascript/);
  expect(answer.headers['vary']).toBe('accept-encoding');
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test.each([
  '/console/assets/index-Gone1234.js',
  '/console/favicon.ico',
  '/console/.sources',
  '/console/assets/../.sources',
  '/console/assets/%2e%2e/.sources',
  '/console/assets/..%2f..%2fpackage.json',
])('%s is not found', async (url) => {
  const { app } = await startWithConsole();
  const answer = await app.inject(url);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('a console that was not built names the command that builds it', async () => {
  const { app } = await startApi();
  const answer = await app.inject('/console/');
  expect([answer.statusCode, answer.json().detail]).toEqual([503, expect.stringContaining('npm run web:build')]);
});

test('the console needs no key: it contains no information about environments', async () => {
  const { app } = await startWithConsole({ keys: [keyOf('ana', 'key-a')] });
  expect((await app.inject('/console/')).statusCode).toBe(200);
  expect((await app.inject('/')).statusCode).toBe(302);
  expect((await app.inject('/about')).statusCode).toBe(401);
});
