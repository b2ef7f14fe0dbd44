import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../e2e/support/until.ts';
import { specOf, subscriptionId, withRequests } from '../workflows/fixtures.ts';

const everybody = { environments: 3, locations: null, instanceTypes: null, maxTtl: '2d' };
const policy = { everybody, owners: { bo: { environments: 1 }, cy: { environments: null } } };

let connection: Connection;
let client: Client;
let environments: ReturnType<typeof withRequests>;
beforeAll(async () => {
  const { address } = inject('temporal');
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace: await ownNamespace(address, 'quota') });
  await until('the namespace is ready', async () => {
    await setUpNamespace(client);
    return true;
  });
  environments = withRequests(
    createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null, policy }),
  );
});
afterAll(() => connection.close());

const create = (name: string, owner: string) => environments.create(specOf(name, { owner }));

it('starts as many environments of an owner as the policy allows, also where all are requested at once', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `many${index}`);
  const outcomes = await Promise.allSettled(names.map((name) => create(name, 'ana')));
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(5);
  expect(refused[0]).toMatchObject({
    reason: { code: 'TooManyEnvironments', message: expect.stringMatching(/^ana has 3 .* allows 3\. DELETE one/) },
  });
  await until('all are counted', async () => (await environments.countOf('ana')) === 3);
});

it('a repeated request, and the requests of other owners, are not refused', async () => {
  await create('bo1', 'bo');
  await create('bo1', 'bo');
  await expect(create('bo2', 'bo')).rejects.toMatchObject({ code: 'TooManyEnvironments' });
  for (let i = 1; i <= 5; i++) await create(`cy${i}`, 'cy');
});

it('environments that another process has started count, and deleted ones do not', async () => {
  await makeKnownEnvironments(client, { count: 2, prefix: 'known-', change: () => ({ owner: 'dee' }) });
  await makeKnownEnvironments(client, {
    count: 3,
    prefix: 'gone-',
    change: () => ({ owner: 'dee', state: 'deleted' }),
  });
  await until('both are counted', async () => (await environments.countOf('dee')) === 2);
  await create('dee1', 'dee');
  await expect(create('dee2', 'dee')).rejects.toMatchObject({ code: 'TooManyEnvironments' });
});

it('a renewal is limited by the policy for the owner of the environment', async () => {
  await create('eve1', 'eve');
  await expect(environments.change('eve1', { ttl: '3d' }, undefined)).rejects.toMatchObject({
    code: 'ForbiddenByPolicy',
    errors: [{ path: '/ttl', message: 'must be at most 2d' }],
  });
});
