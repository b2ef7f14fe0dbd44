import { expect, test } from 'vitest';
import { churn1, startApi } from './harness.ts';

const url = '/environments/churn1/logs';

async function startWithOne() {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  return api;
}

test('a log is plain text; container and tail have defaults', async () => {
  const { app, environments } = await startWithOne();
  environments.containerLog = 'Liveness probe failed\nTraceback <script>';
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.body]).toEqual([200, 'Liveness probe failed\nTraceback <script>']);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  await app.inject(`${url}?container=storage-initializer&tail=1000`);
  expect(environments.logRanges).toEqual([
    { container: 'inference-server', tail: 200 },
    { container: 'storage-initializer', tail: 1000 },
  ]);
});

test('refuses unknown containers, numbers of lines and parameters', async () => {
  const { app, environments } = await startWithOne();
  for (const query of ['container=scoring', 'container=', 'tail=0', 'tail=1001', 'tail=1e1', 'lines=5']) {
    const answer = await app.inject(`${url}?${query}`);
    expect([query, answer.statusCode, answer.json().code]).toEqual([query, 400, 'InvalidParameters']);
  }
  expect(environments.logRanges).toEqual([]);
});

test('without a deployment 409, without a worker 503, for an unknown environment 404', async () => {
  const { app, environments } = await startWithOne();
  environments.containerLog = null;
  expect((await app.inject(url)).json()).toMatchObject({ status: 409, code: 'NoDeployment' });
  environments.ready = { temporal: true, worker: false };
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'Unavailable', '5']);
  expect((await app.inject('/environments/churn2/logs')).json()).toMatchObject({ status: 404, code: 'NotFound' });
});
