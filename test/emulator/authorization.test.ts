import { randomUUID } from 'node:crypto';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { beforeAll, expect, test } from 'vitest';
import { roleIsEffective } from '../../src/emulator/providers/authorization/roleAssignments.ts';
import type { Resource, Cloud } from '../../src/emulator/arm/model.ts';
import { credential, useArm } from './armHarness.ts';

const arm = useArm('auth');
let client: AuthorizationManagementClient;
const principalId = randomUUID();
const acrPush = '8311e382-0749-4cb8-b61a-304f252e45ec';

beforeAll(async () => {
  client = new AuthorizationManagementClient(credential, arm.subscriptionId, arm.clientOptions);
});

const role = (id: string): string => `${arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('the SDK assigns a role once and finds it at the scope and below', async () => {
  const name = randomUUID();
  const assign = (as: string): Promise<{ id?: string }> =>
    client.roleAssignments.create(arm.group('auth'), as, {
      principalId,
      roleDefinitionId: role(acrPush),
      principalType: 'ServicePrincipal',
    });
  expect((await assign(name)).id).toBe(
    `${arm.group('auth')}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  );
  await assign(name);
  await expect(assign(randomUUID())).rejects.toMatchObject({ code: 'RoleAssignmentExists', statusCode: 409 });
  const filter = { filter: `principalId eq '${principalId}'` };
  expect(await all(client.roleAssignments.listForScope(arm.group('auth'), filter))).toHaveLength(1);
  expect(await all(client.roleAssignments.listForScope(arm.subscription, { filter: 'atScope()' }))).toHaveLength(0);
  expect(await all(client.roleAssignments.listForSubscription(filter))).toHaveLength(1);
  await client.roleAssignments.delete(arm.group('auth'), name);
  expect(await all(client.roleAssignments.listForScope(arm.group('auth'), filter))).toHaveLength(0);
});

test('a role that does not exist cannot be assigned', async () => {
  const assigning = client.roleAssignments.create(arm.group('auth'), randomUUID(), {
    principalId,
    roleDefinitionId: role(randomUUID()),
  });
  await expect(assigning).rejects.toMatchObject({ code: 'RoleDefinitionDoesNotExist' });
});

test('built-in roles are found by name; custom ones can be assigned in their scopes, and not deleted while assigned', async () => {
  const [push] = await all(client.roleDefinitions.list(arm.group('auth'), { filter: "roleName eq 'AcrPush'" }));
  expect(push?.id).toBe(role(acrPush));
  expect((await client.roleDefinitions.getById(role(acrPush))).roleName).toBe('AcrPush');
  const id = randomUUID();
  await client.roleDefinitions.createOrUpdate(arm.group('auth'), id, {
    roleName: 'Endpoint key reader',
    permissions: [{ actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action'] }],
    assignableScopes: [arm.group('auth')],
  });
  const name = randomUUID();
  await expect(
    client.roleAssignments.create(arm.subscription, name, { principalId, roleDefinitionId: role(id) }),
  ).rejects.toMatchObject({ code: 'RoleAssignmentScopeNotAssignableToRoleDefinition', statusCode: 400 });
  await client.roleAssignments.create(arm.group('auth'), name, { principalId, roleDefinitionId: role(id) });
  await expect(client.roleDefinitions.delete(arm.group('auth'), id)).rejects.toMatchObject({
    code: 'RoleDefinitionHasAssignments',
  });
  await client.roleAssignments.delete(arm.group('auth'), name);
  expect((await client.roleDefinitions.delete(arm.group('auth'), id)).roleName).toBe('Endpoint key reader');
});

const allowedActions = async (): Promise<unknown> =>
  (await all(client.permissions.listForResourceGroup('auth')))[0]?.actions;

test('the caller has all permissions unless a test restricts them', async () => {
  expect(await allowedActions()).toEqual(['*']);
  await arm.control('PUT', 'objects/permissions:*', { value: [{ actions: ['*/read'], notActions: [] }] });
  expect(await allowedActions()).toEqual(['*/read']);
});

test('a role takes effect some time after its assignment, at its scope and below, for its principal only', () => {
  const scope = '/subscriptions/s/resourceGroups/g';
  const assignment: Resource = {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: 'a',
    createdAt: 0,
    properties: { principalId, roleDefinitionId: role(acrPush) },
    secrets: { effectiveAt: 1000 },
  };
  const cloud = { ofType: () => [assignment] } as unknown as Cloud;
  const send = {
    principalId,
    scope: `${scope}/providers/Microsoft.ContainerRegistry/registries/cr`,
    roleId: acrPush,
    at: 1000,
  };
  expect(roleIsEffective(cloud, send)).toBe(true);
  expect(roleIsEffective(cloud, { ...send, at: 999 })).toBe(false);
  expect(roleIsEffective(cloud, { ...send, scope: `${scope}2` })).toBe(false);
  expect(roleIsEffective(cloud, { ...send, principalId: randomUUID() })).toBe(false);
  expect(roleIsEffective(cloud, { ...send, roleId: randomUUID() })).toBe(false);
});
