import { expect, test } from 'vitest';
import { receipt, run as exampleRun } from '../../src/api/examples.ts';
import { churn1, startApi } from './harness.ts';

const create = { method: 'POST', url: '/environments', payload: churn1 } as const;

test('a new environment is accepted, with its location header and defaults', async () => {
  const { app } = await startApi();
  const answer = await app.inject(create);
  expect(answer.statusCode).toBe(202);
  expect(answer.headers['location']).toBe('/environments/churn1');
  expect(answer.json()).toMatchObject({
    name: 'churn1',
    state: 'provisioning',
    owner: 'local',
    spec: {
      name: 'churn1',
      location: 'westus2',
      suffix: expect.stringMatching(/^[a-z0-9]{8}$/),
      owner: 'local',
      ttl: '8h',
      model: 'custom',
      instanceType: 'Standard_DS2_v2',
      instanceCount: 1,
      probe: { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 60 },
      requestTimeoutSeconds: 60,
      maxConcurrentRequests: 1,
      jumpbox: { sizes: ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_D2s_v4', 'Standard_D2s_v3'], diskGb: 64 },
      workspacePublicNetworkAccess: 'disabled',
      onFailure: 'keep',
      onDrift: 'report',
    },
  });
});

test('members of the request override every default', async () => {
  const { app } = await startApi();
  const asked = {
    ...churn1,
    suffix: 'k3x9a0q7',
    owner: 'ana@example.com',
    ttl: '90m',
    model: 'mlflow',
    instanceType: 'STANDARD_F4S_V2',
    instanceCount: 3,
    probe: { initialDelaySeconds: 500, periodSeconds: 100, failureThreshold: 30 },
    requestTimeoutSeconds: 180,
    maxConcurrentRequests: 8,
    jumpbox: { sizes: ['Standard_D4s_v5'], diskGb: 256 },
    workspacePublicNetworkAccess: 'enabled',
    onFailure: 'teardown',
    onDrift: 'repair',
  };
  const answer = await app.inject({ ...create, payload: asked });
  expect(answer.json()).toMatchObject({ owner: 'ana@example.com', spec: asked });
});

test('a chosen suffix that is in use is refused at once', async () => {
  const { app } = await startApi();
  const { suffix } = (await app.inject(create)).json<{ spec: { suffix: string } }>().spec;
  const chosen = await app.inject({ ...create, payload: { ...churn1, name: 'churn2', suffix } });
  expect([chosen.statusCode, chosen.json<{ code: string }>().code]).toEqual([409, 'SuffixInUse']);
});

test("the user's own model is accepted unchanged", async () => {
  const { app } = await startApi();
  const model = {
    format: 'custom',
    repository: 'https://github.com/ana/models',
    ref: '0123456789abcdef0123456789abcdef01234567',
    path: 'churn/v1',
    request: { data: [[1, 2]] },
    expected: [3.5],
  };
  const answer = await app.inject({ ...create, payload: { ...churn1, model } });
  expect(answer.statusCode).toBe(202);
  expect(answer.json().spec.model).toEqual(model);
});

test('the default suffix depends on the name and is the same every time', async () => {
  const { app } = await startApi();
  const suffixOf = async (name: string) =>
    (await app.inject({ ...create, payload: { ...churn1, name } })).json().spec.suffix;
  const again = await startApi();
  const first = await suffixOf('churn1');
  expect((await again.app.inject(create)).json().spec.suffix).toBe(first);
  expect(await suffixOf('churn2')).not.toBe(first);
});

test('repeating the POST of a ready environment answers 200 with it', async () => {
  const { app, environments } = await startApi();
  await app.inject(create);
  expect((await app.inject(create)).statusCode).toBe(202);
  environments.finish('churn1');
  const answer = await app.inject(create);
  expect(answer.statusCode).toBe(200);
  expect(answer.json().state).toBe('ready');
});

test('another spec for an existing name is a conflict', async () => {
  const { app } = await startApi();
  await app.inject(create);
  const answer = await app.inject({ ...create, payload: { ...churn1, location: 'eastus' } });
  expect(answer.statusCode).toBe(409);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.json()).toMatchObject({ code: 'SpecConflict', status: 409, type: 'urn:moat:problem:SpecConflict' });
});

test('refuses a name while its environment is being deleted', async () => {
  const { app } = await startApi();
  await app.inject(create);
  await app.inject({ method: 'DELETE', url: '/environments/churn1' });
  const answer = await app.inject(create);
  expect([answer.statusCode, answer.json().code]).toEqual([409, 'BeingDeleted']);
});

test('an environment is found by its name; an unknown or invalid name is 404', async () => {
  const { app } = await startApi();
  await app.inject(create);
  expect((await app.inject('/environments/churn1')).json().name).toBe('churn1');
  for (const name of ['churn2', 'Churn1', 'a--b', 'x'.repeat(300)]) {
    const answer = await app.inject(`/environments/${name}`);
    expect([name, answer.statusCode, answer.json().code]).toEqual([name, 404, 'NotFound']);
  }
});

test('the list is filtered by state and owner, and paged', async () => {
  const { app, environments } = await startApi();
  for (const name of ['churn1', 'churn2', 'churn3'])
    await app.inject({ ...create, payload: { ...churn1, name, owner: name === 'churn3' ? 'bob' : 'ana' } });
  environments.finish('churn1');
  const names = async (query: string) =>
    (await app.inject(`/environments${query}`)).json().items.map((item: { name: string }) => item.name);

  expect(await names('')).toEqual(['churn1', 'churn2', 'churn3']);
  expect(await names('?state=ready')).toEqual(['churn1']);
  expect(await names('?owner=bob')).toEqual(['churn3']);
  const page = (await app.inject('/environments?limit=2')).json();
  expect(page.items).toHaveLength(2);
  expect(await names(`?limit=2&cursor=${page.nextCursor}`)).toEqual(['churn3']);
});

test('every error of a query is reported in one answer', async () => {
  const { app } = await startApi();
  const answer = await app.inject('/environments?limit=201&state=gone&owner=a%20b&colour=red');
  expect(answer.statusCode).toBe(400);
  expect(answer.json().code).toBe('InvalidParameters');
  expect(
    answer
      .json()
      .errors.map((error: { path: string }) => error.path)
      .toSorted(),
  ).toEqual(['/colour', '/limit', '/owner', '/state']);
});

test('a proof is started on a ready and idle environment only', async () => {
  const { app, environments } = await startApi();
  await app.inject(create);
  const send = (name: string) => app.inject({ method: 'POST', url: `/environments/${name}/verify` });
  expect((await send('churn1')).json()).toMatchObject({ status: 409, code: 'NotReady' });
  environments.finish('churn1');
  const started = await send('churn1');
  expect(started.statusCode).toBe(202);
  expect(started.json().run.kind).toBe('verify');
  expect((await send('churn1')).json().code).toBe('NotReady');
  expect((await send('churn2')).statusCode).toBe(404);
});

test('cancel ends the run in progress, with or without a teardown; without a run it is a conflict', async () => {
  const { app, environments } = await startApi();
  await app.inject(create);
  const url = '/environments/churn1/cancel';
  expect((await app.inject({ method: 'POST', url })).statusCode).toBe(202);
  expect((await app.inject({ method: 'POST', url, payload: { teardown: true } })).statusCode).toBe(202);
  const empty = { method: 'POST', url, headers: { 'content-type': 'application/json' } } as const;
  expect((await app.inject(empty)).statusCode).toBe(202);
  expect(environments.cancelled.map(({ teardown }) => teardown)).toEqual([false, true, false]);

  environments.finish('churn1');
  expect((await app.inject({ method: 'POST', url })).json().code).toBe('NothingRuns');
  expect((await app.inject({ method: 'POST', url: '/environments/churn2/cancel' })).statusCode).toBe(404);
  const bad = await app.inject({ method: 'POST', url, payload: { teardown: 'yes', force: true } });
  expect(
    bad
      .json()
      .errors.map((error: { path: string }) => error.path)
      .toSorted(),
  ).toEqual(['/force', '/teardown']);
});

test('DELETE starts a teardown, is refused for a protected environment, and 404 for an unknown one', async () => {
  const { app, environments } = await startApi();
  await app.inject(create);
  const { lease } = (await app.inject('/environments/churn1')).json();
  const remove = { method: 'DELETE', url: '/environments/churn1' } as const;
  environments.set('churn1', { lease: { ...lease, protected: true, reason: 'audit' } });
  expect([(await app.inject(remove)).statusCode, (await app.inject(remove)).json().code]).toEqual([423, 'Protected']);
  environments.set('churn1', { lease });
  const answer = await app.inject({ ...remove, headers: { 'content-type': 'application/json' } });
  expect([answer.statusCode, answer.json().state]).toEqual([202, 'deleting']);
  expect((await app.inject({ method: 'DELETE', url: '/environments/churn2' })).statusCode).toBe(404);
});

test('answers with the findings of a run that failed, and with the proof where it has one', async () => {
  const { app, environments } = await startApi();
  await app.inject(create);
  const { findings, proof } = receipt;
  for (const evidence of [{ findings }, { findings, proof }]) {
    environments.history.set('churn1', [{ ...exampleRun, outcome: 'failed', receipt: evidence }]);
    expect((await app.inject('/environments/churn1/runs/provision-1')).json().receipt).toEqual(evidence);
  }
});

test('lists the runs, and returns each run by its ID', async () => {
  const { app } = await startApi();
  await app.inject(create);
  const runs = (await app.inject('/environments/churn1/runs')).json();
  expect(runs.items).toMatchObject([{ id: 'provision-1', kind: 'provision', outcome: 'running' }]);
  expect((await app.inject('/environments/churn1/runs/provision-1')).json()).toEqual(runs.items[0]);
  for (const url of ['/environments/churn1/runs/provision-2', '/environments/churn1/runs/x', '/environments/no1/runs'])
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404]);
});
