import { asList, asObject } from '../http/call.ts';
import { groupType, sameId } from '../arm/ids.ts';
import type { Cloud, Json, JsonObject } from '../arm/model.ts';

/** How a rule changes the tags of what is written. */
export interface TagChange {
  values?: 'lower' | 'upper';
  names?: 'lower' | 'upper';
  remove?: string[];
  add?: Record<string, string>;
}

/** One policy assignment with the one definition that it assigns, as the control route takes it. */
export interface PolicyRule {
  /** of the assignment and of the definition */
  name: string;
  /** where it is assigned; default: the management group above the subscription */
  scope?: string;
  /** name of the initiative that the definition is assigned with, if any */
  initiative?: string;
  /** default: every type. A type whose resources are also written inside their parent (subnets) is evaluated there, too */
  type?: string;
  /** what the condition is about: `properties.allowSharedKeyAccess`, `location`, `sku.name`, `tags.owner`; default: nothing, the rule always applies */
  field?: string;
  equals?: Json;
  notEquals?: Json;
  in?: Json[];
  notIn?: Json[];
  exists?: boolean;
  /** `audit` only shows where clients ask what policies say */
  effect: 'deny' | 'modify' | 'audit';
  /** default: `Default`; `DoNotEnforce` refuses and changes nothing */
  enforcementMode?: 'Default' | 'DoNotEnforce';
  /** who made the assignment, in its metadata */
  assignedBy?: string;
  /** the assignment's non-compliance message */
  reason?: string;
  /** `modify`: the field gets this value */
  value?: Json;
  /** `modify`: the tags get changed so */
  tags?: TagChange;
}

const managementGroup = '/providers/Microsoft.Management/managementGroups/contoso';
const key = 'policyRules';

/** The rules that are in force. */
export const policyRules = (cloud: Cloud): PolicyRule[] =>
  (cloud.objects.get(key) as unknown as PolicyRule[] | undefined) ?? [];

/** Replaces all rules. Throws a plain Error that says what is wrong with one. */
export function setPolicyRules(cloud: Cloud, given: Json | undefined): PolicyRule[] {
  if (!Array.isArray(given)) throw new Error('the body needs "rules", a list');
  const rules = asList(given).map((rule) => checked(asObject(rule)));
  if (rules.length === 0) cloud.objects.delete(key);
  else cloud.objects.put(key, rules as unknown as Json);
  return rules;
}

function checked(rule: JsonObject): PolicyRule {
  const { name, effect, field, value, tags, enforcementMode: mode } = rule;
  if (typeof name !== 'string' || name === '') throw new Error('a policy rule needs a "name"');
  if (effect !== 'deny' && effect !== 'modify' && effect !== 'audit')
    throw new Error(`rule ${name}: "effect" is "deny", "modify" or "audit"`);
  if (mode !== undefined && mode !== 'Default' && mode !== 'DoNotEnforce')
    throw new Error(`rule ${name}: "enforcementMode" is "Default" or "DoNotEnforce"`);
  if (effect === 'modify' && tags === undefined && (field === undefined || value === undefined))
    throw new Error(`rule ${name}: "modify" needs "field" and "value", or "tags"`);
  return rule as unknown as PolicyRule;
}

export const assignmentScope = ({ scope }: PolicyRule): string => scope ?? managementGroup;

/** Whether the rule takes effect on requests. */
export const isEnforced = ({ enforcementMode }: PolicyRule): boolean => enforcementMode !== 'DoNotEnforce';

/** The ids by which clients find the policy that refused them. */
export function policyIds(rule: PolicyRule): { assignment: string; definition: string; initiative?: string } {
  const scope = assignmentScope(rule);
  const provider = `${scope}/providers/Microsoft.Authorization`;
  return {
    assignment: `${provider}/policyAssignments/${rule.name}`,
    definition: `${managementGroup}/providers/Microsoft.Authorization/policyDefinitions/${rule.name}`,
    ...(rule.initiative === undefined
      ? {}
      : { initiative: `${managementGroup}/providers/Microsoft.Authorization/policySetDefinitions/${rule.initiative}` }),
  };
}

/** Policies know resource groups by another type name than the emulator. */
export const policyType = (type: string): string =>
  sameId(type, groupType) ? 'Microsoft.Resources/subscriptions/resourceGroups' : type;

/** The name of a field in policies: `Microsoft.Storage/storageAccounts/allowSharedKeyAccess` for `properties.allowSharedKeyAccess`. */
export const aliasOf = (type: string, field: string): string =>
  field.startsWith('properties.') ? `${policyType(type)}/${field.slice('properties.'.length)}` : field;

/** Whether the rule is assigned at a scope or above it. */
export function assignedTo(rule: PolicyRule, id: string): boolean {
  const { scope } = rule;
  return scope === undefined || sameId(scope, id) || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
}

/** Whether the rule is about resources of this type. */
export const concernsType = (rule: PolicyRule, type: string): boolean =>
  rule.type === undefined || sameId(policyType(rule.type), policyType(type));
