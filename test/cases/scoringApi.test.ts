import { expect, test } from 'vitest';
import { churn1, startApi } from '../api/harness.ts';

const score = { method: 'POST', url: '/environments/churn1/score' } as const;
const model = {
  format: 'custom',
  repository: 'https://github.com/ana/models',
  ref: '0123456789abcdef0123456789abcdef01234567',
  path: 'churn',
};
const limit = 'JSON of at most 16 KiB';
const remedy = 'put the sample request into the repository';

async function startReady() {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  api.environments.finish('churn1');
  return api;
}

const post = async (wrong: object) => {
  const { app } = await startApi();
  return app.inject({ method: 'POST', url: '/environments', payload: { ...churn1, model: { ...model, ...wrong } } });
};

test.each(['image/png', 'text/csv', 'application/octet-stream', 'multipart/form-data; boundary=x'])(
  'S05 a request of type %s is refused with the limit and the remedy',
  async (type) => {
    const { app, environments } = await startReady();
    const answer = await app.inject({ ...score, payload: '\u0089PNG', headers: { 'content-type': type } });
    expect(answer.json()).toMatchObject({ status: 415, code: 'UnsupportedMediaType' });
    expect(answer.json().detail).toContain(limit);
    expect(answer.json().detail).toContain(remedy);
    expect(environments.scored).toEqual([]);
  },
);

test('S05 a request of more than 16 KiB is refused with the limit and the remedy', async () => {
  const { app } = await startReady();
  const answer = await app.inject({ ...score, payload: { image: 'x'.repeat(40 * 1024) } });
  expect(answer.json()).toMatchObject({ status: 413, code: 'PayloadTooLarge' });
  expect(answer.json().detail).toContain(limit);
  expect(answer.json().detail).toContain(remedy);
});

test('S05 a sample of 40 KB in the body is refused with the remedy', async () => {
  const answer = await post({ request: { image: 'x'.repeat(40 * 1024) }, expected: [] });
  expect(answer.json()).toMatchObject({ status: 413, code: 'PayloadTooLarge' });
  expect(answer.json().detail).toContain(remedy);
});

test('S05 a sample may be files of the repository, with a content type and a tolerance', async () => {
  const files = {
    requestFile: 'samples/cat.png',
    requestContentType: 'image/png',
    expectedFile: 'samples/cat.json',
    tolerance: { relative: 1e-4, absolute: 0 },
  };
  const answer = await post(files);
  expect(answer.statusCode).toBe(202);
  expect(answer.json().spec.model).toMatchObject(files);
  expect((await post({ request: {}, expectedFile: 'mask.json' })).statusCode).toBe(202);
});

test.each([
  ['/model/request', {}],
  ['/model/requestFile', { request: 1, requestFile: 'a.json' }],
  ['/model/requestFile', { requestFile: '../a.json' }],
  ['/model/requestFile', { requestFile: '-a' }],
  ['/model/requestContentType', { request: 1, requestContentType: 'image/png' }],
  ['/model/requestContentType', { requestFile: 'a', requestContentType: "x/y' -d @/etc/passwd" }],
  ['/model/tolerance/relative', { request: 1, tolerance: { relative: -1 } }],
  ['/model/tolerance/percent', { request: 1, tolerance: { percent: 1 } }],
])('S05 an incomplete or contradictory sample is refused at its path: %s %o', async (path, wrong) => {
  const answer = await post({ expected: 1, ...wrong });
  expect(answer.json().errors.map((error: { path: string }) => error.path)).toEqual([path]);
});
