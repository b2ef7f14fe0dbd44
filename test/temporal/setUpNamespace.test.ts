import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { searchAttributes } from '../../src/workflows/searchAttributes.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../e2e/support/until.ts';

const ownNames = Object.values(searchAttributes)
  .map(({ name }): string => name)
  .toSorted();

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporal').address });
});
afterAll(() => connection.close());

async function namespaceConfig(namespace: string) {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return config!;
}

/** Names of Moat's search attributes, once per column of the visibility store that is assigned to one. */
async function columnsOf(namespace: string): Promise<string[]> {
  const names = Object.values((await namespaceConfig(namespace)).customSearchAttributeAliases!);
  return names.filter((name) => ownNames.includes(name)).toSorted();
}

const setUp = (namespace: string): Promise<true> =>
  until('the namespace is ready', async () => {
    await setUpNamespace(new Client({ connection, namespace }));
    return true;
  });

it('processes that start concurrently assign each search attribute one column', async () => {
  const namespace = await ownNamespace(inject('temporal').address, 'set-up');
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => setUp(namespace)));
  expect(await columnsOf(namespace)).toEqual(ownNames);
  expect(Number((await namespaceConfig(namespace)).workflowExecutionRetentionTtl!.seconds)).toBe(30 * 24 * 3600);
});

it('a second column of a search attribute is removed at the next start', async () => {
  const namespace = await ownNamespace(inject('temporal').address, 'set-up-again');
  await setUp(namespace);
  const taken = (await namespaceConfig(namespace)).customSearchAttributeAliases!;
  const free = ['Keyword07', 'Keyword08', 'Keyword09', 'Keyword10'].find((column) => !(column in taken))!;
  const config = { customSearchAttributeAliases: { [free]: 'MoatState', Keyword99: 'SomebodyElse' } };
  await connection.workflowService.updateNamespace({ namespace, config });
  expect(await columnsOf(namespace)).toEqual([...ownNames, 'MoatState'].toSorted());
  await setUp(namespace);
  expect(await columnsOf(namespace)).toEqual(ownNames);
  expect((await namespaceConfig(namespace)).customSearchAttributeAliases).toHaveProperty('Keyword99');
});
