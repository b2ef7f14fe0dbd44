import { resourceNotFound } from '../arm/armErrors.ts';
import { depthOf, idOf, nameOf, parseTarget } from '../arm/ids.ts';
import type { Cloud, Json, JsonObject } from '../arm/model.ts';
import { regions } from '../arm/regions.ts';
import { toArm } from '../arm/toArm.ts';
import { subscriptionOf, tenantId } from '../providers/resourceHelpers.ts';
import { publishedVersions } from '../schema/apiVersions.ts';
import type { EmulatedCloud } from '../state/cloud.ts';
import { evaluate } from './evaluate.ts';
import type { Surroundings } from './evaluate.ts';
import { asString } from './functionArguments.ts';
import { ExpressionError } from './templateErrors.ts';

/** Where a template is deployed, and what its expressions refer to. */
export interface Deployed {
  cloud: Cloud;
  groupId: string;
  name: string;
  template: JsonObject;
  parameters: JsonObject;
}

const usage = (page: string): string => `Please see https://aka.ms/${page} for usage details.`;

/** The id for a type and its names; the first arguments may be a subscription and a group, which precede the type. */
function idFrom(name: string, values: Json[], scope: (outer: string[]) => string): string {
  const texts = values.map(asString);
  const at = texts.findIndex((value) => value.includes('/'));
  const [type = '', ...names] = texts.slice(Math.max(0, at));
  if (at === -1 || names.length !== depthOf(type))
    throw new ExpressionError(
      `Unable to evaluate template language function '${name}': the type '${type}' requires '${depthOf(type)}' resource name argument(s). ${usage(`arm-resource-functions/#${name.toLowerCase()}`)}`,
    );
  return idOf(scope(texts.slice(0, at)), type, names);
}

/** A parameter or variable, by its name without regard to case. */
function named(from: JsonObject, kind: string, wanted: Json | undefined): [string, Json] {
  const found = Object.entries(from).find(([one]) => one.toLowerCase() === asString(wanted).toLowerCase());
  if (found) return found;
  throw new ExpressionError(
    `The template ${kind} '${asString(wanted)}' is not found. ${usage(`arm-template/#${kind}s`)}`,
  );
}

/** What every expression of a deployment may call. */
export function surroundingsOf({ cloud, groupId, name, template, parameters }: Deployed): Surroundings {
  const subscriptionId = subscriptionOf(groupId);
  const subscription = `/subscriptions/${subscriptionId}`;
  const open = new Set<string>();
  const own: Surroundings = {
    parameters: ([wanted]) => named(parameters, 'parameter', wanted)[1],
    variables: ([wanted]) => {
      const [key, value] = named(template['variables'] as JsonObject, 'variable', wanted);
      if (open.has(key)) throw new ExpressionError(`The template variable '${key}' refers to itself.`);
      open.add(key);
      try {
        return evaluate(value, own);
      } finally {
        open.delete(key);
      }
    },
    resourcegroup: () => groupOf(cloud, groupId),
    subscription: () => ({ id: subscription, subscriptionId, tenantId, displayName: 'Moat emulator' }),
    deployment: () => ({ name, properties: { template, mode: 'Incremental' } }),
    resourceid: (values) =>
      idFrom('resourceId', values, (outer) => {
        const group = outer.at(-1);
        const [owner = subscriptionId] = outer.length > 1 ? outer : [];
        return group === undefined ? groupId : `/subscriptions/${owner}/resourceGroups/${group}`;
      }),
    subscriptionresourceid: (values) =>
      idFrom('subscriptionResourceId', values, ([owner = subscriptionId]) => `/subscriptions/${owner}`),
    tenantresourceid: (values) => idFrom('tenantResourceId', values, () => ''),
    extensionresourceid: ([base, ...values]) => idFrom('extensionResourceId', values, () => asString(base)),
    providers: ([namespace, type]) => ({
      resourceType: asString(type),
      locations: [...regions.values()],
      apiVersions: [...publishedVersions(`${asString(namespace)}/${asString(type)}`)],
    }),
    copyindex: () => {
      throw new ExpressionError(
        "The template function 'copyIndex' is not expected at this location. The function can only be used in a resource with copy specified. Please see https://aka.ms/arm-copy for usage details.",
      );
    },
    reference: () => {
      throw new ExpressionError(
        "The template function 'reference' is not expected at this location. Please see https://aka.ms/arm-template-expressions for usage details.",
      );
    },
  };
  return own;
}

function groupOf(cloud: Cloud, groupId: string): JsonObject {
  const group = cloud.find(groupId);
  return {
    id: group?.id ?? groupId,
    name: group?.name ?? nameOf(groupId),
    type: 'Microsoft.Resources/resourceGroups',
    location: group?.location ?? '',
    tags: group?.tags ?? {},
    properties: { provisioningState: 'Succeeded' },
  };
}

/** A resource in a template: what `reference` may call it by. */
export interface Named {
  id: string;
  name: string;
}

/** The resource of the template that a text names: by its id, `type/name` or name. */
export function namedResource<T extends Named>(resources: readonly T[], text: string): T | undefined {
  const wanted = text.toLowerCase();
  return resources.find(({ id, name }) => {
    const lower = id.toLowerCase();
    return lower === wanted || lower.endsWith(`/providers/${wanted}`) || name.toLowerCase() === wanted;
  });
}

/**
 * `reference()` to what exists: the properties of a resource, or with `Full` the whole.
 * @throws ArmError 404 ResourceNotFound
 */
export const referenceTo =
  (cloud: EmulatedCloud, resources: readonly Named[]) =>
  ([wanted, version, full]: Json[]): Json => {
    const inTemplate = namedResource(resources, asString(wanted));
    const target = parseTarget(inTemplate?.id ?? asString(wanted));
    const type = target && cloud.type(target.type);
    if (!target) throw new ExpressionError(`The template resource '${asString(wanted)}' is not found.`);
    if (!inTemplate && version === undefined)
      throw new ExpressionError(
        `The template resource '${asString(wanted)}' reference requires an API version. ${usage('arm-function-reference')}`,
      );
    const found = cloud.find(inTemplate?.id ?? asString(wanted));
    if (!type || !found) throw resourceNotFound(asString(inTemplate?.id ?? wanted));
    const body = toArm(cloud, type, found, {});
    return asString(full).toLowerCase() === 'full' ? body : (body['properties'] ?? {});
  };
