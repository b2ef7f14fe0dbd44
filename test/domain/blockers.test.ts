import { describe, expect, it } from 'vitest';
import { blockerOf, foreignDependentOf, locksOn } from '../../src/domain/blockers.ts';
import { newFailure } from '../../src/domain/failures.ts';
import type { Failure } from '../../src/domain/failures.ts';
import { groupId, resourceId } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';

const ref: EnvironmentRef = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  name: 'churn1',
  location: 'westus2',
  suffix: 'k3x9a0q7',
};
const group = groupId(ref);
const network = plannedResource(ref, 'virtualNetwork').id;
const failure = (change: Partial<Failure>): Failure =>
  newFailure({ step: 'network', type: 'Unknown', message: '', ...change });

const lock = (scope: string) => ({
  id: `${scope}/providers/Microsoft.Authorization/locks/keep`,
  level: 'CanNotDelete',
  scope,
});
const inUse = (by: string) =>
  `Subnet snet-scoring is in use by ${by}/ipConfigurations/ipconfig1 and cannot be deleted.`;
const denied = (action: string, scope: string) =>
  blockerOf(
    ref,
    network,
    failure({
      type: 'Forbidden',
      code: 'AuthorizationFailed',
      message: `The client 'c' with object id 'b0b0' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
    }),
  ).command;

describe('a lock', () => {
  it('blocks its scope, what is inside it, and the group around it', () => {
    expect(locksOn(network, [lock(network)])).toHaveLength(1);
    expect(locksOn(network, [lock(group)])[0]?.command).toBe(`az lock delete --ids ${lock(group).id}`);
    expect(locksOn(group, [lock(network)])).toHaveLength(1);
    expect(locksOn(network, [lock(`/subscriptions/${ref.subscriptionId}`)])).toHaveLength(1);
  });
  it('blocks nothing else, even with the same name prefix', () => {
    expect(locksOn(network, [lock(`${network}2`), lock(plannedResource(ref, 'vault').id)])).toEqual([]);
  });
  it('that cannot be read is a blocker too', () => {
    expect(blockerOf(ref, network, failure({ type: 'Blocked', code: 'ScopeLocked', message: 'locked' }))).toMatchObject(
      { reason: 'locked: locked', command: 'az lock list --resource-group rg-moat-churn1' },
    );
  });
});

describe('a resource in use', () => {
  const own = resourceId(ref, { type: 'Microsoft.Network/networkInterfaces', name: 'nic-k3x9a0q7' });
  const foreign = own.replace('nic-k3x9a0q7', 'nic-of-ana');
  it('by one of Moat’s own is awaited', () => {
    expect(foreignDependentOf(ref, inUse(own))).toBeUndefined();
  });
  it('by a foreign resource names that and the command that deletes it', () => {
    expect(foreignDependentOf(ref, inUse(foreign))).toBe(`${foreign}/ipConfigurations/ipconfig1`);
    const blocker = blockerOf(ref, network, failure({ type: 'Blocked', code: 'InUse', message: inUse(foreign) }));
    expect(blocker.reason).toContain('in use by a foreign resource');
    expect(blocker.command).toBe(`az resource delete --ids ${foreign}`);
  });
});

describe('a missing permission', () => {
  it('is granted at its scope', () => {
    expect(denied('Microsoft.Network/virtualNetworks/delete', network)).toBe(
      `az role assignment create --assignee-object-id b0b0 --role "Contributor" --scope ${network}`,
    );
  });
  it('to revoke roles needs another role', () => {
    expect(denied('Microsoft.Authorization/roleAssignments/delete', network)).toContain('"User Access Administrator"');
  });
  it('to purge a vault is granted on the subscription', () => {
    expect(denied('Microsoft.KeyVault/locations/deletedVaults/purge/action', network)).toMatch(
      new RegExp(`--scope /subscriptions/${ref.subscriptionId}$`),
    );
  });
});

it('a deny assignment is queried in the cloud that az is signed in to', () => {
  const blocker = blockerOf(ref, network, failure({ code: 'DenyAssignmentAuthorizationFailed', message: 'denied' }));
  expect(blocker.command).toBe(
    `az rest --method get --url "${network}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01"`,
  );
});

it('any other failure has ARM’s message and a command', () => {
  expect(blockerOf(ref, network, failure({ code: 'Strange', message: 'odd' }))).toEqual({
    resource: network,
    reason: 'Strange: odd',
    command: `az resource delete --ids ${network}`,
  });
});
