import { asObject } from '../http/call.ts';
import { nameOf } from '../arm/ids.ts';
import { ArmError } from '../arm/model.ts';
import type { Cloud, Json, JsonObject, Resource, ResourceType } from '../arm/model.ts';
import { modified, violations } from './policyEvaluation.ts';
import type { PolicyContent, PolicyViolation } from './policyEvaluation.ts';
import { assignmentScope, policyIds } from './policyRules.ts';

/**
 * ARM's refusal, in one of its two forms: with the assignment's non-compliance message, or with the policies' ids as JSON in the
 * text (Azure/Azure-Landing-Zones#2954, dotnet/machinelearning-modelbuilder#3044).
 */
function disallowedByPolicy(name: string, found: PolicyViolation[]): ArmError {
  const reasons = found.map(({ rule }) => rule.reason).filter((reason) => reason !== undefined);
  const identifiers = JSON.stringify(found.map(identifiersOf));
  const why =
    reasons.length > 0
      ? `Reasons: ${reasons.map((reason) => `'${reason}'`).join(', ')}. See error details for policy resource IDs.`
      : `Policy identifiers: '${identifiers}'.`;
  return new ArmError(403, 'RequestDisallowedByPolicy', `Resource '${name}' was disallowed by policy. ${why}`, {
    target: name,
    additionalInfo: found.map((violation) => ({ type: 'PolicyViolation', info: infoOf(violation) })),
  });
}

function identifiersOf({ rule }: PolicyViolation): JsonObject {
  const { assignment, definition, initiative } = policyIds(rule);
  return {
    policyAssignment: { name: rule.name, id: assignment },
    policyDefinition: { name: rule.name, id: definition, version: '1.0.0' },
    ...(initiative === undefined
      ? {}
      : { policySetDefinition: { name: rule.initiative ?? '', id: initiative, version: '1.0.0' } }),
  };
}

function infoOf({ rule, expressions }: PolicyViolation): JsonObject {
  const { assignment, definition, initiative } = policyIds(rule);
  return {
    evaluationDetails: { evaluatedExpressions: expressions, ...(rule.reason ? { reason: rule.reason } : {}) },
    policyDefinitionId: definition,
    policyDefinitionName: nameOf(definition),
    policyDefinitionDisplayName: rule.name,
    policyDefinitionVersion: '1.0.0',
    policyDefinitionEffect: 'deny',
    ...(initiative === undefined
      ? {}
      : { policySetDefinitionId: initiative, policySetDefinitionName: nameOf(initiative) }),
    policyAssignmentId: assignment,
    policyAssignmentName: rule.name,
    policyAssignmentDisplayName: rule.name,
    policyAssignmentScope: assignmentScope(rule),
    policyAssignmentParameters: {},
    policyExemptionIds: [],
  };
}

/**
 * The body of a PUT, changed by the policies that apply to it.
 * @throws ArmError 403 RequestDisallowedByPolicy where one denies it
 */
export function policedPut(cloud: Cloud, content: PolicyContent): JsonObject {
  const body = modified(cloud, content);
  const found = violations(cloud, { ...content, body });
  if (found.length > 0) throw disallowedByPolicy(content.name, found);
  return body;
}

/**
 * The body of a PATCH, changed by the policies that apply to the resource as it would become.
 * @throws ArmError 403 RequestDisallowedByPolicy
 */
export function policedPatch(cloud: Cloud, resource: Resource, body: JsonObject): JsonObject {
  const whole = policedPut(cloud, { ...resource, body: merged(contentOf(resource), body) });
  return Object.fromEntries(
    Object.keys(body).map((member) => [
      member,
      member === 'properties' ? onlyGiven(whole, body) : (whole[member] ?? null),
    ]),
  );
}

/** Of the changed properties those that the PATCH names, and those that a policy changed in one of them. */
function onlyGiven(whole: JsonObject, body: JsonObject): Json {
  const [given, all] = [asObject(body['properties']), asObject(whole['properties'])];
  return Object.fromEntries(Object.keys(given).map((member) => [member, all[member] ?? null]));
}

function merged(whole: JsonObject, patch: JsonObject): JsonObject {
  const properties = { ...asObject(whole['properties']), ...asObject(patch['properties']) };
  return { ...whole, ...patch, properties };
}

/** A stored resource as a policy sees it. */
function contentOf({ location, tags, sku, kind, identity, properties }: Resource): JsonObject {
  const members = { location, tags, sku, kind, identity };
  const given = Object.entries(members).filter(([, value]) => value !== undefined) as [string, Json][];
  return { ...Object.fromEntries(given), properties };
}

/** Applies the `modify` rules to everything that exists, as a remediation task does. */
export function remediate(
  cloud: Cloud,
  resources: Resource[],
  typeOf: (name: string) => ResourceType | undefined,
): void {
  for (const resource of resources) {
    const before = contentOf(resource);
    const { tags, properties } = modified(cloud, { ...resource, body: before });
    resource.properties = properties as JsonObject;
    if (typeOf(resource.type)?.proxy !== true && tags !== undefined) resource.tags = tags as Record<string, string>;
    cloud.save(resource);
  }
}
