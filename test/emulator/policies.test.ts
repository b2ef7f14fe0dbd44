import { afterEach, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('policies');

afterEach(() => arm.control('DELETE', 'policies'));

const storage = 'Microsoft.Storage/storageAccounts';
const accountBody = (allowSharedKeyAccess: boolean): object => ({
  location,
  kind: 'StorageV2',
  sku: { name: 'Standard_LRS' },
  tags: { Owner: 'Ann' },
  properties: { allowSharedKeyAccess },
});
const rules = (...list: object[]): Promise<unknown> => arm.control('PUT', 'policies', { rules: list });
const noKeys = {
  name: 'No-Keys',
  type: storage,
  field: 'properties.allowSharedKeyAccess',
  equals: true,
  effect: 'deny',
};

test('a denied property value is refused with the reason, and with the ids of the policy', async () => {
  await rules({ ...noKeys, reason: 'Local authentication methods are not allowed.' });
  const refused = await arm.send('PUT', arm.id(storage, 'stdenied'), accountBody(true));
  expect(refused.status).toBe(403);
  expect(refused.body.error).toMatchObject({
    code: 'RequestDisallowedByPolicy',
    target: 'stdenied',
    message:
      "Resource 'stdenied' was disallowed by policy. Reasons: 'Local authentication methods are not allowed.'. See error details for policy resource IDs.",
    additionalInfo: [
      {
        type: 'PolicyViolation',
        info: {
          policyDefinitionEffect: 'deny',
          policyAssignmentId:
            '/providers/Microsoft.Management/managementGroups/contoso/providers/Microsoft.Authorization/policyAssignments/No-Keys',
          evaluationDetails: {
            evaluatedExpressions: [{ expression: 'type' }, { expression: `${storage}/allowSharedKeyAccess` }],
          },
        },
      },
    ],
  });
  expect((await arm.send('PUT', arm.id(storage, 'stdenied'), accountBody(false))).status).toBe(202);
});

test('without a reason the text has the ids as JSON', async () => {
  await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny', initiative: 'Corp' });
  const refused = await arm.send('PUT', arm.id('Microsoft.Network/privateDnsZones', 'a.example'), {
    location: 'global',
  });
  const { message } = refused.body.error as { message: string };
  expect(message).toContain(
    `Resource 'a.example' was disallowed by policy. Policy identifiers: '[{"policyAssignment":`,
  );
  expect(message).toMatch(/"id":"[^"]*policyAssignments\/No-Zones"/);
  expect(message).toContain('policySetDefinitions/Corp');
});

test('a subnet rule looks into the virtual network that brings the subnet', async () => {
  const type = 'Microsoft.Network/virtualNetworks/subnets';
  await rules({ name: 'Nsg', type, field: 'properties.networkSecurityGroup', exists: false, effect: 'deny' });
  const id = arm.id('Microsoft.Network/virtualNetworks', 'vnet');
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };
  const subnet = { name: 'a', properties: { addressPrefix: '10.0.0.0/24' } };
  const refused = await arm.send('PUT', id, { location, properties: { addressSpace, subnets: [subnet] } });
  expect(refused.body.error.code).toBe('RequestDisallowedByPolicy');
  await arm.put(id, { location, properties: { addressSpace } });
  expect((await arm.send('PUT', `${id}/subnets/a`, subnet)).status).toBe(403);
});

test('a modify rule changes what is stored, and what exists when it is remediated', async () => {
  const modify = { name: 'M', type: storage, field: 'properties.allowSharedKeyAccess', effect: 'modify', value: false };
  const [before, after] = [arm.id(storage, 'stbefore'), arm.id(storage, 'stafter')];
  await arm.put(before, accountBody(true));
  await rules(modify);
  await arm.put(after, accountBody(true));
  expect((await arm.send('GET', after)).body.properties.allowSharedKeyAccess).toBe(false);
  expect((await arm.send('GET', before)).body.properties.allowSharedKeyAccess).toBe(true);
  await arm.control('PUT', 'policies', { rules: [modify], remediate: true });
  expect((await arm.send('GET', before)).body.properties.allowSharedKeyAccess).toBe(false);
});

test('tags change their case, go and come, by PUT, PATCH and the tags route', async () => {
  const id = arm.group('tagged');
  const tags = { values: 'lower', names: 'upper', remove: ['secret'], add: { 'cost-center': '42' } };
  await rules({ name: 'T', effect: 'modify', tags });
  await arm.send('PUT', id, { location, tags: { Owner: 'Ann', Secret: 'x' } });
  expect((await arm.send('GET', id)).body.tags).toEqual({ OWNER: 'ann', 'cost-center': '42' });
  await arm.send('PATCH', id, { tags: { Owner: 'Bob' } });
  expect((await arm.send('GET', id)).body.tags).toEqual({ OWNER: 'bob', 'cost-center': '42' });
  const route = `${id}/providers/Microsoft.Resources/tags/default`;
  await arm.send('PATCH', route, { operation: 'Merge', properties: { tags: { Team: 'ML' } } });
  expect((await arm.send('GET', id)).body.tags).toMatchObject({ OWNER: 'bob', TEAM: 'ml' });
});

test('clients can read the assignments, and ask what would be refused', async () => {
  const scope = arm.group('policies');
  await rules({ ...noKeys, reason: 'no keys' }, { name: 'Elsewhere', scope: arm.group('other'), effect: 'deny' });
  const list = await arm.send('GET', `${scope}/providers/Microsoft.Authorization/policyAssignments`);
  expect(list.body.value).toMatchObject([{ name: 'No-Keys', properties: { enforcementMode: 'Default' } }]);
  const path = 'providers/Microsoft.PolicyInsights/checkPolicyRestrictions';
  const resourceContent = { type: storage, name: 'x', ...accountBody(true) };
  const asked = { resourceDetails: { resourceContent }, pendingFields: [{ field: `${storage}/allowSharedKeyAccess` }] };
  for (const at of [scope, arm.subscription]) {
    const { body } = await arm.send('POST', `${at}/${path}`, asked);
    expect(body.contentEvaluationResult.policyEvaluations).toMatchObject([
      {
        evaluationResult: 'NonCompliant',
        effectDetails: { policyEffect: 'Deny' },
        policyInfo: { policyAssignmentId: expect.stringContaining('/policyAssignments/No-Keys') as string },
        evaluationDetails: { reason: 'no keys' },
      },
    ]);
    expect(body.fieldRestrictions).toMatchObject([
      { field: `${storage}/allowSharedKeyAccess`, restrictions: [{ result: 'Deny', values: ['true'] }] },
    ]);
  }
  const fine = { resourceDetails: { resourceContent: { type: storage, ...accountBody(false) } } };
  const { body } = await arm.send('POST', `${scope}/${path}`, fine);
  expect(body).toEqual({ fieldRestrictions: [], contentEvaluationResult: { policyEvaluations: [] } });
});

test('an audit and an assignment that is not enforced refuse nothing, and show where clients ask for audits', async () => {
  const disabled = { field: 'properties.allowSharedKeyAccess', equals: false, type: storage };
  await rules(
    { ...disabled, name: 'Look', effect: 'audit' },
    { ...disabled, name: 'Soft', effect: 'deny', enforcementMode: 'DoNotEnforce', assignedBy: 'Ann' },
  );
  expect((await arm.send('PUT', arm.id(storage, 'staudited'), accountBody(false))).status).toBe(202);
  const resourceContent = { type: storage, name: 'x', ...accountBody(false) };
  const ask = async (includeAuditEffect: boolean): Promise<unknown> => {
    const path = `${arm.subscription}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
    const { body } = await arm.send('POST', path, { resourceDetails: { resourceContent }, includeAuditEffect });
    return (body.contentEvaluationResult.policyEvaluations as { effectDetails: object }[]).map(
      (one) => one.effectDetails,
    );
  };
  expect(await ask(true)).toEqual([{ policyEffect: 'Audit' }, { policyEffect: 'Deny' }]);
  expect(await ask(false)).toEqual([{ policyEffect: 'Deny' }]);
  const list = await arm.send('GET', `${arm.subscription}/providers/Microsoft.Authorization/policyAssignments`);
  expect(list.body.value[1].properties).toMatchObject({
    enforcementMode: 'DoNotEnforce',
    metadata: { assignedBy: 'Ann' },
  });
});

async function askWithPendingTags(tags: object) {
  const path = `${arm.subscription}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
  const resourceContent = { type: storage, name: 'x', ...accountBody(false), tags };
  const asked = { resourceDetails: { resourceContent }, pendingFields: [{ field: 'tags' }] };
  return (await arm.send('POST', path, asked)).body;
}

test('a rule about a pending field that the content lacks is a restriction, not a verdict', async () => {
  await rules({ name: 'Env', field: 'tags.env', notIn: ['prod'], effect: 'deny' });
  const restriction = { result: 'Required', policyEffect: 'Deny', values: ['prod'] };
  expect(await askWithPendingTags({})).toMatchObject({
    fieldRestrictions: [{ field: 'tags.env', restrictions: [restriction] }],
    contentEvaluationResult: { policyEvaluations: [] },
  });
  const { contentEvaluationResult } = await askWithPendingTags({ env: 'test' });
  expect(contentEvaluationResult.policyEvaluations).toMatchObject([{ evaluationResult: 'NonCompliant' }]);
});

test('an exemption ends the effect of its assignment at its scope; one that is wrong is refused', async () => {
  await rules({ ...noKeys, initiative: 'Corp' });
  const put = (name: string, properties: object): ReturnType<typeof arm.send> =>
    arm.send('PUT', `${arm.group('policies')}/providers/Microsoft.Authorization/policyExemptions/${name}`, {
      properties,
    });
  const assignment =
    '/providers/Microsoft.Management/managementGroups/contoso/providers/Microsoft.Authorization/policyAssignments/No-Keys';
  const waiver = { policyAssignmentId: assignment, exemptionCategory: 'Waiver' };
  expect((await put('a', { ...waiver, exemptionCategory: 'Forever' })).status).toBe(400);
  expect((await put('a', { ...waiver, policyAssignmentId: `${assignment}2` })).status).toBe(404);
  const account = arm.id(storage, 'stexempt');
  await put('other', { ...waiver, policyDefinitionReferenceIds: ['another'] });
  await put('over', { ...waiver, expiresOn: '2020-01-01T00:00:00Z' });
  expect((await arm.send('PUT', account, accountBody(true))).status).toBe(403);
  await put('one', { ...waiver, policyDefinitionReferenceIds: ['No-Keys'] });
  expect((await arm.send('PUT', account, accountBody(true))).status).toBe(202);
  const filter = '?$filter=atScope()';
  const listed = async (scope: string): Promise<unknown[]> =>
    (await arm.send('GET', `${scope}/providers/Microsoft.Authorization/policyExemptions${filter}`)).body.value;
  expect(await listed(arm.group('policies'))).toHaveLength(3);
  expect(await listed(arm.subscription)).toHaveLength(0);
});

test('a provider that is not registered answers nothing', async () => {
  await arm.control('PUT', 'objects/provider:microsoft.policyinsights', { value: 'NotRegistered' });
  const path = `${arm.subscription}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
  const answer = await arm.send('POST', path, { resourceDetails: { resourceContent: { type: storage } } });
  expect([answer.status, answer.body.error.code]).toEqual([409, 'MissingSubscriptionRegistration']);
  await arm.control('DELETE', 'objects/provider:microsoft.policyinsights');
});

test('an incomplete rule is refused', async () => {
  const answer = await arm.control('PUT', 'policies', { rules: [{ name: 'x', effect: 'modify' }] });
  expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining('needs "field"')]);
});
