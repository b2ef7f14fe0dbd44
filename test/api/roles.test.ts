import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { receipt } from '../../src/api/examples.ts';
import { move } from '../../src/api/moves/moveExample.ts';
import { authenticateByKey } from '../../src/api/identity/apiKeys.ts';
import { operations as ruledOperations } from '../../src/domain/roles.ts';
import { createCodec } from '../../src/temporal/payloadCodec.ts';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';
import { listen } from './rawHttp.ts';

/** Who may: R reader, O owner of the environment, o owner of another one, P operator; `all`: also without authentication. */
const expected: Record<string, string> = {
  createEnvironment: 'O P',
  listEnvironments: 'R O o P',
  summarizeEnvironments: 'R O o P',
  getEnvironment: 'R O o P',
  watchEnvironment: 'R O o P',
  watchEnvironments: 'R O o P',
  changeLease: 'O P',
  cancelRun: 'O P',
  removeEnvironment: 'O P',
  scoreEnvironment: 'O P',
  verifyEnvironment: 'O P',
  moveEnvironment: 'O P',
  getMove: 'R O o P',
  confirmMove: 'O P',
  cancelMove: 'O P',
  readLog: 'R O o P',
  readProof: 'R O o P',
  listRuns: 'R O o P',
  getRun: 'R O o P',
  planEnvironment: 'O P',
  listSweeps: 'R O o P',
  getSweepSchedule: 'R O o P',
  getSweep: 'R O o P',
  startSweep: 'P',
  approveSweep: 'P',
  healthz: 'all',
  readyz: 'all',
  metrics: 'R O o P',
  getAbout: 'R O o P',
  getMe: 'R O o P',
  getSignIn: 'all',
  openSession: 'R O o P',
  signOut: 'all',
  readProofKey: 'all',
  openapi: 'all',
  encodePayloads: 'P',
  decodePayloads: 'P',
};

/** The environment that every request is about belongs to ana. */
const callers = { R: 'reader-key', O: 'ana-key', o: 'bob-key', P: 'operator-key' } as const;
const keys = [
  keyOf('eve', callers.R, { role: 'reader' }),
  keyOf('ana', callers.O),
  keyOf('bob', callers.o),
  keyOf('root', callers.P, { role: 'operator' }),
];

interface Operation {
  method: string;
  path: string;
  operationId: string;
}

const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string }>>;
};
const described = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]): Operation => ({ method, path, operationId })),
);
/** No part of the document: they are for Temporal's tools. */
const codec = ['encode', 'decode'].map((name): Operation => ({
  method: 'post',
  path: `/codec/${name}`,
  operationId: `${name}Payloads`,
}));
const operations = [...described, ...codec];

const bodies: Record<string, object> = {
  createEnvironment: { ...churn1, owner: 'ana' },
  planEnvironment: { ...churn1, owner: 'ana' },
  changeLease: { ttl: '4h' },
  cancelRun: { teardown: true },
  scoreEnvironment: { data: [[1]] },
  moveEnvironment: { to: 'churn2' },
  startSweep: {},
  encodePayloads: { payloads: [] },
  decodePayloads: { payloads: [] },
};

/** An API with one environment, which belongs to ana and has a proof, and one stopped sweep. */
async function startWithEnvironment(authenticates: boolean) {
  const { app, environments, sweeps, moves } = await startApi({
    authenticators: authenticates ? [authenticateByKey(() => keys)] : [],
    codec: { ...createCodec([{ id: 'k1', key: Buffer.alloc(32, 1).toString('base64') }]), temporalUi: null },
  });
  const port = await listen(app);
  const send = async ({ method, path, operationId }: Operation, secret?: string) => {
    const url = path.replace('{name}', 'churn1').replace('{runId}', 'provision-1').replace('{id}', 'sweep-1');
    const body = bodies[operationId];
    const stream = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method: method.toUpperCase(),
      headers: { ...(secret !== undefined && bearer(secret)), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: stream.signal,
    });
    const type = response.headers.get('content-type') ?? '';
    // an event stream does not end by itself
    const text = type.startsWith('text/event-stream') ? (stream.abort(), '') : await response.text();
    const code = type.startsWith('application/problem+json') ? (JSON.parse(text) as { code: string }).code : undefined;
    return { status: response.status, code };
  };
  await send(
    operations.find(({ operationId }) => operationId === 'createEnvironment')!,
    callers.O,
  );
  environments.finish('churn1');
  environments.set('churn1', { proof: receipt.proof });
  sweeps.add({ state: 'stopped' });
  moves.all.set('churn1', move);
  const stored = () =>
    JSON.stringify([
      [...environments.all],
      environments.scored,
      environments.cancelled,
      [...sweeps.all],
      [...moves.all],
    ]);
  expect(environments.all.get('churn1')).toMatchObject({ owner: 'ana', state: 'ready' });
  return { send, stored };
}

const done = expect.not.stringMatching(/^(400|401|403|404|5..)/);

test('every operation of the API has a row, and there is no other row', () => {
  const ids = operations.map(({ operationId }) => operationId).toSorted();
  expect(Object.keys(expected).toSorted()).toEqual(ids);
  expect(ruledOperations.toSorted()).toEqual(ids);
});

test.each(operations)('$operationId may be used by the roles of its row only', async (operation) => {
  const { send, stored } = await startWithEnvironment(true);
  const row = expected[operation.operationId]!;
  const before = stored();
  const mayUse = (letter: string) => row === 'all' || row.split(' ').includes(letter);
  const all = Object.entries(callers);
  for (const [letter, secret] of all.filter(([letter]) => !mayUse(letter)))
    expect([letter, await send(operation, secret)]).toEqual([letter, { status: 403, code: 'Forbidden' }]);
  const anonymous = await send(operation);
  if (row === 'all') expect(String(anonymous.status)).toEqual(done);
  else expect(anonymous).toEqual({ status: 401, code: 'Unauthorized' });
  const unknown = String((await send(operation, 'unknown-key')).status);
  expect(unknown).toMatch(row === 'all' ? /^2/ : /^401/);
  expect(stored(), 'refused requests change nothing').toBe(before);
  for (const [letter, secret] of all.filter(([letter]) => mayUse(letter))) {
    const { status, code = '' } = await send(operation, secret);
    expect([letter, `${status} ${code}`]).toEqual([letter, done]);
  }
});

test('without authentication every operation may be used', async () => {
  const { send } = await startWithEnvironment(false);
  for (const operation of operations)
    expect([operation.operationId, String((await send(operation)).status)]).toEqual([
      operation.operationId,
      expect.not.stringMatching(/^(401|403|5..)$/),
    ]);
});

test('an owner can neither create for another owner nor take over an environment', async () => {
  const { app, environments, plans } = await startApi({ keys });
  const post = (secret: string, payload: object, url = '/environments') =>
    app.inject({ method: 'POST', url, payload, headers: bearer(secret) });
  for (const url of ['/environments', '/plans']) {
    const foreign = await post(callers.o, { ...churn1, owner: 'ana' }, url);
    expect(foreign.json()).toMatchObject({
      status: 403,
      code: 'Forbidden',
      detail: expect.stringContaining('is ana; bob'),
    });
  }
  expect([environments.all.size, plans.planned]).toEqual([0, []]);

  expect((await post(callers.O, churn1)).statusCode).toBe(202);
  expect((await post(callers.O, churn1)).statusCode, 'a repeated POST of the owner').toBe(202);
  const takeover = await post(callers.o, churn1);
  expect(takeover.json()).toMatchObject({ code: 'Forbidden', detail: expect.stringContaining('is ana; bob') });
  const forAna = await post(callers.P, { ...churn1, name: 'churn2', owner: 'ana' });
  expect([forAna.statusCode, forAna.json().owner]).toEqual([202, 'ana']);
});

test('GET /me names the caller and what it may do', async () => {
  const { app } = await startApi({ keys });
  const me = async (secret: string) => (await app.inject({ url: '/me', headers: bearer(secret) })).json();
  expect(await me(callers.O)).toMatchObject({ name: 'ana', role: 'owner', via: 'apiKey', changes: 'own' });
  expect((await me(callers.O)).operations).toEqual(expect.arrayContaining(['removeEnvironment', 'listSweeps']));
  expect((await me(callers.O)).operations).not.toContain('startSweep');
  expect((await me(callers.R)).operations).not.toContain('removeEnvironment');
  expect(await me(callers.P)).toMatchObject({ role: 'operator', changes: 'all', operations: ruledOperations });
  const local = await startApi();
  expect((await local.app.inject('/me')).json()).toMatchObject({ name: 'local', role: 'operator', via: 'local' });
});
