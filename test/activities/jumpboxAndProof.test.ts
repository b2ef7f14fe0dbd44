import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource, resourceName } from '../../src/domain/resources.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import { attempt, failureOf, keys, make, startWorld, unmake, untilDone } from './emulatorWorld.ts';
import type { World } from './emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await attempt(world.activities.ensureGroup, { ref: world.ref, tags: {} });
  for (const key of keys) await make(world, key);
}, 60_000);
beforeEach(() => world.control('DELETE', 'faults'));
afterAll(() => world.close());

const clients = () => world.azure.clients(world.ref.subscriptionId);

const command: CommandName = 'setUp';
const sent = (name: string) => world.sent('PUT', new RegExp(`runCommands/${name}$`));
const assignments = async () => {
  const found: { scope: string; role: string }[] = [];
  for await (const one of clients().authorization.roleAssignments.listForResourceGroup('rg-moat-churn1')) {
    found.push({ scope: one.scope?.split('/').at(-1) ?? '', role: one.roleDefinitionId?.split('/').at(-1) ?? '' });
  }
  return found;
};
const rows = async () => (await attempt(world.activities.proveOutside, { ref: world.ref })).rows;
const check = () => attempt(world.activities.checkPrivateLinks, { ref: world.ref });
const verdictOf = async (check: string) => (await rows()).find((row) => row.check === check)?.verdict;
const begin = (name: string, info: object = {}) =>
  attempt(world.activities.beginJumpboxCommand, { ref: world.ref, command, name }, info);

describe('Private links', () => {
  test('that are approved, linked and resolvable pass.', async () => {
    await check();
  });

  test('with missing records fail by name, though every resource is Succeeded.', async () => {
    await unmake(world, plannedResource(world.ref, 'zoneGroup:registry').id);
    const failure = await failureOf(check());
    expect(failure).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    expect(failure.message).toBe(
      'missing: A record crk3x9a0q7 in privatelink.azurecr.io; A record crk3x9a0q7.westus2.data in privatelink.azurecr.io',
    );
    const last = attempt(
      world.activities.checkPrivateLinks,
      { ref: world.ref },
      { heartbeatDetails: { attempts: { NotYetConsistent: 59 } } },
    );
    expect(await failureOf(last)).toMatchObject({
      type: 'NotYetConsistent',
      nonRetryable: true,
      message: failure.message,
    });
    await make(world, 'zoneGroup:registry');
    await check();
  });
});

describe('The probe from outside', () => {
  test('finds endpoint and registry closed.', async () => {
    const found = await rows();
    expect(found.map(({ check }) => check)).toEqual([
      'scoring endpoint from outside',
      'container registry from outside',
    ]);
    expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  });

  test('fails the proof for a registry with public access.', async () => {
    const registry = resourceName(world.ref, 'registry');
    const { registries } = clients().registries;
    await registries.update('rg-moat-churn1', registry, {
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Allow' },
    });
    await expect.poll(() => verdictOf('container registry from outside')).toBe('failed');
    await make(world, 'registry', {}, true);
    await expect.poll(() => verdictOf('container registry from outside')).toBe('passed');
  });
});

describe('The jumpbox’s identity', () => {
  test('gets each role once, on one resource each.', async () => {
    for (const role of ['pushImages', 'uploadBlobs', 'listKeys', 'listKeys', 'pushImages'] as const) {
      await attempt(world.activities.grantRole, { ref: world.ref, role });
    }
    const given = await assignments();
    expect(given.map(({ scope }) => scope).toSorted()).toEqual(['crk3x9a0q7', 'mlw-k3x9a0q7', 'stk3x9a0q7']);
  });

  test('lists the endpoint’s keys with a role that permits nothing else.', async () => {
    const [sent] = await world.sent('PUT', /roleDefinitions/i);
    expect(sent?.body).toMatchObject({
      properties: {
        permissions: [
          {
            actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action'],
            dataActions: [],
          },
        ],
        assignableScopes: [expect.stringMatching(/resourceGroups\/rg-moat-churn1$/) as string],
      },
    });
  });

  test('loses every role on revocation; without any, revocation succeeds.', async () => {
    await attempt(world.activities.revokeRoles, { ref: world.ref });
    expect(await assignments()).toEqual([]);
    const deleted = await world.sent('DELETE', /roleDefinitions/i);
    expect(deleted).toHaveLength(1);
    await attempt(world.activities.revokeRoles, { ref: world.ref });
  });
});

describe('A command on the jumpbox', () => {
  test('has a time limit and no secret, and runs asynchronously.', async () => {
    const { id } = await begin('setUp-provision-1-1');
    const [put] = await sent('setUp-provision-1-1');
    expect(put?.body).toMatchObject({
      location: 'westus2',
      properties: {
        asyncExecution: true,
        timeoutInSeconds: expect.any(Number) as number,
        source: { script: expect.stringContaining('#!/') as string },
      },
    });
    expect(put!.body!['properties']).not.toHaveProperty('protectedParameters');
    await failureOf(untilDone(world.activities.observeJumpboxCommand, { id, command }));
    await attempt(world.activities.deleteJumpboxCommand, { id });
    await attempt(world.activities.deleteJumpboxCommand, { id });
  });

  test('whose PUT was not answered is adopted, not sent twice.', async () => {
    const name = 'setUp-provision-1-2';
    const match = { method: 'PUT', id: name };
    await world.control('POST', 'faults', { match, effect: { dropAnswer: true } });
    expect(await failureOf(begin(name))).toMatchObject({ type: 'Transient' });
    await begin(name, { attempt: 2 });
    expect(await sent(name)).toHaveLength(1);
  });

  test('without Internet access fails with the script’s own message.', async () => {
    const { id } = await begin('setUp-provision-1-3');
    const failure = await failureOf(untilDone(world.activities.observeJumpboxCommand, { id, command }));
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toMatch(/setUp on the jumpbox: /);
  });

  test('replaces one of the same name from an earlier workflow.', async () => {
    const name = 'setUp-provision-1-5';
    await begin(name);
    expect(await failureOf(begin(name))).toMatchObject({ type: 'InProgress' });
    await untilDone(world.activities.beginJumpboxCommand, { ref: world.ref, command, name });
    expect(await sent(name)).toHaveLength(2);
    expect(await world.sent('DELETE', new RegExp(`runCommands/${name}$`))).toHaveLength(1);
    await begin(name, { attempt: 2 });
    expect(await sent(name)).toHaveLength(2);
  });

  test('that Azure could not start has a retry hint.', async () => {
    const name = 'setUp-provision-1-4';
    const effect = { failOperation: { code: 'InternalServerError', message: 'no' } };
    await world.control('POST', 'faults', { match: { method: 'PUT', id: name }, effect });
    const { id } = await begin(name);
    const failure = await failureOf(untilDone(world.activities.observeJumpboxCommand, { id, command }));
    expect(failure).toMatchObject({ type: 'Transient', nonRetryable: true, retryHint: { retry: true } });
  });

  test('with a request over the limit is rejected before it is sent.', async () => {
    await untilDone(world.activities.readOutputs, { ref: world.ref });
    const request = { data: 'x'.repeat(17_000) };
    const input = { ref: world.ref, command: 'score', name: 'score-1', request } as const;
    const failure = await failureOf(attempt(world.activities.beginJumpboxCommand, input));
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
    expect(await sent('score-1')).toEqual([]);
  });
});
