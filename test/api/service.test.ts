import { expect, test } from 'vitest';
import { Problem } from '../../src/domain/problem.ts';
import { stepIds } from '../../src/domain/steps.ts';
import { churn1, startApi } from './harness.ts';

test('healthz returns the version and the target', async () => {
  const { app } = await startApi();
  const answer = await app.inject('/healthz');
  expect(answer.json()).toEqual({ status: 'ok', target: 'emulator', version: '0.1.0' });
});

test('about describes the target, the version, the steps and the links that a client shows', async () => {
  const { app } = await startApi();
  const answer = (await app.inject('/about')).json();
  expect(answer).toMatchObject({
    target: 'emulator',
    subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
    version: '0.1.0',
    temporal: { address: '127.0.0.1:7233', namespace: 'default', ui: 'http://localhost:8233' },
    lease: { defaultTtl: '8h', maxTtl: '7d' },
  });
  expect(answer.samples.map(({ model }: { model: string }) => model)).toEqual(['custom', 'mlflow']);
  expect(answer.steps.map(({ id }: { id: string }) => id)).toEqual(stepIds);
  for (const path of Object.values<string>(answer.links)) expect((await app.inject(path)).statusCode).toBeLessThan(400);
});

test('readyz is ready while Temporal is reachable and a worker polls; otherwise it names the cause', async () => {
  const { app, environments } = await startApi();
  const ready = await app.inject('/readyz');
  expect([ready.statusCode, ready.json().checks.map(({ id }: { id: string }) => id)]).toEqual([
    200,
    ['temporal', 'worker', 'target'],
  ]);
  environments.ready = { temporal: true, worker: false };
  const idle = await app.inject('/readyz');
  expect([idle.statusCode, idle.json().detail]).toEqual([503, 'No worker polls the task queue.']);
  expect(idle.json().checks).toMatchObject([{ ready: true }, { id: 'worker', ready: false }, { ready: true }]);
  environments.ready = { temporal: false, worker: false };
  const alone = await app.inject('/readyz');
  expect([alone.statusCode, alone.json().detail]).toEqual([503, 'Temporal is unavailable.']);
  expect(alone.headers['retry-after']).toBe('5');
});

test('is not ready while the target does not respond, and names every part that is missing', async () => {
  const { app, environments } = await startApi({ targetReady: async () => false });
  const answer = await app.inject('/readyz');
  expect([answer.statusCode, answer.json().detail]).toEqual([
    503,
    'The target does not answer or cannot write its state.',
  ]);
  environments.ready = { temporal: false, worker: false };
  expect((await app.inject('/readyz')).json().detail).toBe(
    'Temporal is unavailable. The target does not answer or cannot write its state.',
  );
});

test('metrics count requests by route, not by path', async () => {
  const { app } = await startApi();
  await app.inject('/environments/churn1');
  await app.inject('/made/up/path');
  const { body, headers } = await app.inject('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain/);
  expect(body).toContain('route="/environments/:name",status="404"');
  expect(body).not.toContain('made');
  expect(body).toContain('process_cpu_seconds_total');
});

test('metrics have the environments by state, and those whose lease has expired', async () => {
  const { app, environments } = await startApi();
  await app.inject({ method: 'POST', url: '/environments', body: churn1 });
  const { lease } = await environments.get('churn1');
  lease.expiresAt = new Date(Date.now() - 30 * 3_600_000).toISOString();
  const { body } = await app.inject('/metrics');
  expect(body).toContain('moat_environments{state="provisioning"} 1');
  expect(body).toContain('moat_environments{state="blocked"} 0');
  expect(body).toContain('moat_environments_lease_expired{hours="24"} 1');
});

test('metrics are served without the environments while Temporal is unavailable', async () => {
  const { app, environments } = await startApi();
  environments.summary = async () => Promise.reject(new Error('unavailable'));
  const { statusCode, body } = await app.inject('/metrics');
  expect(statusCode).toBe(200);
  expect(body).not.toContain('moat_environments{');
  expect(body).toContain('process_cpu_seconds_total');
});

test('an unknown path or method is a problem document', async () => {
  const { app } = await startApi();
  for (const [method, url] of [
    ['GET', '/nowhere'],
    ['PUT', '/environments/churn1'],
    ['DELETE', '/environments'],
  ] as const) {
    const answer = await app.inject({ method, url });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'NotFound']);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  }
  const malformed = await app.inject('/%zz');
  expect([malformed.statusCode, malformed.json().code]).toEqual([400, 'BadRequest']);
});

test('the API reference loads nothing from other hosts', async () => {
  const { app } = await startApi();
  const page = await app.inject('/docs/');
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/https?:\/\//);
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect((await app.inject('/docs/js/scalar.js')).headers['content-type']).toMatch(/^application\/javascript/);
  const redirection = await app.inject('/docs');
  expect([redirection.statusCode, redirection.headers.location]).toEqual([301, '/docs/']);
  const missing = await app.inject('/docs/missing');
  expect([missing.statusCode, missing.json().code]).toEqual([404, 'NotFound']);
});

test('every 503 has a Retry-After', async () => {
  const { app, environments } = await startApi();
  environments.get = () => Promise.reject(new Problem('Unavailable', 'No worker is running.'));
  const answer = await app.inject('/environments/churn1');
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
});
