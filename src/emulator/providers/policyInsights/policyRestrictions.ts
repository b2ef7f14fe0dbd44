import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Cloud, Json, JsonObject, SubscriptionRoute } from '../../arm/model.ts';
import { isExempt } from '../../policy/policyExemptions.ts';
import { valueAt, violations } from '../../policy/policyEvaluation.ts';
import type { PolicyViolation } from '../../policy/policyEvaluation.ts';
import { aliasOf, assignedTo, concernsType, policyIds, policyRules } from '../../policy/policyRules.ts';
import type { PolicyRule } from '../../policy/policyRules.ts';
import { registrationOf } from '../resources/providerRegistrations.ts';

/**
 * What policies would say to a resource (azure-rest-api-specs: PolicyInsights checkPolicyRestrictions 2023-03-01, with its examples). A rule
 * about a pending field that the content lacks is no verdict on the content; it shows as a restriction of that field.
 */
function checkRestrictions(cloud: Cloud, scope: string, body: JsonObject): ActionReply {
  requireRegistered(cloud);
  const details = asObject(body['resourceDetails']);
  const content = asObject(details['resourceContent']);
  const type = asText(content['type']);
  if (type === undefined)
    throw new ArmError(400, 'InvalidCheckRestrictionsRequest', 'resourceDetails.resourceContent needs a type.');
  const pending = asList(body['pendingFields']).map((field) => textOf(asObject(field)['field']));
  const asked = ({ effect }: PolicyRule): boolean => effect !== 'audit' || body['includeAuditEffect'] === true;
  const isPending = (field: string): boolean =>
    pending.some((one) => sameId(one, field) || field.toLowerCase().startsWith(`${one.toLowerCase()}.`));
  const isOpen = ({ field }: PolicyRule): boolean =>
    field !== undefined && isPending(aliasOf(type, field)) && valueAt(content, field) === undefined;
  const aboutContent = (rule: PolicyRule): boolean => rule.effect !== 'modify' && asked(rule) && !isOpen(rule);
  const id = `${asText(details['scope']) ?? scope}/providers/${type}/-`;
  const named = { id, type, name: textOf(content['name']), body: content };
  const about = policyRules(cloud).filter(
    (rule) => asked(rule) && assignedTo(rule, id) && !isExempt(cloud, rule, id) && concernsType(rule, type),
  );
  return {
    status: 200,
    body: {
      fieldRestrictions: about.flatMap((rule) => restrictions(rule, type)).filter(({ field }) => isPending(field)),
      contentEvaluationResult: { policyEvaluations: violations(cloud, named, aboutContent).map(evaluation) },
    },
  };
}

/** Azure docs: resource provider registration errors. */
function requireRegistered(cloud: Cloud): void {
  if (registrationOf(cloud, 'Microsoft.PolicyInsights') === 'Registered') return;
  throw new ArmError(
    409,
    'MissingSubscriptionRegistration',
    "The subscription is not registered to use namespace 'Microsoft.PolicyInsights'. See https://aka.ms/rps-not-found for how to register subscriptions.",
  );
}

const evaluation = ({ rule, expressions }: PolicyViolation): JsonObject => ({
  policyInfo: policyInfo(rule),
  evaluationResult: 'NonCompliant',
  evaluationDetails: { evaluatedExpressions: expressions, ...(rule.reason ? { reason: rule.reason } : {}) },
  effectDetails: { policyEffect: effectName(rule) },
});

const effectName = ({ effect }: PolicyRule): string => `${effect.charAt(0).toUpperCase()}${effect.slice(1)}`;

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
  const { field, tags, effect } = rule;
  const one = (on: string, result: string, more: JsonObject = {}): Restriction => ({
    field: on,
    restrictions: [
      {
        result,
        policyEffect: effectName(rule),
        policy: policyInfo(rule),
        ...(rule.reason ? { reason: rule.reason } : {}),
        ...more,
      },
    ],
  });
  const found: Restriction[] = [];
  if (field !== undefined && effect !== 'modify') {
    const [isRequired, values] = comparedValues(rule);
    const result = isRequired ? 'Required' : effectName(rule);
    found.push(one(aliasOf(type, field), result, values.length > 0 ? { values } : {}));
  }
  if (field !== undefined && rule.value !== undefined) {
    const value = textual(rule.value);
    found.push(one(aliasOf(type, field), 'Required', { defaultValue: value, values: [value] }));
  }
  for (const [name, value] of Object.entries(tags?.add ?? {}))
    found.push(one(`tags.${name}`, 'Required', { defaultValue: value, values: [value] }));
  for (const name of tags?.remove ?? []) found.push(one(`tags.${name}`, 'Removed'));
  return found;
}

/** Whether a condition leaves some values only, and the values that it names. */
function comparedValues({ equals, notEquals, in: one, notIn, exists }: PolicyRule): [boolean, string[]] {
  if (equals !== undefined) return [false, [textual(equals)]];
  if (one !== undefined) return [false, one.map(textual)];
  if (notEquals !== undefined) return [true, [textual(notEquals)]];
  if (notIn !== undefined) return [true, notIn.map(textual)];
  return [exists === false, []];
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
