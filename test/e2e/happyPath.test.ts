import { verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Environment, MoatClient } from './support/client.ts';
import { describeLocal, moatUnderTest, uniqueName } from './support/target.ts';

let moat: Awaited<ReturnType<typeof moatUnderTest>>;
let client: MoatClient;
beforeAll(async () => {
  moat = await moatUnderTest('happy-path');
  ({ client } = moat);
}, 120_000);
afterAll(() => moat?.close());

interface Plan {
  ok: boolean;
  steps: { id: string }[];
  resources: { name: string; action: string }[];
  cost: { perHour: number };
  duration: { minSeconds: number; maxSeconds: number };
  methods: { isolation: string; perHour: number; minSeconds: number }[];
}

interface SignedDocument {
  issuedAt: string;
  environment: { name: string };
  proof: { rows: object[] };
}

const location = 'westus2';
const stepIds = [
  'preflight',
  'resourceGroup',
  'network',
  'workspace',
  'jumpbox',
  'image',
  'endpoint',
  'verify',
  'score',
];

async function namesIn(state: string): Promise<string[]> {
  const { body } = await client.call('GET', `/environments?state=${state}&limit=100`);
  return (body as { items: Environment[] }).items.map(({ name }) => name);
}

describe('an environment with the sample model', () => {
  const sample = { name: uniqueName('sample'), location };
  let created: Awaited<ReturnType<MoatClient['create']>>;
  let stream: Awaited<ReturnType<MoatClient['events']>>;
  beforeAll(async () => {
    created = await client.create(sample);
    stream = await client.events(sample.name);
  });
  afterAll(() => client.remove(sample.name));

  it('is provisioned by one POST, with its progress as an event stream', async () => {
    expect(created.status).toBe(202);
    expect(created.headers.get('location')).toBe(`/environments/${sample.name}`);
    expect(stream.status).toBe(200);
    expect(new Set(stream.events.map(({ event }) => event))).toEqual(new Set(['progress']));
    const last = stream.events.at(-1)!;
    expect(last.data.failure).toBeNull();
    expect(last.data.state).toBe('ready');
    expect(last.data.steps.map(({ id, state }) => `${id} ${state}`)).toEqual(stepIds.map((id) => `${id} succeeded`));
    expect((await client.events(sample.name, { 'last-event-id': last.id })).status).toBe(204);
  });

  it('is proved isolated and returns the article’s scores', async () => {
    const { receipt, outputs } = await client.get(sample.name);
    expect(receipt?.score).toMatchObject({ status: 200 });
    const [first, second] = receipt!.score!.body as [number, number];
    expect(first).toBeCloseTo(11055.977245525679, 6);
    expect(second).toBeCloseTo(4503.079536107787, 6);
    const { rows, complete } = receipt!.proof!;
    expect(rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(complete).toBe(true);
    expect(rows.some(({ check, verdict }) => /scoring.*inside/i.test(check) && verdict === 'passed')).toBe(true);
    expect(rows.some(({ check, verdict }) => /scoring.*outside/i.test(check) && verdict === 'passed')).toBe(true);
    expect(outputs.scoringUri).toMatch(
      new RegExp(String.raw`^https://${sample.name}-[a-z0-9]{8}\.westus2\.inference\.ml\.azure\.com/score$`),
    );
  });

  it('has a proof whose signature is valid', async () => {
    const { status, body } = await client.call('GET', `/environments/${sample.name}/proof`);
    expect(status).toBe(200);
    const { signature, document } = body as { signature: string; document: SignedDocument };
    expect(document.environment.name).toBe(sample.name);
    expect(document.proof.rows.length).toBeGreaterThan(0);
    const key = (await client.call('GET', '/.well-known/moat-proof-key')).body as string;
    const isValid = (signed: SignedDocument): boolean =>
      verify(null, Buffer.from(JSON.stringify(signed)), key, Buffer.from(signature, 'base64'));
    expect(isValid(document)).toBe(true);
    expect(isValid({ ...document, issuedAt: new Date(0).toISOString() })).toBe(false);
  });

  it('returns the last lines of its container’s log', async () => {
    const { status, body } = await client.call('GET', `/environments/${sample.name}/logs?tail=3`);
    expect(status).toBe(200);
    const lines = (body as string).split('\n');
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.at(-1)).toMatch(/\S/);
  });

  it('I10 records the image by digest, with the commit and the base images that it was built from', async () => {
    const { image } = (await client.get(sample.name)).receipt!;
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string;
    expect(image).toEqual({
      image: expect.stringMatching(/^cr[a-z0-9]{8}\.azurecr\.io\/.+@sha256:[0-9a-f]{64}$/) as string,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      baseImages: [{ name: expect.stringMatching(/^docker\.io\/library\/python:/) as string, digest, movedTo: null }],
    });
  });

  it('scores other rows with other results, and records the run', async () => {
    const path = `/environments/${sample.name}/score`;
    const { status, body } = await client.call('POST', path, { data: [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] });
    expect(status).toBe(200);
    expect((body as { body: number[] }).body[0]).toBeCloseTo(152.76430691633442, 9);
    expect((body as { latencyMs: number }).latencyMs).toBeGreaterThan(0);
    const runs = (await client.call('GET', `/environments/${sample.name}/runs`)).body;
    expect(JSON.stringify(runs)).toContain('score-1');
  });

  it('is returned by a repeated POST, and conflicts with another spec', async () => {
    await client.until(sample.name, 'ready');
    expect((await client.create(sample)).status).toBe(200);
    expect((await client.create({ ...sample, ttl: '4h', onFailure: 'teardown' })).status).toBe(200);
    const conflict = await client.create({ ...sample, model: 'mlflow' });
    expect(conflict.status).toBe(409);
    expect(conflict.body).toMatchObject({ code: 'SpecConflict' });
  });

  it('is adopted as it is by a plan of the same spec', async () => {
    const { status, body } = await client.call('POST', '/plans', sample);
    expect(status).toBe(200);
    const { ok, resources } = body as Plan;
    expect(ok).toBe(true);
    expect(resources.filter(({ action }) => action !== 'adopt')).toEqual([]);
  });

  it('is in the list of ready environments', async () => {
    await expect.poll(() => namesIn('ready'), { timeout: 10_000 }).toContain(sample.name);
    expect(await namesIn('failed')).not.toContain(sample.name);
  });
});

it('DELETE removes every resource, returns a receipt, and frees the name', async () => {
  const spec = { name: uniqueName('removed'), location };
  onTestFinished(() => client.remove(spec.name));
  await client.create(spec);
  await client.until(spec.name, 'ready', 'failed');
  expect((await client.call('DELETE', `/environments/${spec.name}`)).status).toBe(202);
  const { state, receipt } = await client.until(spec.name, 'deleted', 'blocked');
  expect(state).toBe('deleted');
  expect(receipt?.remaining).toEqual([]);
  expect(receipt?.removed?.some(({ id, proof }) => /vaults/i.test(id) && proof === 'purged')).toBe(true);
  expect(receipt?.removed?.length).toBeGreaterThan(30);
  expect((await client.call('GET', `/environments/${spec.name}/logs`)).body).toMatchObject({ code: 'NoDeployment' });
  expect((await client.create(spec)).status).toBe(202);
});

it('the MLflow sample returns its expected scores', async () => {
  const name = uniqueName('mlflow');
  onTestFinished(() => client.remove(name));
  await client.create({ name, location, model: 'mlflow' });
  const { receipt } = await client.until(name, 'ready', 'failed');
  expect((receipt!.score!.body as number[])[0]).toBeCloseTo(6141.267272547523, 6);
});

describeLocal('a model from the user’s repository', 'the repository exists only in the emulator', () => {
  const model = {
    format: 'custom',
    repository: 'https://github.com/moat-examples/linear-regression',
    ref: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
    path: 'houses',
    request: { data: [[2, 1, 4]] },
    expected: [12],
  };

  it('is scored with its own request', async () => {
    await client.create({ name: 'houses', location, model });
    expect((await client.until('houses', 'ready', 'failed')).receipt?.score?.body).toEqual([12]);
  });

  it('fails the run when its answer differs from the expected one', async () => {
    await client.create({ name: 'houses2', location, model: { ...model, expected: [13] } });
    const { failure } = await client.until('houses2', 'ready', 'failed');
    expect(failure).toMatchObject({ step: 'score', type: 'WrongAnswer' });
  });
});

it('a plan of a new environment has its parts, and creates nothing', async () => {
  const spec = { name: uniqueName('planned'), location };
  const { status, body } = await client.call('POST', '/plans', spec);
  expect(status).toBe(200);
  const { ok, steps, resources, cost, duration, methods } = body as Plan;
  expect([ok, steps.map(({ id }) => id)]).toEqual([true, stepIds]);
  expect(resources.length).toBeGreaterThan(30);
  expect(resources.filter(({ action }) => action !== 'create')).toEqual([]);
  expect(cost.perHour).toBeGreaterThan(0.3);
  expect(duration.maxSeconds).toBeGreaterThanOrEqual(duration.minSeconds);
  const [own, network] = methods;
  expect(methods.map(({ isolation }) => isolation)).toEqual(['privateEndpoints', 'managedNetwork']);
  expect(own!.perHour).toBe(cost.perHour);
  expect(network!.perHour).toBeGreaterThan(own!.perHour);
  expect(network!.minSeconds).toBeGreaterThan(own!.minSeconds);
  expect((await client.call('GET', `/environments/${spec.name}`)).status).toBe(404);
});

it('answers 404 for an unknown environment', async () => {
  const path = `/environments/${uniqueName('unknown')}`;
  expect((await client.call('GET', path)).status).toBe(404);
  expect((await client.call('DELETE', path)).status).toBe(404);
});
