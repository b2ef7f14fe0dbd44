import { guid } from '../operation.ts';
import type { Table } from '../operation.ts';
import { notEmulated, readOnly, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2022-04-01';
const auth = '{group}/providers/Microsoft.Authorization';
const acrPush = '8311e382-0749-4cb8-b61a-304f252e45ec';
const definition = `{subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPush}`;
const principalId = '0f0f0f0f-1111-4222-8333-444444444444';

const assignment = `${auth}/roleAssignments/7c2a1d6e-0000-4000-8000-000000000001`;
const assigned = { roleDefinitionId: definition, principalId, principalType: 'ServicePrincipal', scope: '{group}' };

const roleAssignment = resource({
  type: 'Microsoft.Authorization/roleAssignments',
  id: assignment,
  version,
  page: 'authorization/role-assignments',
  body: { properties: { roleDefinitionId: definition, principalId, principalType: 'ServicePrincipal' } },
  create: atOnce(201, { id: assignment, properties: assigned }),
  update: atOnce(200, { id: assignment, properties: assigned }),
  facts: { properties: { ...assigned, createdOn: /^\d{4}-.*Z$/ } },
  lists: [`${auth}/roleAssignments`, '{subscription}/providers/Microsoft.Authorization/roleAssignments'],
  delete: atOnce(200, { id: assignment, properties: assigned }),
});

const roles = `${auth}/roleDefinitions`;
const custom = `${roles}/7c2a1d6e-0000-4000-8000-000000000002`;
const customProperties = {
  roleName: 'Parity Reader',
  type: 'CustomRole',
  permissions: [{ actions: ['*/read'], notActions: [] }],
  assignableScopes: ['{group}'],
};
const rolePage = 'authorization/role-definitions';

const roleDefinition = resource({
  type: 'Microsoft.Authorization/roleDefinitions',
  id: custom,
  version,
  page: rolePage,
  body: { properties: customProperties },
  create: atOnce(201, { id: custom, properties: customProperties }),
  update: atOnce(201, { id: custom, properties: customProperties }),
  facts: { properties: customProperties },
  more: [
    {
      name: 'get a built-in role',
      method: 'GET',
      path: definition,
      expected: atOnce(200, {
        name: acrPush,
        properties: { roleName: 'AcrPush', type: 'BuiltInRole', permissions: Array, assignableScopes: ['/'] },
      }),
    },
    {
      name: 'list by name',
      method: 'GET',
      path: `${roles}?$filter=roleName%20eq%20'AcrPush'`,
      expected: atOnce(200, { value: [{ name: acrPush }] }),
    },
    { name: 'delete a built-in role', method: 'DELETE', path: definition, expected: readOnly },
  ],
  delete: atOnce(200, { id: custom }),
});

const permissions = resource({
  type: 'Microsoft.Authorization/permissions',
  id: `${auth}/permissions/one`,
  version,
  page: 'authorization/permissions',
  create: readOnly,
  update: readOnly,
  get: { status: 404, body: { error: { code: 'ResourceNotFound' } } },
  list: { status: 200, body: { value: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }] } },
  delete: { status: 204, body: '' },
});

const lock = resource({
  type: 'Microsoft.Authorization/locks',
  id: `${auth}/locks/keep`,
  version: '2020-05-01',
  page: 'resources/management-locks',
  body: { properties: { level: 'CanNotDelete', notes: 'parity' } },
  create: atOnce(201, { properties: { level: 'CanNotDelete' } }),
  update: atOnce(200, { properties: { level: 'CanNotDelete' } }),
  facts: { properties: { level: 'CanNotDelete', notes: 'parity' } },
  lists: [`${auth}/locks`, '{subscription}/providers/Microsoft.Authorization/locks'],
  delete: { status: 200 },
});

const policyId = `${auth}/policyAssignments/one`;
const policyAssignment = resource({
  type: 'Microsoft.Authorization/policyAssignments',
  id: policyId,
  version: '2023-04-01',
  page: 'policyauthorization/policy-assignments',
  body: { properties: {} },
  create: notEmulated,
  update: notEmulated,
  get: { status: 404, body: { error: { code: 'ResourceNotFound' } } },
  list: {
    status: 200,
    body: { value: [{ name: 'No-Nat', properties: { scope: '{group}', enforcementMode: 'Default' } }] },
  },
  delete: { status: 204, body: '' },
});

const exemption = `${auth}/policyExemptions/waived`;
const exempted = {
  policyAssignmentId: `${auth}/policyAssignments/No-Nat`,
  exemptionCategory: 'Waiver',
};
const policyExemption = resource({
  type: 'Microsoft.Authorization/policyExemptions',
  id: exemption,
  version: '2022-07-01-preview',
  page: 'policyauthorization/policy-exemptions',
  body: { properties: exempted },
  create: atOnce(201, { id: exemption, properties: exempted }),
  update: atOnce(200, { id: exemption, properties: exempted }),
  facts: { properties: exempted },
  delete: { status: 200 },
});

const restrictions = {
  resourceDetails: { resourceContent: { type: 'Microsoft.Storage/storageAccounts' }, apiVersion: '2024-06-01' },
};
const unrestricted = {
  status: 200,
  body: { fieldRestrictions: [], contentEvaluationResult: { policyEvaluations: [] } },
};
const policyPath = 'providers/Microsoft.PolicyInsights/checkPolicyRestrictions';
const policyPage = 'policy/policy-restrictions';

const identity = '{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai';
const userAssignedIdentity = resource({
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  id: identity,
  version: '2024-11-30',
  page: 'managedidentity/user-assigned-identities',
  body: { location: 'westus2' },
  create: atOnce(201, { properties: { principalId: guid, clientId: guid } }),
  update: atOnce(200, { properties: { principalId: guid, clientId: guid } }),
  facts: { location: 'westus2', properties: { principalId: guid, clientId: guid, tenantId: '{tenant}' } },
  lists: [
    '{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities',
    '{subscription}/providers/Microsoft.ManagedIdentity/userAssignedIdentities',
  ],
  patch: { expected: { status: 200, body: { tags: { team: 'parity' } } } },
  delete: { status: 200, body: '' },
});

export const authorization: Table = {
  name: 'authorization',
  // assigned on the control route
  objects: {
    policyRules: [{ name: 'No-Nat', scope: '{group}', type: 'Microsoft.Network/natGateways', effect: 'deny' }],
  },
  operations: [
    ...roleAssignment,
    ...roleDefinition,
    ...permissions,
    ...lock,
    ...policyAssignment,
    ...policyExemption,
    route(
      'Microsoft.PolicyInsights',
      'checkPolicyRestrictions in a subscription',
      'POST',
      `{subscription}/${policyPath}`,
      '2023-03-01',
      policyPage,
      unrestricted,
      restrictions,
    ),
    route(
      'Microsoft.PolicyInsights',
      'checkPolicyRestrictions in a group',
      'POST',
      `{group}/${policyPath}`,
      '2023-03-01',
      policyPage,
      unrestricted,
      restrictions,
    ),
    ...userAssignedIdentity,
  ],
};
