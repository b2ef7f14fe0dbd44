import { isDeepStrictEqual } from 'node:util';
import { asList, asObject, textOf } from '../http/call.ts';
import { sameId } from '../arm/ids.ts';
import type { Cloud, Json, JsonObject } from '../arm/model.ts';
import { isExempt } from './policyExemptions.ts';
import { aliasOf, assignedTo, concernsType, isEnforced, policyRules, policyType } from './policyRules.ts';
import type { PolicyRule, TagChange } from './policyRules.ts';

/** A resource as a policy sees it. */
export interface PolicyContent {
  id: string;
  type: string;
  name: string;
  /** location, tags, sku, kind, identity, properties */
  body: JsonObject;
}

/** A rule that refuses a resource, with what it compared. */
export interface PolicyViolation {
  rule: PolicyRule;
  name: string;
  expressions: JsonObject[];
}

/** The rules that the content violates, by default those that refuse it, also by children that are written inside it. */
export function violations(
  cloud: Cloud,
  content: PolicyContent,
  counts: (rule: PolicyRule) => boolean = (rule) => rule.effect === 'deny' && isEnforced(rule),
): PolicyViolation[] {
  const rules = policyRules(cloud).filter((rule) => counts(rule) && appliesTo(cloud, rule, content.id));
  return rules.flatMap((rule) =>
    concernsType(rule, content.type) && (rule.type !== undefined || takesTags(content))
      ? violated(rule, content)
      : inlineChildren(rule, content).flatMap((child) => violated(rule, child)),
  );
}

const appliesTo = (cloud: Cloud, rule: PolicyRule, id: string): boolean =>
  assignedTo(rule, id) && !isExempt(cloud, rule, id);

/** Rules for all types are about what has a location (`"mode": "Indexed"`), and groups. */
const takesTags = ({ body }: PolicyContent): boolean => typeof body['location'] === 'string';

function violated(rule: PolicyRule, content: PolicyContent): PolicyViolation[] {
  if (!holds(rule, content)) return [];
  const { name, type } = content;
  const expressions =
    rule.type === undefined ? [] : [expression('type', 'type', policyType(type), 'Equals', policyType(rule.type))];
  const { field } = rule;
  if (field !== undefined) {
    const [operator, target] = comparison(rule);
    expressions.push(expression(aliasOf(type, field), field, valueAt(content.body, field), operator, target));
  }
  return [{ rule, name, expressions }];
}

const expression = (
  field: string,
  path: string,
  value: Json | undefined,
  operator: string,
  target: Json,
): JsonObject => ({
  result: 'True',
  expressionKind: 'Field',
  expression: field,
  path,
  ...(value === undefined ? {} : { expressionValue: value }),
  targetValue: target,
  operator,
});

function comparison({ equals, notEquals, in: one, notIn, exists }: PolicyRule): [string, Json] {
  if (equals !== undefined) return ['Equals', equals];
  if (notEquals !== undefined) return ['NotEquals', notEquals];
  if (one !== undefined) return ['In', one];
  if (notIn !== undefined) return ['NotIn', notIn];
  return ['Exists', String(exists ?? true)];
}

/** The subnets in the PUT of a virtual network, the rules in that of a security group. */
function inlineChildren(rule: PolicyRule, { id, type, name, body }: PolicyContent): PolicyContent[] {
  const [parent, member] = [rule.type?.slice(0, rule.type.lastIndexOf('/')), rule.type?.split('/').at(-1)];
  if (parent === undefined || member === undefined || !sameId(parent, type)) return [];
  return asList(asObject(body['properties'])[member]).map((child) => {
    const inline = asObject(child);
    const childName = `${name}/${typeof inline['name'] === 'string' ? inline['name'] : ''}`;
    return { id: `${id}/${member}`, type: rule.type ?? '', name: childName, body: inline };
  });
}

/** Whether the condition of a rule holds; one without a field always does. */
function holds(rule: PolicyRule, { body }: PolicyContent): boolean {
  if (rule.field === undefined) return true;
  const value = valueAt(body, rule.field);
  const { equals, notEquals, in: one, notIn, exists } = rule;
  if (equals !== undefined) return alike(value, equals);
  if (notEquals !== undefined) return !alike(value, notEquals);
  if (one !== undefined) return one.some((wanted) => alike(value, wanted));
  if (notIn !== undefined) return !notIn.some((wanted) => alike(value, wanted));
  return exists === undefined || (value !== undefined && value !== null) === exists;
}

/** As policies compare: texts without case, booleans also as texts. */
function alike(value: Json | undefined, wanted: Json): boolean {
  if (isDeepStrictEqual(value, wanted)) return true;
  const [one, other] = [scalarText(value), scalarText(wanted)];
  return one !== undefined && other !== undefined && sameId(one, other);
}

const scalarText = (value: Json | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);

/** The value at a dotted path, member names without case. */
export function valueAt(body: JsonObject, field: string): Json | undefined {
  let at: Json | undefined = body;
  for (const part of pathOf(field)) {
    const members: JsonObject = asObject(at);
    const name = Object.keys(members).find((member) => sameId(member, part));
    at = name === undefined ? undefined : members[name];
  }
  return at;
}

/** `tags.a.b` and `tags['a.b']` name one tag. */
function pathOf(field: string): string[] {
  const tag = /^tags(?:\.|\[')(.+?)(?:'\])?$/i.exec(field)?.[1];
  return tag === undefined ? field.split('.') : ['tags', tag];
}

/** The body with everything that `modify` rules set in it. */
export function modified(cloud: Cloud, content: PolicyContent): JsonObject {
  let { body } = content;
  for (const rule of policyRules(cloud)) {
    const applies =
      rule.effect === 'modify' &&
      isEnforced(rule) &&
      appliesTo(cloud, rule, content.id) &&
      concernsType(rule, content.type);
    if (!applies || !holds(rule, { ...content, body })) continue;
    if (rule.field !== undefined && rule.value !== undefined) body = withValue(body, pathOf(rule.field), rule.value);
    if (rule.tags) body = { ...body, tags: changedTags(asObject(body['tags']), rule.tags) };
  }
  return body;
}

function withValue(body: JsonObject, [first = '', ...rest]: string[], value: Json): JsonObject {
  const name = Object.keys(body).find((member) => sameId(member, first)) ?? first;
  return { ...body, [name]: rest.length === 0 ? value : withValue(asObject(body[name]), rest, value) };
}

function inCase(text: string, wanted: 'lower' | 'upper' | undefined): string {
  if (wanted === undefined) return text;
  return wanted === 'lower' ? text.toLowerCase() : text.toUpperCase();
}

function changedTags(tags: JsonObject, { values, names, remove = [], add = {} }: TagChange): JsonObject {
  const kept = Object.entries(tags).filter(([name]) => !remove.some((gone) => sameId(gone, name)));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [inCase(name, names), inCase(textOf(value), values)])),
    ...add,
  };
}
