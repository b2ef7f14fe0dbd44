import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource, resourceName } from '../../src/domain/resources.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import {
  attempt,
  createResource,
  deleteResource,
  failureOf,
  startProvisionedHarness,
  untilDone,
} from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startProvisionedHarness();
}, 60_000);
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const clients = () => harness.azure.clients(harness.ref.subscriptionId);

const command: CommandName = 'setUp';
const sent = (name: string) => harness.sent('PUT', new RegExp(`runCommands/${name}$`));
const assignments = async () => {
  const found: { scope: string; role: string }[] = [];
  for await (const one of clients().authorization.roleAssignments.listForResourceGroup('rg-moat-churn1')) {
    found.push({ scope: one.scope?.split('/').at(-1) ?? '', role: one.roleDefinitionId?.split('/').at(-1) ?? '' });
  }
  return found;
};
const rows = async () => (await attempt(harness.activities.proveOutside, { ref: harness.ref })).rows;
const check = () => attempt(harness.activities.checkPrivateLinks, { ref: harness.ref });
const verdictOf = async (check: string) => (await rows()).find((row) => row.check === check)?.verdict;
const begin = (name: string, info: object = {}) =>
  attempt(harness.activities.beginJumpboxCommand, { ref: harness.ref, command, name }, info);

describe('Private links', () => {
  test('that are approved, linked and resolvable pass.', async () => {
    await check();
  });

  test('with missing records fail by name, though every resource is Succeeded.', async () => {
    await deleteResource(harness, plannedResource(harness.ref, 'zoneGroup:registry').id);
    const failure = await failureOf(check());
    expect(failure).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    expect(failure.message).toBe(
      'missing: A record crk3x9a0q7 in privatelink.azurecr.io; A record crk3x9a0q7.westus2.data in privatelink.azurecr.io',
    );
    const last = attempt(
      harness.activities.checkPrivateLinks,
      { ref: harness.ref },
      { heartbeatDetails: { attempts: { NotYetConsistent: 59 } } },
    );
    expect(await failureOf(last)).toMatchObject({
      type: 'NotYetConsistent',
      nonRetryable: true,
      message: failure.message,
    });
    await createResource(harness, 'zoneGroup:registry');
    await check();
  });
});

describe('The probe from outside', () => {
  test('finds every service closed.', async () => {
    const found = await rows();
    expect(found).toHaveLength(6);
    expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  });

  test('fails the proof for a registry with public access.', async () => {
    const registry = resourceName(harness.ref, 'registry');
    const { registries } = clients().registries;
    await registries.update('rg-moat-churn1', registry, {
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Allow' },
    });
    await expect.poll(() => verdictOf('container registry from outside')).toBe('failed');
    await createResource(harness, 'registry', {}, true);
    await expect.poll(() => verdictOf('container registry from outside')).toBe('passed');
  });
});

describe('The jumpbox’s identity', () => {
  test('gets each role once, on one resource each.', async () => {
    for (const role of ['pushImages', 'uploadBlobs', 'listKeys', 'listKeys', 'pushImages'] as const) {
      await attempt(harness.activities.grantRole, { ref: harness.ref, role });
    }
    const given = await assignments();
    expect(given.map(({ scope }) => scope).toSorted()).toEqual(['crk3x9a0q7', 'mlw-k3x9a0q7', 'stk3x9a0q7']);
  });

  test('lists the endpoint’s keys with a role that permits nothing else.', async () => {
    const [sent] = await harness.sent('PUT', /roleDefinitions/i);
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
    await attempt(harness.activities.revokeRoles, { ref: harness.ref });
    expect(await assignments()).toEqual([]);
    const deleted = await harness.sent('DELETE', /roleDefinitions/i);
    expect(deleted).toHaveLength(1);
    await attempt(harness.activities.revokeRoles, { ref: harness.ref });
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
    await failureOf(untilDone(harness.activities.observeJumpboxCommand, { id, command }));
    await attempt(harness.activities.deleteJumpboxCommand, { id });
    await attempt(harness.activities.deleteJumpboxCommand, { id });
  });

  test('whose PUT was not answered is adopted, not sent twice.', async () => {
    const name = 'setUp-provision-1-2';
    const match = { method: 'PUT', id: name };
    await harness.control('POST', 'faults', { match, effect: { dropAnswer: true } });
    expect(await failureOf(begin(name))).toMatchObject({ type: 'Transient' });
    await begin(name, { attempt: 2 });
    expect(await sent(name)).toHaveLength(1);
  });

  test('without Internet access fails with the script’s own message.', async () => {
    const { id } = await begin('setUp-provision-1-3');
    const failure = await failureOf(untilDone(harness.activities.observeJumpboxCommand, { id, command }));
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toMatch(/setUp on the jumpbox: /);
  });

  test('replaces one of the same name from an earlier workflow.', async () => {
    const name = 'setUp-provision-1-5';
    await begin(name);
    expect(await failureOf(begin(name))).toMatchObject({ type: 'InProgress' });
    await untilDone(harness.activities.beginJumpboxCommand, { ref: harness.ref, command, name });
    expect(await sent(name)).toHaveLength(2);
    expect(await harness.sent('DELETE', new RegExp(`runCommands/${name}$`))).toHaveLength(1);
    await begin(name, { attempt: 2 });
    expect(await sent(name)).toHaveLength(2);
  });

  test('that Azure could not start has a retry hint.', async () => {
    const name = 'setUp-provision-1-4';
    const effect = { failOperation: { code: 'InternalServerError', message: 'no' } };
    await harness.control('POST', 'faults', { match: { method: 'PUT', id: name }, effect });
    const { id } = await begin(name);
    const failure = await failureOf(untilDone(harness.activities.observeJumpboxCommand, { id, command }));
    expect(failure).toMatchObject({ type: 'Transient', nonRetryable: true, retryHint: { retry: true } });
  });

  test('with a request over the limit is rejected before it is sent.', async () => {
    await untilDone(harness.activities.readOutputs, { ref: harness.ref });
    const request = { data: 'x'.repeat(17_000) };
    const input = { ref: harness.ref, command: 'score', name: 'score-1', request } as const;
    const failure = await failureOf(attempt(harness.activities.beginJumpboxCommand, input));
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
    expect(await sent('score-1')).toEqual([]);
  });
});
