import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Cloud, Json, JsonObject, ResourceType, SubscriptionRoute } from '../../arm/model.ts';
import { violations } from '../../policy/policyEvaluation.ts';
import {
  aliasOf,
  assignedTo,
  assignmentScope,
  concernsType,
  policyIds,
  policyRules,
} from '../../policy/policyRules.ts';
import type { PolicyRule } from '../../policy/policyRules.ts';

function assignmentToArm(rule: PolicyRule): JsonObject {
  const { assignment, definition, initiative } = policyIds(rule);
  return {
    id: assignment,
    name: rule.name,
    type: 'Microsoft.Authorization/policyAssignments',
    properties: {
      displayName: rule.name,
      policyDefinitionId: initiative ?? definition,
      scope: assignmentScope(rule),
      notScopes: [],
      parameters: {},
      enforcementMode: 'Default',
      nonComplianceMessages: rule.reason === undefined ? [] : [{ message: rule.reason }],
    },
  };
}

/** Policy assignments at a scope, above it and below it; they are made on the control route only. */
const policyAssignment: ResourceType = {
  type: 'Microsoft.Authorization/policyAssignments',
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare: () => {
    throw new ArmError(501, 'NotEmulated', 'Policy assignments are made on the control route /_emulator/policies.');
  },
  list: (cloud, scope, query) =>
    policyRules(cloud)
      .filter((rule) => assignedTo(rule, scope) || (!query['$filter'] && isBelow(rule, scope)))
      .map(assignmentToArm),
};

const isBelow = ({ scope }: PolicyRule, above: string): boolean =>
  scope?.toLowerCase().startsWith(`${above.toLowerCase()}/`) === true;

export const types: ResourceType[] = [policyAssignment];

/** What policies would say to a resource (azure-rest-api-specs: PolicyInsights checkPolicyRestrictions, 2022-03-01 and later). */
function checkRestrictions(cloud: Cloud, scope: string, body: JsonObject): ActionReply {
  const content = asObject(asObject(body['resourceDetails'])['resourceContent']);
  const type = asText(content['type']);
  if (type === undefined)
    throw new ArmError(400, 'InvalidCheckRestrictionsRequest', 'resourceDetails.resourceContent needs a type.');
  const pending = asList(body['pendingFields']).map((field) => textOf(asObject(field)['field']));
  const rules = policyRules(cloud).filter((rule) => assignedTo(rule, scope) && concernsType(rule, type));
  const named = { id: `${scope}/providers/${type}/-`, type, name: textOf(content['name']), body: content };
  const evaluations = violations(cloud, named).map(({ rule, expressions }) => ({
    policyInfo: policyInfo(rule),
    evaluationResult: 'NonCompliant',
    evaluationDetails: { evaluatedExpressions: expressions, ...(rule.reason ? { reason: rule.reason } : {}) },
    effectDetails: { policyEffect: 'Deny' },
  }));
  return {
    status: 200,
    body: {
      fieldRestrictions: rules
        .flatMap((rule) => restrictions(rule, type))
        .filter(({ field }) => isPending(pending, field)),
      contentEvaluationResult: { policyEvaluations: evaluations },
    },
  };
}

/** `tags` asks for all tags. */
const isPending = (pending: string[], field: string): boolean =>
  pending.some((asked) => sameId(asked, field) || field.toLowerCase().startsWith(`${asked.toLowerCase()}.`));

function policyInfo(rule: PolicyRule): JsonObject {
  const { assignment, definition, initiative } = policyIds(rule);
  return {
    policyDefinitionId: definition,
    ...(initiative === undefined ? {} : { policySetDefinitionId: initiative, policyDefinitionReferenceId: rule.name }),
    policyAssignmentId: assignment,
  };
}

type Restriction = { field: string; restrictions: JsonObject[] };

/** What a rule asks of each field. */
function restrictions(rule: PolicyRule, type: string): Restriction[] {
  const one = (field: string, result: string, policyEffect: string, more: JsonObject = {}): Restriction => ({
    field,
    restrictions: [
      { result, policyEffect, policy: policyInfo(rule), ...(rule.reason ? { reason: rule.reason } : {}), ...more },
    ],
  });
  const { field, tags } = rule;
  const found: Restriction[] = [];
  if (field !== undefined && rule.effect === 'deny') {
    const [result, values] = deniedValues(rule);
    found.push(one(aliasOf(type, field), result, 'Deny', values.length > 0 ? { values } : {}));
  }
  if (field !== undefined && rule.value !== undefined) {
    const value = textual(rule.value);
    found.push(one(aliasOf(type, field), 'Required', 'Modify', { defaultValue: value, values: [value] }));
  }
  for (const [name, value] of Object.entries(tags?.add ?? {}))
    found.push(one(`tags.${name}`, 'Required', 'Modify', { defaultValue: value, values: [value] }));
  for (const name of tags?.remove ?? []) found.push(one(`tags.${name}`, 'Removed', 'Modify'));
  return found;
}

function deniedValues({ equals, notEquals, in: one, notIn, exists }: PolicyRule): [string, string[]] {
  if (equals !== undefined) return ['Deny', [textual(equals)]];
  if (one !== undefined) return ['Deny', one.map(textual)];
  if (notEquals !== undefined) return ['Required', [textual(notEquals)]];
  if (notIn !== undefined) return ['Required', notIn.map(textual)];
  return [exists === false ? 'Required' : 'Deny', []];
}

const textual = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const path = '/providers/Microsoft.PolicyInsights/checkPolicyRestrictions';

export const routes: SubscriptionRoute[] = [
  {
    method: 'POST',
    path,
    handle: (cloud, { subscriptionId, body }) => checkRestrictions(cloud, `/subscriptions/${subscriptionId}`, body),
  },
  {
    method: 'POST',
    path: `/resourceGroups/{group}${path}`,
    handle: (cloud, { subscriptionId, params, body }) =>
      checkRestrictions(cloud, `/subscriptions/${subscriptionId}/resourceGroups/${params['group']}`, body),
  },
];
