import { expect, test } from 'vitest';
import { instanceTypeNames, instanceTypeOf, instanceTypes } from '../../src/domain/instanceTypes.ts';
import { churn1, startApi } from './harness.ts';

const post = { method: 'POST', url: '/environments' } as const;
const model = {
  format: 'custom',
  repository: 'https://github.com/ana/models',
  ref: '0123456789abcdef0123456789abcdef01234567',
  path: 'churn',
  request: {},
  expected: [],
};

interface ValidationError {
  path: string;
  message: string;
}

test('every error of a body is reported in one answer, and no run is started', async () => {
  const { app, environments } = await startApi();
  const answer = await app.inject({
    ...post,
    payload: {
      name: 'Churn--1',
      suffix: 'K',
      owner: "ana' OR 1=1",
      ttl: '30d',
      model: { ...model, ref: 'main', path: '../secrets' },
      instanceType: 'Standard_Tiny',
      instanceCount: '2',
      workspacePublicNetworkAccess: true,
      onFailure: 'retry',
      onDrift: 'ignore',
      'colour/~': 'red',
    },
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'InvalidBody', status: 400, title: 'Invalid request body' });
  const errors = Object.fromEntries(answer.json().errors.map(({ path, message }: ValidationError) => [path, message]));
  expect(errors).toEqual({
    '/location': 'is required',
    '/colour~1~0': 'unknown property',
    '/name': 'must be 3 to 24 of a-z, 0-9 and single dashes, beginning with a letter and not ending with a dash',
    '/suffix': 'must be 3 to 10 of a-z and 0-9',
    '/owner': 'must be a name or an e-mail address: letters, digits and @ . _ + -, at most 128',
    '/ttl': 'must be at most 7d',
    '/model/ref': 'must be a commit, 40 hexadecimal digits in lower case',
    '/model/path': 'must be a directory inside the repository, relative and without `..`',
    '/instanceType': 'must be a virtual machine size that managed online endpoints allow, like Standard_DS2_v2',
    '/instanceCount': 'must be integer',
    '/workspacePublicNetworkAccess': 'must be one of enabled, disabled',
    '/onFailure': 'must be one of keep, teardown',
    '/onDrift': 'must be one of report, repair',
  });
  expect(environments.all.size).toBe(0);
});

test.each([
  ['/model', "must be custom, mlflow, or an object that describes the user's own model", 'onnx'],
  ['/model', "must be custom, mlflow, or an object that describes the user's own model", null],
  ['/model/path', 'is required', { ...model, path: undefined }],
  ['/model/branch', 'unknown property', { ...model, branch: 'main' }],
  ['/model/request', 'is required, or `requestFile`', { ...model, request: undefined }],
  [
    '/model',
    'must have a request and an expected answer of at most 16 KiB together; put the sample request into the repository (`requestFile`, `expectedFile`)',
    { ...model, expected: Array(1000).fill(1e20) },
  ],
])('reports an error of a model at its path: %s %s', async (path, message, wrong) => {
  const { app } = await startApi();
  const payload = JSON.stringify({ ...churn1, model: wrong }).replaceAll('100000000000000000000', '1e20');
  const answer = await app.inject({ ...post, payload, headers: { 'content-type': 'application/json' } });
  expect([answer.statusCode, answer.json().errors]).toEqual([400, [{ path, message }]]);
});

test.each([
  'http://github.com/ana/models',
  'https://ana:token@github.com/ana/models',
  'https://github.com/ana/models;reboot',
  'https://github.com/ana/$(reboot)',
  'https://github.com/ana/models?token=1',
  'git@github.com:ana/models',
  'https://github.com',
])('refuses a repository that is not a plain https URL: %s', async (repository) => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload: { ...churn1, model: { ...model, repository } } });
  expect(answer.json().errors.map((error: ValidationError) => error.path)).toEqual(['/model/repository']);
});

test.each(['/etc', 'a/../b', '..', './a', 'a//b', 'a/', '-rf', 'a/-rf', 'a b', 'a\nb', ''])(
  'refuses a path outside the repository, or one that looks like a command-line option: %j',
  async (path) => {
    const { app } = await startApi();
    const answer = await app.inject({ ...post, payload: { ...churn1, model: { ...model, path } } });
    expect(answer.json().errors.map((error: ValidationError) => error.path)).toEqual(['/model/path']);
  },
);

test.each(['.', 'churn', 'churn/v1.2', '.models/a..b', 'sub_dir/x'])(
  'accepts a path inside the repository: %s',
  async (path) => {
    const { app } = await startApi();
    const answer = await app.inject({ ...post, payload: { ...churn1, model: { ...model, path } } });
    expect(answer.statusCode).toBe(202);
  },
);

test.each(['West US 2', 'westus2/../x', 'WestUS2', 'we', ''])(
  "refuses a location that is not a region's short name: %j",
  async (location) => {
    const { app } = await startApi();
    const answer = await app.inject({ ...post, payload: { ...churn1, location } });
    expect(answer.json().errors).toEqual([
      { path: '/location', message: "must be an Azure region's short name, like westus2" },
    ]);
  },
);

test.each(['8', '0h', '1.5h', '-1h', '8 h', '1w', 'PT8H'])('refuses a ttl that is not a duration: %s', async (ttl) => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload: { ...churn1, ttl } });
  expect(answer.json().errors).toEqual([{ path: '/ttl', message: 'must be a duration like 90m, 8h or 3d' }]);
});

test('accepts every instance type that Azure allows, in any case', async () => {
  const { app } = await startApi();
  expect(instanceTypes.size).toBe(85);
  expect(instanceTypeNames.filter((name) => !instanceTypeOf(name))).toEqual([]);
  for (const instanceType of ['STANDARD_DS3_V2', 'standard_ds3_v2', 'Standard_NC24ads_A100_v4']) {
    const answer = await app.inject({ ...post, payload: { ...churn1, name: 'churn2', instanceType } });
    expect([instanceType, answer.statusCode]).toEqual([instanceType, 202]);
  }
});

test.each(['[]', '"text"', '1', 'null', ''])('refuses a body that is not an object: %s', async (payload) => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload, headers: { 'content-type': 'application/json' } });
  expect([answer.statusCode, answer.json().errors]).toEqual([400, [{ path: '', message: 'must be object' }]]);
});

test.each(['{"name":', '{"__proto__":{"admin":true},"name":"churn1"}', '{"constructor":{"prototype":{}}}'])(
  'refuses a body that is not JSON or reaches into prototypes: %s',
  async (payload) => {
    const { app } = await startApi();
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const answer = await app.inject({ ...post, payload, headers: { 'content-type': type } });
      expect([answer.statusCode, answer.json().code, answer.json().errors.length]).toEqual([400, 'InvalidBody', 1]);
    }
  },
);

test('accepts JSON that is sent as a form, as curl -d does', async () => {
  const { app } = await startApi();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await app.inject({ ...post, payload: JSON.stringify(churn1), headers })).statusCode).toBe(202);
});

test.each([
  ['text/plain', JSON.stringify(churn1)],
  ['application/xml', '<name/>'],
  ['multipart/form-data; boundary=x', '--x--'],
  ['application/x-www-form-urlencoded', 'name=churn1&location=westus2'],
  ['nonsense', JSON.stringify(churn1)],
])('refuses a body of the media type %s', async (type, payload) => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload, headers: { 'content-type': type } });
  expect([answer.statusCode, answer.json().code]).toEqual([415, 'UnsupportedMediaType']);
});

test('refuses a body of more than 16 KiB', async () => {
  const { app } = await startApi();
  const answer = await app.inject({ ...post, payload: { ...churn1, owner: 'a'.repeat(17_000) } });
  expect([answer.statusCode, answer.json().code]).toEqual([413, 'PayloadTooLarge']);
});
