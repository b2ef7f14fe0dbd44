import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { claimNamespace, installationIdOf } from '../../src/temporal/installation.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation } from './support/moatProcesses.ts';

const keys = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32));
const { address } = inject('temporal');
let connection: Connection;
let moat: Installation | undefined;

beforeAll(async () => {
  connection = await Connection.connect({ address });
});
afterEach(() => moat?.close());
afterAll(() => connection.close());

it('exactly one of several installations that start together gets a namespace', async () => {
  const namespace = await ownNamespace(address, 'claim');
  const claim = (key: string): Promise<string> =>
    claimNamespace(new Client({ connection, namespace }), installationIdOf(key), address).then(() => key);
  const outcomes = await Promise.allSettled(keys.map(claim));
  const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(winners).toHaveLength(1);
  await expect(claim(winners[0]!)).resolves.toBe(winners[0]);
});

it.each(['worker', 'api', 'dev'])(
  'the %s of another installation stops before it polls or serves, and names both installations',
  async (name) => {
    const namespace = await ownNamespace(address, `foreign-${name}`);
    await claimNamespace(new Client({ connection, namespace }), installationIdOf(keys[0]!), address);
    moat = await createInstallation({ MOAT_SEAL_KEY: keys[1]! });
    const foreign = moat.run('node', ['scripts/run.mjs', `src/main/${name}.ts`], {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    expect(await foreign.exitCode()).toBe(78);
    expect(foreign.output().trim().split('\n')).toEqual([
      expect.stringContaining(
        `Namespace ${namespace} of Temporal at ${address} belongs to installation ${installationIdOf(keys[0]!)}; ` +
          `this is installation ${installationIdOf(keys[1]!)}. Set TEMPORAL_NAMESPACE`,
      ),
    ]);
    const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'moat' } });
    expect(pollers).toEqual([]);
  },
);
