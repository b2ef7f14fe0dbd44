import { asList, asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, JsonObject, Resource, ResourceType } from '../../arm/model.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { toArm } from '../../arm/toArm.ts';
import { newKey } from '../resourceHelpers.ts';
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import { printable } from '../resourceHelpers.ts';
import { importImage } from './importImage.ts';

const registryType = 'Microsoft.ContainerRegistry/registries';

/** Limits by SKU (Azure docs: container registry service tiers): bytes, webhooks, replications, rules and private endpoints. */
const limits: Record<string, { size: number; webhooks: number; premium: boolean }> = {
  Basic: { size: 10 * 1024 ** 3, webhooks: 2, premium: false },
  Standard: { size: 100 * 1024 ** 3, webhooks: 10, premium: false },
  Premium: { size: 500 * 1024 ** 3, webhooks: 500, premium: true },
};

/** Bytes that an image takes: images are kept by name only, so each counts as its manifest does. */
const imageBytes = 500 * 1024 ** 2;

const row = (name: string, most: number, currentValue: number, unit = 'Count'): JsonObject => ({
  name,
  limit: most,
  currentValue,
  unit,
});

function listUsages(cloud: Cloud, registry: Resource): ActionReply {
  const limit = limits[printable(registry.sku?.['name'])] ?? limits['Premium']!;
  const images = cloud.objects.keys(`image:${printable(registry.properties['loginServer'])}`).length;
  const rules = asObject(registry.properties['networkRuleSet']);
  const premium = [
    row('Geo-replications', -1, 1),
    row('IPRules', 100, asList(rules['ipRules']).length),
    row('VNetRules', 100, 0),
    row('PrivateEndpoints', 200, connectionsOf(cloud, registry.id).length),
  ];
  return {
    status: 200,
    body: {
      value: [
        row('Size', limit.size, images * imageBytes, 'Bytes'),
        row('Webhooks', limit.webhooks, 0),
        ...(limit.premium ? premium : []),
        row('ScopeMaps', 20_000, Object.keys(systemScopeMaps).length),
        row('Tokens', 20_000, 0),
      ],
    },
  };
}

/** @throws ArmError 400 while the admin user is disabled */
function requireAdmin(registry: Resource): void {
  if (registry.properties['adminUserEnabled'] === true) return;
  throw new ArmError(
    400,
    'UnAuthorizedForCredentialOperations',
    `Cannot perform credential operations for ${registry.id} as admin user is disabled. Kindly enable admin user as per docs: https://docs.microsoft.com/azure/container-registry/container-registry-authentication#admin-account`,
  );
}

function listCredentials(_cloud: Cloud, registry: Resource): ActionReply {
  requireAdmin(registry);
  const passwords = ['password', 'password2'].map((name) => ({ name, value: registry.secrets?.[name] ?? null }));
  return { status: 200, body: { username: registry.name, passwords } };
}

function regenerateCredential(cloud: Cloud, registry: Resource, { body }: ActionRequest): ActionReply {
  requireAdmin(registry);
  const name = body['name'];
  if (name !== 'password' && name !== 'password2')
    throw new ArmError(400, 'InvalidPasswordName', `The password name must be 'password' or 'password2'.`);
  registry.secrets = { ...registry.secrets, [name]: newKey(39) };
  cloud.save(registry);
  return listCredentials(cloud, registry);
}

/** Actions on a registry, by lower-case name. */
export const registryActions: NonNullable<ResourceType['actions']> = {
  listcredentials: listCredentials,
  regeneratecredential: regenerateCredential,
  listusages: listUsages,
  importimage: importImage,
};

/** The scope maps that every registry has (Azure docs: tokens and scope maps). */
const systemScopeMaps: Record<string, { description: string; actions: string[] }> = {
  _repositories_admin: {
    description: 'Can perform all read, write and delete operations on the registry',
    actions: ['metadata/read', 'metadata/write', 'content/read', 'content/write', 'content/delete'],
  },
  _repositories_pull: {
    description: 'Can pull any repository of the registry',
    actions: ['content/read'],
  },
  _repositories_push: {
    description: 'Can push to any repository of the registry',
    actions: ['content/read', 'content/write'],
  },
};

function scopeMapOf(cloud: Cloud, registryId: string, name: string): Resource | undefined {
  const registry = cloud.find(registryId);
  const map = systemScopeMaps[name];
  if (registry === undefined || map === undefined) return undefined;
  return {
    id: `${registry.id}/scopeMaps/${name}`,
    type: scopeMap.type,
    name,
    createdAt: registry.createdAt,
    properties: {
      description: map.description,
      type: 'SystemDefined',
      creationDate: new Date(registry.createdAt).toISOString(),
      actions: map.actions.map((action) => `repositories/*/${action}`),
    },
  };
}

/** Scope maps: only those that Azure defines. */
export const scopeMap: ResourceType = {
  type: `${registryType}/scopeMaps`,
  style: 'sync',
  duration: {},
  proxy: true,
  prepare: () => {
    throw notEmulated('PUT', `on ${scopeMap.type}`);
  },
  findBuiltIn: (cloud, id) => {
    const [registryId = '', name = ''] = id.split(/\/scopeMaps\//i);
    return scopeMapOf(cloud, registryId, name);
  },
  list: (cloud, registryId, query) =>
    Object.keys(systemScopeMaps)
      .map((name) => scopeMapOf(cloud, registryId, name))
      .filter((map) => map !== undefined)
      .map((map) => toArm(cloud, scopeMap, map, query)),
};
