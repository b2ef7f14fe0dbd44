import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { container, endpointName, storageAccount } from '../emulator/isolatedCloud.ts';
import { deployed } from './scoringSupport.ts';
import type { Deployed } from './scoringSupport.ts';

const linear = { intercept: 10, coefficients: [1.5, -2, 0.25] };
const request = { data: [[2, 1, 4]] };
const sample = { request, expected: [12] };

let moat: Deployed;
beforeEach(async () => {
  moat = await deployed(linear);
});

test('S01 scoring longer than the deployment allows names its limit and the field, and is not sent again', async () => {
  moat.answer({ delaySeconds: 61, times: null });
  expect(await moat.failureOf(sample)).toEqual({
    type: 'DeploymentUnhealthy',
    message: 'HTTP 408: scoring took longer than the 60 s that the deployment allows; answer: upstream request timeout',
    remedy: expect.stringContaining('"requestTimeoutSeconds" (at most 180)') as string,
  });
  expect(moat.received()).toBe(1);
  expect(await moat.score(request)).toMatchObject({ status: 408, body: 'upstream request timeout' });
  expect(moat.received()).toBe(2);
});

test('S01 a deployment that allows 180 s answers after 179 s', async () => {
  const { cloud } = moat.isolated;
  const [deployment] = cloud.ofType('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments');
  deployment!.properties['requestSettings'] = { requestTimeout: 'PT180S' };
  moat.answer({ delaySeconds: 179 });
  expect(await moat.sample(sample)).toMatchObject({ status: 200, latencyMs: expect.closeTo(179_100, -3) as number });
});

describe('S03 a script that answers 200 with the text of its exception is a WrongAnswer with that text', () => {
  test.each([{ error: 'ValueError: X has 2 features' }, "could not convert string to float: 'ValueError: X has 2'"])(
    '%j',
    async (body) => {
      moat.answer({ status: 200, body: JSON.stringify(body) });
      const failure = await moat.failureOf(sample);
      expect(failure).toMatchObject({ type: 'WrongAnswer' });
      expect(failure!.message).toMatch(/answered 200 with the text of an error; answer: .*ValueError: X has 2/);
      expect(failure!.remedy).toContain('raise its exception');
    },
  );
});

test.each([
  ['NaN', '[NaN]', 'it has NaN, which JSON does not know'],
  ['a wrong envelope', '{"result":[12]}', 'in the member "result" of the answer'],
  ['JSON in a string', '"[12]"', 'a JSON string that has JSON in it'],
  ['a fraud score 3e-7 times as large', '[12.00001]', 'differs at $[0]: expected 12, got 12.00001'],
  ['no JSON', '<html>', 'the answer is not JSON'],
  ['nothing', '', 'the answer is not JSON; the answer is empty'],
])('S03 %s has its own message', async (_what, body, message) => {
  moat.answer({ status: 200, body });
  const failure = await moat.failureOf(sample);
  expect([failure?.type, failure?.message]).toEqual(['WrongAnswer', expect.stringContaining(message)]);
});

test('S05 an image in the repository is sent with its content type, and its expected file is compared', async () => {
  const { cloud } = moat.isolated;
  cloud.objects.put(`blob:${storageAccount}/${container}/moat/samples/r`, 'an image');
  cloud.objects.put(`blob:${storageAccount}/${container}/moat/samples/e`, '{"label": "cat"}');
  moat.answer({ status: 200, body: { label: 'cat' }, times: null });
  const files = { requestFile: 'a.png', requestContentType: 'image/png', expectedFile: 'a.json' };
  const blobs = { request: 'moat/samples/r', expected: 'moat/samples/e' };
  expect(await moat.sample(files, blobs)).toMatchObject({ comparison: { verdict: 'alike' }, body: { label: 'cat' } });
  cloud.objects.put(`blob:${storageAccount}/${container}/moat/samples/e`, '{"label": "dog"}');
  expect((await moat.sample(files, blobs)).comparison).toMatchObject({ path: '$.label', expected: '"dog"' });
});

test('S07 integers that become floats are alike', async () => {
  moat.answer({ status: 200, body: '[1.0, 0.0, 4.0]' });
  expect(await moat.failureOf({ request, expected: [1, 0, 4] })).toBeUndefined();
});

test('S08 an answer of 1,536 random floats is proved inside the network; only size, hash and beginning come out', async () => {
  moat = await deployed({ randomFloats: 1536 });
  await expect(moat.score(request)).rejects.toMatchObject({
    type: 'AnswerTooLarge',
    message: expect.stringMatching(
      /has \d{5} bytes, and \d{5} after gzip and base64; at most 3072 after both fit/,
    ) as string,
  });
  const blob = `blob:${storageAccount}/${container}/moat/samples/e`;
  const { fixedAnswer } = await import('../../src/emulator/dataPlane/fixedModel.ts');
  const answer = fixedAnswer({ randomFloats: 1536 });
  moat.isolated.cloud.objects.put(blob, answer);
  const files = { request, expectedFile: 'embedding.json' };
  const outcome = await moat.sample(files, { expected: 'moat/samples/e' });
  expect(outcome).toEqual({
    status: 200,
    latencyMs: expect.any(Number) as number,
    bytes: answer.length,
    sha256: createHash('sha256').update(answer).digest('hex'),
    excerpt: answer.slice(0, 300),
    body: null,
    comparison: { verdict: 'alike' },
  });
  expect(answer.length).toBeGreaterThan(25_000);
  const [, second] = JSON.parse(answer) as number[];
  moat.isolated.cloud.objects.put(blob, answer.replace(String(second), '0.5'));
  expect((await moat.sample(files, { expected: 'moat/samples/e' })).comparison).toEqual({
    verdict: 'differs',
    path: '$[1]',
    expected: '0.5',
    actual: String(second),
  });
});

test.each([
  ['200 KB', JSON.stringify(Array(20_000).fill(0.12345678))],
  ['40 levels', '['.repeat(40) + ']'.repeat(40)],
])('S08 an answer of %s that compresses well is proved, too', async (_what, answer) => {
  moat.isolated.cloud.objects.put(`blob:${storageAccount}/${container}/moat/samples/e`, `${answer}\n`);
  moat.answer({ status: 200, body: answer });
  const outcome = await moat.sample({ request, expectedFile: 'e.json' }, { expected: 'moat/samples/e' });
  expect(outcome).toMatchObject({ bytes: answer.length, body: null, comparison: { verdict: 'alike' } });
});

test('S09 429 ends the command as Throttled, which the workflow repeats with backoff', async () => {
  moat.answer({ status: 429, body: 'too many requests' });
  await expect(moat.sample(sample)).rejects.toMatchObject({
    type: 'Throttled',
    retryable: true,
    message: expect.stringContaining('the endpoint answers 429: too many requests at once') as string,
  });
  expect(moat.received()).toBe(1);
  expect(await moat.failureOf(sample)).toBeUndefined();
});

test('S09 the deployment answers 429 to more requests at once than twice its concurrency', async () => {
  const { cloud, endpoint } = moat.isolated;
  const { scoringService } = await import('../../src/emulator/dataPlane/scoringService.ts');
  const url = `https://${endpointName}.westus2.inference.ml.azure.com/score`;
  const send = (at: number) =>
    scoringService(
      cloud,
      endpoint,
      { method: 'POST', url, headers: { authorization: 'Bearer the-primary-key' }, body: JSON.stringify(request) },
      { via: 'private', clientAddress: '192.168.0.12', at },
    ).status;
  const now = cloud.now();
  expect([send(now), send(now), send(now), send(now + 2000)]).toEqual([200, 200, 429, 200]);
});

test('S10 404 although the deployment is up names the traffic', async () => {
  moat.isolated.endpoint.properties['traffic'] = {};
  expect(await moat.failureOf(sample)).toMatchObject({
    type: 'DeploymentUnhealthy',
    message: expect.stringContaining('the endpoint has no deployment with traffic') as string,
    remedy: expect.stringContaining('--traffic blue=100') as string,
  });
});

test.each([401, 404])('the first scoring call waits about 3 minutes for key and route: %i', async (status) => {
  moat.answer({ status, times: 6 });
  expect(await moat.failureOf(sample)).toBeUndefined();
  expect(moat.received()).toBe(7);
});
