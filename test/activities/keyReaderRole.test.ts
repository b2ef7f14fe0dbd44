import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { roleIsAssignable } from '../../src/activities/preflight/rules/keyReaderRole.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { roleDefinitionIn, scoringActions } from '../../src/domain/roleDefinitions.ts';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, createResource, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
const withoutDefining = [
  { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] },
  { actions: ['Microsoft.Authorization/roleAssignments/write'] },
];
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  for (const key of [
    'logAnalytics',
    'applicationInsights',
    'storageAccount',
    'vault',
    'registry',
    'workspace',
    'identity',
  ] as const)
    await createResource(harness, key);
});
afterEach(() => harness.control('DELETE', 'objects/permissions:*'));
afterAll(() => harness.close());

const guids = { keys: '1', other: '2', all: '3', elsewhere: '4', data: '5' } as const;
const roleId = (which: keyof typeof guids | 'missing'): string =>
  roleDefinitionIn(
    harness.ref.subscriptionId,
    `00000000-0000-4000-8000-00000000000${which === 'missing' ? '9' : guids[which]}`,
  );

/** A role of the organisation, which existed before the environment. */
async function defineRole(
  which: keyof typeof guids,
  actions: string[],
  more: object = {},
  assignableScopes?: string[],
) {
  const properties = {
    roleName: `Organisation ${which}`,
    assignableScopes: assignableScopes ?? [`/subscriptions/${harness.ref.subscriptionId}`],
    permissions: [{ actions, notActions: [], ...more }],
  };
  await harness.azure.generic.send('PUT', roleId(which), '2022-04-01', { body: { properties } });
}
const findingsFor = async (keyReaderRoleDefinitionId?: string, authMode: Spec['authMode'] = 'key') => {
  const { jumpbox } = specOf('churn1');
  const spec = specOf('churn1', {
    authMode,
    jumpbox: { ...jumpbox, ...(keyReaderRoleDefinitionId === undefined ? {} : { keyReaderRoleDefinitionId }) },
  });
  const { findings } = await attempt(harness.activities.preflight, { ref: harness.ref, spec, specHash: 'h1' });
  return findings.filter(({ rule }) => rule === 'PF-25');
};
const assigned = async () => {
  const { roleAssignments } = harness.azure.clients(harness.ref.subscriptionId).authorization;
  return (await Array.fromAsync(roleAssignments.listForResourceGroup('rg-moat-churn1'))).map(({ roleDefinitionId }) =>
    roleDefinitionId?.split('/').at(-1),
  );
};
const guidOf = (id: string) => id.split('/').at(-1);
const grant = (roleDefinitionId?: string) =>
  attempt(harness.activities.grantRole, {
    ref: harness.ref,
    role: 'listKeys',
    ...(roleDefinitionId === undefined ? {} : { roleDefinitionId }),
  });

describe('The preflight of an environment that names the role of its jumpbox', () => {
  test('asks for no permission to define roles; without the role, its finding names the member of the spec', async () => {
    await defineRole('keys', [scoringActions.key]);
    await harness.control('PUT', 'objects/permissions:*', { value: withoutDefining });
    expect(await findingsFor(roleId('keys'))).toEqual([]);
    expect(await findingsFor()).toMatchObject([
      {
        severity: 'blocks',
        message: 'missing permission: Microsoft.Authorization/roleDefinitions/write',
        remedy: expect.stringContaining('"jumpbox.keyReaderRoleDefinitionId"') as string,
      },
    ]);
  });

  test('accepts the id in the form that names no subscription', async () => {
    await defineRole('keys', [scoringActions.key]);
    expect(await findingsFor(roleId('keys').replace(/^\/subscriptions\/[^/]+/, ''))).toEqual([]);
  });

  test('blocks where the role does not exist', async () => {
    expect(await findingsFor(roleId('missing'))).toMatchObject([
      { severity: 'blocks', message: expect.stringContaining('no role definition') as string },
    ]);
  });

  test('blocks where the role cannot be assigned in the environment’s group', async () => {
    await defineRole('elsewhere', [scoringActions.key], {}, ['/subscriptions/00000000-0000-4000-8000-0000000000aa']);
    expect(await findingsFor(roleId('elsewhere'))).toMatchObject([
      { severity: 'blocks', remedy: expect.stringContaining(`/subscriptions/${harness.ref.subscriptionId}`) as string },
    ]);
  });

  test('blocks where notActions or other actions leave the jumpbox without the key', async () => {
    await defineRole('other', ['Microsoft.MachineLearningServices/*/action'], {
      notActions: ['*/onlineEndpoints/listKeys/action'],
    });
    const [found, ...more] = await findingsFor(roleId('other'));
    expect(found).toMatchObject({ severity: 'blocks', message: expect.stringContaining('does not permit') as string });
    expect(more).toMatchObject([{ severity: 'warns' }]);
  });

  test.each(['amlToken', 'aadToken'] as const)('needs the action of %s, and blocks without it', async (mode) => {
    await defineRole('keys', [scoringActions.key]);
    await defineRole('other', [scoringActions[mode]]);
    expect(await findingsFor(roleId('other'), mode)).toEqual([]);
    const [found] = await findingsFor(roleId('keys'), mode);
    expect(found).toMatchObject({
      severity: 'blocks',
      message: expect.stringContaining(`does not permit ${scoringActions[mode]}`) as string,
    });
  });

  test('warns where a wildcard permits the jumpbox more than it needs', async () => {
    await defineRole('all', ['Microsoft.MachineLearningServices/workspaces/*/action']);
    expect(await findingsFor(roleId('all'))).toMatchObject([
      { severity: 'warns', message: expect.stringContaining('workspaces/*/action') as string },
    ]);
  });

  test('does not know what is below a management group', () => {
    const scope = plannedResource(harness.ref, 'workspace').id;
    const assignableScopes = ['/providers/Microsoft.Management/managementGroups/corp'];
    expect(roleIsAssignable({ id: 'r', scope }, { assignableScopes })).toMatchObject([{ severity: 'unknown' }]);
    expect(roleIsAssignable({ id: 'r', scope }, { assignableScopes: ['/'] })).toEqual([]);
  });
});

describe('A role that the spec names', () => {
  test('is assigned, replaced by another one on a later run, and outlives the teardown; Moat defines and deletes none', async () => {
    await defineRole('keys', [scoringActions.key]);
    await defineRole('all', ['*']);
    await harness.control('DELETE', 'requests');
    await grant(roleId('all'));
    await grant(roleId('keys'));
    await grant(roleId('keys'));
    expect(await assigned()).toEqual([guidOf(roleId('keys'))]);
    // a caller who may not write role definitions is refused before Azure looks for the definition
    const match = { method: 'DELETE', id: 'roleDefinitions' };
    const effect = { status: 403, code: 'AuthorizationFailed', message: 'no' };
    await harness.control('POST', 'faults', { match, effect, times: null });
    const { ids } = await attempt(harness.activities.listRoles, { ref: harness.ref });
    expect(ids).toEqual([expect.stringContaining('/roleAssignments/')]);
    await attempt(harness.activities.revokeRoles, { ref: harness.ref });
    await harness.control('DELETE', 'faults');
    expect(await assigned()).toEqual([]);
    expect(await harness.sent('PUT', /roleDefinitions/i)).toEqual([]);
    expect(await harness.sent('DELETE', /roleDefinitions/i)).toEqual([]);
    expect(await harness.azure.generic.send('GET', roleId('keys'), '2022-04-01')).toMatchObject({
      name: guidOf(roleId('keys')),
    });
  });

  test('takes the place of the role that Moat had defined, which the teardown deletes', async () => {
    await grant();
    const [own] = await assigned();
    await grant(roleId('keys'));
    expect(await assigned()).toEqual([guidOf(roleId('keys'))]);
    await attempt(harness.activities.revokeRoles, { ref: harness.ref });
    expect((await harness.sent('DELETE', /roleDefinitions/i)).map(({ path }) => guidOf(path))).toEqual([own]);
    expect(await attempt(harness.activities.verifyDeleted, { ref: harness.ref, principalId: null })).toEqual([
      expect.stringMatching(/resourceGroups\/rg-moat-churn1$/),
    ]);
  });
});
