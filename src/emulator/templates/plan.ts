import type { Json, JsonObject } from '../arm/model.ts';
import { depthOf, parseTarget } from '../arm/ids.ts';
import { checkApiVersion } from '../schema/checkApiVersion.ts';
import { asList, asObject } from '../http/call.ts';
import { evaluate, evaluateExpression, expressionsIn } from './evaluate.ts';
import type { Surroundings } from './evaluate.ts';
import { callsOf } from './expression.ts';
import { asString } from './functionArguments.ts';
import { namedResource } from './surroundings.ts';
import { located, templateNotEmulated, validationFailed } from './templateErrors.ts';

/** A resource of a template, as it is to be created. */
export interface PlannedResource {
  id: string;
  type: string;
  /** with the names of those above: `network/subnet` */
  name: string;
  apiVersion: string;
  /** as in the template: its expressions are evaluated when it is created */
  source: JsonObject;
  copyIndex?: number;
  /** the ids of other resources of the template */
  dependsOn: string[];
}

type Draft = Omit<PlannedResource, 'dependsOn'> & { copyName?: string };

const usage = (page: string): string => `Please see https://aka.ms/${page} for usage details.`;

/** Members of a resource in a template that are no part of the request. */
const ofTemplate = new Set(
  'name type apiVersion dependsOn condition copy comments metadata resources scope'.split(' '),
);

/** The functions for the expressions of one resource. */
export const withCopyIndex = (surroundings: Surroundings, copyIndex: number | undefined): Surroundings =>
  copyIndex === undefined
    ? surroundings
    : {
        ...surroundings,
        copyindex: (values) => copyIndex + (values.find((value) => typeof value === 'number') ?? 0),
      };

/** The request's body: what remains of the resource, evaluated. The template of a nested deployment of inner scope stays as it is. */
export function bodyOf({ id, source, type, copyIndex }: PlannedResource, surroundings: Surroundings): JsonObject {
  const members = Object.fromEntries(Object.entries(source).filter(([name]) => !ofTemplate.has(name)));
  const available = withCopyIndex(surroundings, copyIndex);
  const properties = asObject(members['properties']);
  const inner = /inner/i.test(asString(asObject(properties['expressionEvaluationOptions'])['scope']));
  return located(`resource '${id}'`, () => {
    if (!/^Microsoft\.Resources\/deployments$/i.test(type) || !inner) return asObject(evaluate(members, available));
    const { template, ...others } = properties;
    const evaluated = asObject(evaluate({ ...members, properties: others }, available));
    return { ...evaluated, properties: { ...asObject(evaluated['properties']), template: template ?? null } };
  });
}

/**
 * The resources of a template, each after those that it depends on: by `dependsOn`, or because it calls `reference` with them.
 * @throws ArmError 400 InvalidTemplate
 */
export function planResources(template: JsonObject, groupId: string, surroundings: Surroundings): PlannedResource[] {
  const drafts = asList(template['resources']).flatMap((one) =>
    draftsOf(asObject(one), groupId, surroundings, undefined),
  );
  const all = drafts.filter(({ skipped }) => !skipped);
  for (const [index, { id, type, name }] of all.entries())
    if (all.findIndex((other) => other.id.toLowerCase() === id.toLowerCase()) !== index)
      throw validationFailed(
        `The resource '${type}/${name}' is defined multiple times in a template. ${usage('arm-syntax-resources')}`,
      );
  const planned = all.map(({ id, type, name, apiVersion, source, copyIndex }) => {
    const draft = { id, type, name, apiVersion, source, ...(copyIndex === undefined ? {} : { copyIndex }) };
    return { ...draft, dependsOn: dependenciesOf(draft, drafts, surroundings) };
  });
  return inOrder(planned);
}

/** One resource with its children, once for each copy. */
function draftsOf(
  source: JsonObject,
  groupId: string,
  surroundings: Surroundings,
  parent: Draft | undefined,
): (Draft & { skipped: boolean })[] {
  const copy = source['copy'] === undefined ? undefined : asObject(source['copy']);
  const count = copy ? countOf(copy, surroundings) : 1;
  return Array.from({ length: count }, (_, index) => {
    const copyIndex = copy ? index : parent?.copyIndex;
    const available = withCopyIndex(surroundings, copyIndex);
    const draft = draftOf(source, groupId, available, parent);
    const numbered = { ...draft, ...(copyIndex === undefined ? {} : { copyIndex }) };
    const named = copy ? { ...numbered, copyName: asString(copy['name']) } : numbered;
    const condition = source['condition'] ?? true;
    const skipped = located(`resource '${draft.id}'`, () => evaluate(condition, available)) === false;
    const children = asList(source['resources']).flatMap((child) =>
      draftsOf(asObject(child), groupId, available, named),
    );
    return [{ ...named, skipped }, ...children.map((child) => ({ ...child, skipped: child.skipped || skipped }))];
  }).flat();
}

/** Azure docs, "Resource iteration": at most 800 copies. */
function countOf(copy: JsonObject, surroundings: Surroundings): number {
  const name = asString(copy['name']);
  const count = located(`copy '${name}'`, () => evaluate(copy['count'] ?? null, surroundings));
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 800) return count;
  throw validationFailed(
    `The template 'copy' definition '${name}' has an invalid copy count '${asString(count)}'. The copy count must be an integer between 0 and 800. ${usage('arm-resource-loops')}`,
  );
}

function draftOf(source: JsonObject, groupId: string, surroundings: Surroundings, parent: Draft | undefined): Draft {
  if (source['subscriptionId'] !== undefined || source['resourceGroup'] !== undefined)
    throw templateNotEmulated('Deployment to another group');
  if (source['existing'] === true) throw templateNotEmulated("'existing'");
  const given = located(`resource '${asString(source['name'])}'`, () =>
    asObject(evaluate(pick(source, ['name', 'type', 'apiVersion', 'scope']), surroundings)),
  );
  const [own, word] = [asString(given['name']), asString(given['type'])];
  const whole = parent === undefined || word.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`);
  const [type, name] = whole ? [word, own] : [`${parent.type}/${word}`, `${parent.name}/${own}`];
  const names = name.split('/');
  if (names.length !== depthOf(type) || names.includes(''))
    throw validationFailed(
      `The template resource '${name}' for type '${type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. ${usage('arm-syntax-resources')}`,
    );
  const [namespace, ...words] = type.split('/');
  const pairs = words.map((segment, index) => `${segment}/${names[index]}`).join('/');
  const id = `${scopeOf(asString(given['scope']), groupId)}/providers/${namespace}/${pairs}`;
  const apiVersion = asString(given['apiVersion']);
  const addressed = parseTarget(id)?.type ?? type;
  checkApiVersion(apiVersion, { type: addressed, isResource: true, location: undefined });
  return { id, type: addressed, name, apiVersion, source };
}

function scopeOf(scope: string, groupId: string): string {
  if (scope === '') return groupId;
  return scope.startsWith('/') ? scope : `${groupId}/providers/${scope}`;
}

const pick = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** The ids of the resources that must exist before: those that are named, and those that `reference` needs. */
function dependenciesOf(
  draft: Draft,
  all: readonly (Draft & { skipped: boolean })[],
  surroundings: Surroundings,
): string[] {
  const available = withCopyIndex(surroundings, draft.copyIndex);
  const where = `resource '${draft.id}'`;
  const named = asList(located(where, () => evaluate(draft.source['dependsOn'] ?? [], available))).flatMap((one) => {
    const wanted = asString(one);
    const copies = all.filter(({ copyName }) => copyName?.toLowerCase() === wanted.toLowerCase());
    const found = copies.length > 0 ? copies : [namedResource(all, wanted)];
    if (found[0] === undefined)
      throw validationFailed(`The resource '${wanted}' is not defined in the template. ${usage('arm-syntax')}`);
    return found;
  });
  const { resources: _, ...own } = draft.source;
  const referenced = located(where, () =>
    expressionsIn(own)
      .flatMap((expression) => callsOf(expression, 'reference'))
      .map(({ arguments: [first] }): Json => (first ? evaluateExpression(first, available) : null)),
  ).map((wanted) => namedResource(all, asString(wanted)));
  const ids = [...named, ...referenced].filter((one) => one !== undefined && !one.skipped).map((one) => one?.id ?? '');
  return [...new Set(ids)];
}

/** Sorts the resources so that each comes after those that it depends on. */
function inOrder(resources: readonly PlannedResource[]): PlannedResource[] {
  const sorted: PlannedResource[] = [];
  const left = [...resources];
  while (left.length > 0) {
    const next = left.findIndex(({ dependsOn }) => dependsOn.every((id) => sorted.some((one) => one.id === id)));
    if (next === -1)
      throw validationFailed(
        `Circular dependency detected on resource: '${left[0]?.id}'. ${usage('arm-syntax-resources')}`,
      );
    sorted.push(...left.splice(next, 1));
  }
  return sorted;
}
