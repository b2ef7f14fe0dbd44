import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

describeLocal('a local try', 'reads what the emulator has created', () => {
  let moat: Moat;
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'local-try');
    client = createClient(moat.url);
  }, 120_000);
  afterAll(() => moat?.close());

  /** Names of the deployments in an environment's group. */
  async function deployments(name: string): Promise<string[]> {
    const resources = (await client.get(name)).steps.flatMap((step) => step.resources);
    const endpoint = resources.find(({ id }) => /\/onlineEndpoints\/[^/]+$/.test(id))!.id;
    const { body } = await createArmClient(moat)('GET', `${endpoint}/deployments`, '2024-10-01');
    return (body as { value: { name: string }[] }).value.map((deployment) => deployment.name);
  }

  const model = {
    format: 'custom',
    repository: 'https://github.com/moat-examples/linear-regression',
    ref: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
    path: 'houses',
    request: { data: [[2, 1, 4]] },
    expected: [12],
  };

  it.each(['custom', 'mlflow'])(
    'of the %s sample is in the receipt, beside the score of the endpoint',
    async (sample) => {
      const name = `tried-${sample}`;
      await client.create({ name, location: 'westus2', model: sample, tryLocally: true });
      const { state, receipt } = await client.until(name, 'ready', 'failed');
      expect(state).toBe('ready');
      expect(receipt).toMatchObject({
        localTry: {
          status: 200,
          bytes: expect.any(Number),
          excerpt: expect.stringMatching(/^\[[0-9.,]+\]$/),
          log: expect.stringContaining('Run function was found'),
        },
        score: { status: 200 },
      });
      expect(await deployments(name)).toEqual(['blue']);
    },
  );

  it('with a wrong answer stops the run before a deployment is created, and its log is in the failure', async () => {
    await client.create({
      name: 'wrongtry',
      location: 'westus2',
      tryLocally: true,
      model: { ...model, expected: [13] },
    });
    const { failure } = await client.until('wrongtry', 'ready', 'failed');
    expect(failure).toMatchObject({
      step: 'image',
      type: 'WrongAnswer',
      message: expect.stringMatching(/local try on the jumpbox.*expected 13, got 12/),
      remedy: expect.stringContaining('DELETE the environment'),
      log: expect.stringContaining('Run function was found'),
    });
    expect(await deployments('wrongtry')).toEqual([]);
  });

  it('can be left out afterwards: the same spec without it continues to the deployment', async () => {
    expect(
      (await client.create({ name: 'wrongtry', location: 'westus2', model: { ...model, expected: [13] } })).status,
    ).toBe(202);
    const { failure } = await client.until('wrongtry', 'ready', 'failed');
    expect(failure).toMatchObject({ step: 'score', type: 'WrongAnswer', log: null });
    expect(await deployments('wrongtry')).toEqual(['blue']);
  });
});
