import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutations } from './combinations.ts';
import { startMutationHarness } from './mutationHarness.ts';
import type { Cloud, MutationHarness } from './mutationHarness.ts';
import { setConnection } from './mutations.ts';

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

  test.each<[what: string, vary: (cloud: Cloud) => void]>([
    ['its vault’s flag in lower case', (cloud) => (cloud.of('vault')['publicNetworkAccess'] = 'disabled')],
    [
      'a connection that somebody approved by hand',
      (cloud) => setConnection(cloud, 'privateEndpoint:vault', (state) => (state['description'] = 'approved by Ana')),
    ],
    [
      'ids in another case',
      (cloud) => {
        const subnet = cloud.at(`${cloud.id('virtualNetwork')}/subnets/snet-scoring`).properties;
        for (const member of ['networkSecurityGroup', 'natGateway'])
          subnet[member].id = subnet[member].id.toUpperCase();
      },
    ],
    [
      'a protocol in another case',
      (cloud) => {
        const rule = `${cloud.id('networkSecurityGroup')}/securityRules/AzureResourceManager`;
        cloud.at(rule).properties['protocol'] = 'TCP';
      },
    ],
    [
      'the record of another resource in a zone',
      (cloud) => {
        const [record] = cloud.records('privatelink.vaultcore.azure.net');
        cloud.copy(record!.id, record!.id.replace(/[^/]+$/, 'another'), { aRecords: [{ ipv4Address: '10.1.0.4' }] });
      },
    ],
    ['no exception for services of Azure', (cloud) => (cloud.of('storageAccount')['networkAcls'].bypass = 'None')],
    ['tags that a policy added', (cloud) => (cloud.at(cloud.id('registry'))['tags'] = { costCenter: '7' })],
  ])('may have %s.', async (_what, vary) => {
    expect(await harness.prove(vary)).toEqual([]);
  });

  test('whose gateway checks keys before the network is proved with the real key.', async () => {
    const found = await harness.prove((cloud) => (cloud.state.objects['scoring:authenticatesFirst'] = true));
    expect(found).toEqual([]);
  });
});

test.each(mutations)('%s changes exactly its rows.', async (_what, mutate, rows) => {
  expect((await harness.prove(mutate)).toSorted()).toEqual(rows.toSorted());
});

test('Every row of a sound proof has a mutation that makes it fail, or leaves it unproved where nothing can fail it.', async () => {
  await harness.prove(() => undefined);
  const cannotFail = /^service tag /;
  const unguarded = harness.rows().filter(({ check }) => {
    const verdict = cannotFail.test(check) ? 'inconclusive' : 'failed';
    return !mutations.some(([, , rows]) => rows.includes(`${check}: ${verdict}`));
  });
  expect(unguarded.map(({ check }) => check)).toEqual([]);
});

/** Another rule may let the jumpbox reach a service tag whose own rule is missing. */
const isHidden = (check: string): boolean => check.startsWith('service tag');
const checkOf = (row: string): string => row.slice(0, row.lastIndexOf(':'));

test('Nothing that is broken hides behind other things that are.', { timeout: 60_000 }, async () => {
  const several = fc.shuffledSubarray(mutations, { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(several, async (chosen) => {
      const found = await harness.prove((cloud) => {
        for (const [, mutate] of chosen) fc.pre(applies(() => mutate(cloud)));
      });
      const expected = chosen.flatMap(([, , rows]) => rows.map(checkOf)).filter((check) => !isHidden(check));
      expect(found.map(checkOf)).toEqual(expect.arrayContaining(expected));
    }),
    { numRuns: 12, seed: 13 },
  );
});

/** False where another mutation has removed what this one changes. */
function applies(mutate: () => void): boolean {
  try {
    mutate();
    return true;
  } catch {
    return false;
  }
}
