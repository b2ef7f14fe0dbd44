import { asObject, textOf } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { nonEmptyText } from '../resourceHelpers.ts';
import { workspaceType } from './typeNames.ts';

/** Asset names and versions (the service's own pattern). */
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9\-_.]{0,254}$/;

type Kind = {
  segment: 'codes' | 'components' | 'data' | 'models' | 'environments';
  /** members that a version keeps for ever once it is registered */
  fixed: string[];
  complete(version: JsonObject, request: PutRequest): JsonObject;
};

const kinds: Kind[] = [
  {
    segment: 'codes',
    fixed: ['codeUri'],
    complete: (version, request) => ({ codeUri: requireText(version, 'codeUri', request) }),
  },
  {
    segment: 'components',
    fixed: ['componentSpec'],
    complete(version, request) {
      if (Object.keys(asObject(version['componentSpec'])).length > 0) return {};
      throw new ArmError(400, 'BadRequest', `Asset '${request.id}' needs properties.componentSpec.`);
    },
  },
  {
    segment: 'data',
    fixed: ['dataUri', 'dataType'],
    complete: (version, request) => ({
      dataUri: requireText(version, 'dataUri', request),
      dataType: requireText(version, 'dataType', request),
    }),
  },
  {
    segment: 'models',
    fixed: ['modelUri', 'modelType'],
    complete: (version, request) => ({
      modelUri: requireText(version, 'modelUri', request),
      modelType: nonEmptyText(version['modelType']) ?? 'custom_model',
      flavors: asObject(version['flavors']),
    }),
  },
  {
    segment: 'environments',
    fixed: ['image', 'condaFile', 'build'],
    complete(version, request) {
      if (nonEmptyText(version['image']) === undefined && version['build'] === undefined) {
        throw new ArmError(
          400,
          'BadRequest',
          `Environment '${request.id}' needs properties.image or properties.build.`,
        );
      }
      return { environmentType: 'UserCreated', osType: nonEmptyText(version['osType']) ?? 'Linux' };
    },
  },
];

function requireText(version: JsonObject, member: string, request: PutRequest): string {
  const value = nonEmptyText(version[member]);
  if (value !== undefined) return value;
  throw new ArmError(400, 'BadRequest', `Asset '${request.id}' needs properties.${member}.`);
}

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(400, 'BadRequest', `'${name}' is not a valid asset name: it must match ${namePattern.source}.`);
}

/** With the object `imageDigestsRefused`, an environment's image must have a tag, as in all published examples. The error's text is assumed. */
function checkImage(cloud: Cloud, { image }: JsonObject): void {
  if (cloud.objects.get('imageDigestsRefused') !== true || !textOf(image).includes('@')) return;
  throw new ArmError(400, 'BadRequest', `Invalid docker image name '${textOf(image)}'.`);
}

function prepareVersion(cloud: Cloud, kind: Kind, request: PutRequest): { properties: JsonObject } {
  checkName(request.name);
  const asked = asObject(request.body['properties']);
  if (kind.segment === 'environments') checkImage(cloud, asked);
  const properties = {
    description: null,
    isArchived: false,
    isAnonymous: false,
    ...asked,
    ...kind.complete(asked, request),
  };
  for (const member of kind.fixed) {
    const kept = request.existing?.properties[member];
    if (kept !== undefined && JSON.stringify(kept) !== JSON.stringify(asked[member] ?? kept)) {
      const message = `Version '${request.id}' is registered already and its ${member} cannot change. Register a new version.`;
      throw new ArmError(409, 'Conflict', message);
    }
  }
  return { properties };
}

/** A container's answer names its newest version. */
function presentContainer(cloud: Cloud, type: string, container: Resource): JsonObject {
  const versions = cloud.descendants(container.id, `${type}/versions`).toSorted((a, b) => a.createdAt - b.createdAt);
  const newest = versions.at(-1);
  const dataType = newest?.properties['dataType'];
  return {
    properties: {
      ...container.properties,
      latestVersion: newest?.name ?? null,
      isArchived: false,
      ...(dataType === undefined ? {} : { dataType }),
    },
  };
}

function containerType(kind: Kind): ResourceType {
  const type = `${workspaceType}/${kind.segment}`;
  return {
    type,
    style: 'sync',
    duration: {},
    proxy: true,
    prepare(_cloud, request) {
      checkName(request.name);
      return { properties: { description: null, ...asObject(request.body['properties']) } };
    },
    toArm: (cloud, resource) => presentContainer(cloud, type, resource),
  };
}

function versionType(kind: Kind): ResourceType {
  return {
    type: `${workspaceType}/${kind.segment}/versions`,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    makesParent: true,
    prepare: (cloud, request) => prepareVersion(cloud, kind, request),
  };
}

/** Code, component, data, model and environment assets. Registering one validates nothing: a version may name blobs or an image that do not exist. */
export const assets: ResourceType[] = kinds.flatMap((kind) => [containerType(kind), versionType(kind)]);
