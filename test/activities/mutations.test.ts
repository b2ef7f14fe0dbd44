import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMutationHarness } from './mutationHarness.ts';
import type { MutationHarness } from './mutationHarness.ts';
import { accessMutations, connectionMutations, dnsMutations } from './mutations.ts';
import { networkMutations, workerMutations } from './networkMutations.ts';

let harness: MutationHarness;
beforeAll(async () => {
  harness = await startMutationHarness();
}, 120_000);
afterAll(() => harness.close());

describe('A sound environment', () => {
  test('is proved from outside, inside, ARM and outwards, by rows of stable, unique names.', async () => {
    expect(await harness.prove(() => undefined)).toEqual([]);
    const rows = harness.rows();
    expect(new Set(rows.map(({ check }) => check)).size).toBe(rows.length);
    expect(new Set(rows.map(({ from }) => from))).toEqual(new Set(['outside', 'inside', 'arm', 'outward']));
    expect(rows.map(({ check }) => check)).toMatchSnapshot();
  });

  test('may have an open workspace, where the spec requests it.', async () => {
    const opened = await harness.prove((cloud) => (cloud.of('workspace')['publicNetworkAccess'] = 'Enabled'), {
      open: true,
    });
    expect(opened).toEqual([]);
    expect(await harness.prove(() => undefined, { open: true })).toEqual([]);
  });

  test('may have a foreign connection that nobody approved.', async () => {
    const found = await harness.prove(
      (cloud) => (cloud.state.objects[`connections:${cloud.id('registry').toLowerCase()}`] = [{ status: 'Rejected' }]),
    );
    expect(found).toEqual([]);
  });

  test('whose gateway checks keys before the network is proved with the real key.', async () => {
    const found = await harness.prove((cloud) => (cloud.state.objects['scoring:authenticatesFirst'] = true));
    expect(found).toEqual([]);
  });
});

test.each([...accessMutations, ...connectionMutations, ...dnsMutations, ...networkMutations, ...workerMutations])(
  '%s changes exactly its rows.',
  async (_what, mutate, rows) => {
    expect((await harness.prove(mutate)).toSorted()).toEqual(rows.toSorted());
  },
);
