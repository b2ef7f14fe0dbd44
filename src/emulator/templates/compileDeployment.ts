import { randomUUID } from 'node:crypto';
import { ArmError } from '../arm/model.ts';
import type { Cloud, Json, JsonObject } from '../arm/model.ts';
import { nameOf } from '../arm/ids.ts';
import { asObject, asText } from '../http/call.ts';
import { readBody } from '../schema/requestBody.ts';
import { evaluate } from './evaluate.ts';
import type { Surroundings } from './evaluate.ts';
import { bodyOf, planResources, withCopyIndex } from './plan.ts';
import type { PlannedResource } from './plan.ts';
import { isSecure, kindOf, parameterValues } from './parameters.ts';
import { surroundingsOfDeployment, templateHash } from './deploymentState.ts';
import { located, templateNotEmulated, validationFailed } from './templateErrors.ts';

/** A deployment that has passed ARM's validation. */
export interface CompiledDeployment {
  template: JsonObject;
  /** secret ones too */
  parameters: JsonObject;
  resources: PlannedResource[];
  /** what ARM answers about it from the start */
  shown: JsonObject;
}

/** What the body of a deployment may hold, and the emulator does not execute. */
const notEmulated = ['templateLink', 'parametersLink', 'onErrorDeployment', 'extensionConfigs'];
const notEmulatedInTemplate = ['languageVersion', 'functions', 'imports', 'extensions', 'definitions'];

/**
 * Validates a deployment's body as ARM does before it begins: template, parameters, expressions, and the members of each resource that
 * do not depend on others.
 * @throws ArmError 400 InvalidTemplate or InvalidTemplateDeployment; 501 for what is not emulated
 */
export function compileDeployment(cloud: Cloud, id: string, body: JsonObject): CompiledDeployment {
  const properties = asObject(body['properties']);
  requireEmulated(id, properties);
  const template = templateOf(properties);
  const without = surroundingsOfDeployment(cloud, { id }, { template, parameters: {} });
  const declared = asObject(template['parameters']);
  const parameters = parameterValues(declared, asObject(properties['parameters']), without);
  const surroundings = surroundingsOfDeployment(cloud, { id }, { template, parameters });
  const resources = planResources(template, id.slice(0, id.lastIndexOf('/providers/')), surroundings);
  for (const resource of resources) checkRequest(id, resource, surroundings);
  for (const [name, output] of Object.entries(asObject(template['outputs']))) kindOf(name, asObject(output)['type']);
  const shown: JsonObject = {
    templateHash: templateHash(template),
    parameters: shownParameters(declared, parameters),
    mode: 'Incremental',
    providers: providersOf(resources, surroundings),
    dependencies: dependenciesOf(resources),
  };
  return { template, parameters, resources, shown };
}

function requireEmulated(id: string, properties: JsonObject): void {
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i.test(id))
    throw templateNotEmulated('Deployment to anything but a resource group');
  const mode = asText(properties['mode']) ?? '';
  if (/^complete$/i.test(mode)) throw templateNotEmulated('The mode Complete');
  if (!/^incremental$/i.test(mode))
    throw new ArmError(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: 'Error converting value "${mode}" to type 'DeploymentMode'. Path 'properties.mode'.'.`,
    );
  for (const name of notEmulated) if ((properties[name] ?? null) !== null) throw templateNotEmulated(`'${name}'`);
}

function templateOf(properties: JsonObject): JsonObject {
  const template = asObject(properties['template']);
  if (Object.keys(template).length === 0)
    throw new ArmError(
      400,
      'InvalidDeployment',
      'The template property must be set in the deployment. Please see https://aka.ms/arm-deploy for usage details.',
    );
  for (const name of notEmulatedInTemplate)
    if (Object.keys(asObject(template[name])).length > 0 || asText(template[name]) !== undefined)
      throw templateNotEmulated(`'${name}'`);
  if (asObject(template['variables'])['copy'] !== undefined) throw templateNotEmulated("'copy' in variables");
  for (const output of Object.values(asObject(template['outputs'])))
    if (asObject(output)['copy'] !== undefined) throw templateNotEmulated("'copy' in outputs");
  for (const name of ['contentVersion', 'resources'])
    if (template[name] === undefined)
      throw validationFailed(
        `Required property '${name}' not found in JSON. Please see https://aka.ms/arm-syntax for usage details.`,
      );
  if (!Array.isArray(template['resources'])) throw templateNotEmulated('Symbolic names of resources');
  return { variables: {}, ...template };
}

/** Ends the evaluation of a body that depends on what does not exist yet. */
class NotYetKnown extends Error {}

/** Checks what a request would hold, as far as it can be known before other resources exist. */
function checkRequest(id: string, resource: PlannedResource, surroundings: Surroundings): void {
  try {
    const body = bodyOf(resource, {
      ...surroundings,
      reference: () => {
        throw new NotYetKnown();
      },
    });
    readBody(resource.type, 'PUT', body);
  } catch (error) {
    if (error instanceof NotYetKnown) return;
    if (!(error instanceof ArmError) || error.status === 501 || error.body.code === 'InvalidTemplate') throw error;
    throw new ArmError(
      400,
      'InvalidTemplateDeployment',
      `The template deployment '${nameOf(id)}' is not valid according to the validation procedure. The tracking id is '${randomUUID()}'. See inner errors for details.`,
      { details: [error.body] },
    );
  }
}

function shownParameters(declared: JsonObject, values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const type = kindOf(name, asObject(declared[name])['type']);
      return [name, isSecure(type) ? { type } : { type, value }];
    }),
  );
}

function providersOf(resources: readonly PlannedResource[], surroundings: Surroundings): JsonObject[] {
  const namespaces = Map.groupBy(resources, ({ type }) => type.split('/')[0] ?? '');
  return [...namespaces].map(([namespace, own]) => ({
    namespace,
    resourceTypes: [...Map.groupBy(own, ({ type }) => type.slice(namespace.length + 1))].map(
      ([resourceType, alike]) => ({
        resourceType,
        locations: [...new Set(alike.map((resource) => locationOf(resource, surroundings)))],
      }),
    ),
  }));
}

const locationOf = ({ id, source, copyIndex }: PlannedResource, surroundings: Surroundings): Json =>
  located(`resource '${id}'`, () => evaluate(source['location'] ?? null, withCopyIndex(surroundings, copyIndex)));

/** A resource as the lists of a deployment name it. */
export const basic = ({ id, type, name }: PlannedResource): JsonObject => ({
  id,
  resourceType: type,
  resourceName: name,
});

function dependenciesOf(resources: readonly PlannedResource[]): JsonObject[] {
  const byId = new Map(resources.map((one) => [one.id, one]));
  return resources
    .filter(({ dependsOn }) => dependsOn.length > 0)
    .map((one) => ({
      dependsOn: one.dependsOn.flatMap((id) => {
        const other = byId.get(id);
        return other ? [basic(other)] : [];
      }),
      ...basic(one),
    }));
}
