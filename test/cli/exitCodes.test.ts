import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { environment, problem, requestId, startFakeMoat } from './support/fakeMoat.ts';
import { runMoat } from './support/runMoat.ts';

const churn = environment('churn1');

describe('exit codes and errors', () => {
  it('0: the command is done, with the result on stdout', async () => {
    const { url } = await startFakeMoat({ 'GET /environments': [{ body: { items: [churn], nextCursor: null } }] });
    const { code, stdout, stderr } = await runMoat(['ls'], { env: { MOAT_URL: url } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^NAME .*\nchurn1 +ready +ana/);
  });

  it('1: the environment has failed', async () => {
    const failure = {
      type: 'Quota',
      code: 'QuotaExceeded',
      message: 'no cores',
      remedy: 'request more',
      correlationId: 'c-1',
    };
    const failed = environment('churn1', { state: 'failed', failure: { ...failure, step: 'endpoint', log: null } });
    const { url } = await startFakeMoat({
      'GET /environments/churn1': [{ body: failed }],
      'GET /about': [{ body: { steps: [] } }],
    });
    const { code, stdout } = await runMoat(['show', 'churn1'], { env: { MOAT_URL: url } });
    expect(code).toBe(1);
    expect(stdout).toContain('QuotaExceeded: no cores\nRemedy: request more\nCorrelation ID: c-1');
  });

  it.each([
    ['an unknown command', ['upp']],
    ['an unknown option', ['ls', '--al']],
    ['a missing argument', ['show']],
    ['a value that is not one of the choices', ['up', 'a', '--on-failure', 'explode']],
    ['a number out of range', ['up', 'a', '--instance-count', '51']],
    ['no location', ['up', 'churn1']],
    ['a teardown without confirmation in a script', ['rm', 'churn1']],
    ['a request that is not JSON', ['score', 'churn1', '--data', '{']],
  ])('2: %s', async (_, args) => {
    const { url, requests } = await startFakeMoat({});
    const { code, stdout, stderr } = await runMoat(args, { env: { MOAT_URL: url } });
    expect({ code, stdout, requests }).toEqual({ code: 2, stdout: '', requests: [] });
    expect(stderr).not.toBe('');
  });

  it('2: a body that Moat finds invalid, with every error', async () => {
    const errors = [{ path: '/name', message: 'is too short' }];
    const { url } = await startFakeMoat({
      'POST /environments': [problem(400, 'InvalidBody', 'Validation failed.', { errors })],
    });
    const { code, stderr } = await runMoat(['up', 'a', '--location', 'westus2'], { env: { MOAT_URL: url } });
    expect(code).toBe(2);
    expect(stderr).toContain('Error: Validation failed. (InvalidBody)\n  /name: is too short\n');
  });

  it('3: a refusal, with what helps and the correlation id', async () => {
    const { url } = await startFakeMoat({
      'DELETE /environments/churn1': [problem(423, 'Protected', 'churn1 is protected.')],
    });
    const { code, stdout, stderr } = await runMoat(['rm', 'churn1', '--yes', '--json'], { env: { MOAT_URL: url } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      `Error: churn1 is protected. (Protected)\nRemedy: moat protect churn1 --off\nCorrelation ID: ${requestId}\n`,
    );
  });

  it('3: a remedy names the environment of a POST', async () => {
    const { url } = await startFakeMoat({ 'POST /environments': [problem(409, 'SpecConflict', 'another spec')] });
    const { code, stderr } = await runMoat(['up', 'churn1', '--location', 'westus2'], { env: { MOAT_URL: url } });
    expect(code).toBe(3);
    expect(stderr).toContain('Remedy: moat show churn1 --json');
  });

  it('4: Moat does not answer', async () => {
    const { url, close } = await startFakeMoat({});
    close();
    const { code, stderr } = await runMoat(['ls'], { env: { MOAT_URL: url } });
    expect(code).toBe(4);
    expect(stderr).toContain(`Moat at ${url} cannot be reached: ECONNREFUSED\nRemedy: start it with npm start`);
  });

  it('4: another service answers', async () => {
    const page = createServer((_, reply) => reply.end('<html>hello</html>')).listen(0, '127.0.0.1');
    onTestFinished(() => void page.close());
    await once(page, 'listening');
    const { port } = page.address() as AddressInfo;
    const { code, stderr } = await runMoat(['ls'], { env: { MOAT_URL: `http://127.0.0.1:${port}` } });
    expect(code).toBe(4);
    expect(stderr).toContain(`What answers at http://127.0.0.1:${port} is not Moat.`);
  });

  it('4: Moat is unavailable for longer than a command waits', async () => {
    const unavailable = problem(503, 'Unavailable', 'No worker.');
    const { url } = await startFakeMoat({
      'GET /environments': [{ ...unavailable, headers: { 'retry-after': '999' } }],
    });
    const { code, stderr } = await runMoat(['ls'], { env: { MOAT_URL: url } });
    expect(code).toBe(4);
    expect(stderr).toContain('Error: No worker. (Unavailable)');
  });
});

describe('a change that Moat cannot make yet', () => {
  it('is repeated after Retry-After with the same idempotency key', async () => {
    const unavailable = { ...problem(503, 'Unavailable', 'No worker.'), headers: { 'retry-after': '0' } };
    const { url, requests } = await startFakeMoat({
      'PATCH /environments/churn1': [unavailable, unavailable, { body: churn }],
    });
    const { code, stderr } = await runMoat(['extend', 'churn1', '4h'], { env: { MOAT_URL: url } });
    expect(code).toBe(0);
    expect(stderr).toBe('No worker. (Unavailable) Next attempt in 0 s.\n'.repeat(2));
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(requests.map(({ body }) => body)).toEqual([{ ttl: '4h' }, { ttl: '4h' }, { ttl: '4h' }]);
  });
});

async function isColored(env: Record<string, string>): Promise<boolean> {
  const { url } = await startFakeMoat({ 'GET /environments': [{ body: { items: [churn], nextCursor: null } }] });
  const { stdout } = await runMoat(['ls'], { env: { MOAT_URL: url, ...env } });
  return stdout.includes('\u001B[');
}

it('colours are off in a pipe, also of a CI job, and with NO_COLOR', async () => {
  expect(await isColored({})).toBe(false);
  expect(await isColored({ CI: 'true' })).toBe(false);
  expect(await isColored({ FORCE_COLOR: '1' })).toBe(true);
  expect(await isColored({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});
