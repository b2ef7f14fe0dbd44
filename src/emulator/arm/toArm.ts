import { createHash } from 'node:crypto';
import { asObject } from '../http/call.ts';
import type { JsonObject, Resource, ResourceType, Cloud } from './model.ts';
import { guidOf } from '../http/signIn.ts';
import { renderTags } from './tags.ts';

const withSystemData = new Set(['workspace', 'machineLearning', 'registry', 'vault']);

const isDns = ({ type }: Pick<Resource, 'type'>): boolean => type.startsWith('Microsoft.Network/privateDnsZones');

/**
 * The entity tag of a network or DNS resource: it changes with everything that is answered. Those of zones and record sets have
 * no quotes (recorded tests of Azure/azure-cli, privatedns).
 */
export function etagOf(cloud: Cloud, resource: Resource): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([resource, cloud.provisioningState(resource)]))
    .digest('hex');
  const parts = [0, 8, 12, 16, 20].map((from, index, all) => digest.slice(from, all[index + 1] ?? 32));
  const tag = parts.join('-');
  if (!isDns(resource)) return `W/"${tag}"`;
  return resource.type.endsWith('/virtualNetworkLinks') ? `"${tag}"` : tag;
}

/** A resource as ARM answers it, without what is secret. */
export function toArm(cloud: Cloud, type: ResourceType, resource: Resource, query: Record<string, string>): JsonObject {
  const own = type.toArm?.(cloud, resource, query) ?? {};
  const properties = { ...asObject(own['properties'] ?? resource.properties) };
  if (!type.stateless) properties['provisioningState'] = cloud.provisioningState(resource);
  if (type.style === 'network' && !type.proxy) properties['resourceGuid'] = resourceGuid(resource);
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type,
    ...envelope(resource),
    ...(type.style === 'network' || isDns(type) ? { etag: etagOf(cloud, resource) } : {}),
    ...(withSystemData.has(type.style) ? { systemData: systemData(resource) } : {}),
    ...own,
    properties,
  };
}

/** A line of the lists of all resources of a group or subscription: no properties, the full type path in the name. */
export function toArmListItem(cloud: Cloud, resource: Resource, expand: string): JsonObject {
  const segments = resource.id.split('/providers/').at(-1)?.split('/') ?? [];
  const line: JsonObject = {
    id: resource.id,
    name: segments.filter((_, index) => index >= 2 && index % 2 === 0).join('/'),
    type: resource.type,
    ...envelope(resource),
  };
  const managedBy = resource.properties['managedBy'];
  if (typeof managedBy === 'string') line['managedBy'] = managedBy;
  if (/provisioningState/i.test(expand)) line['provisioningState'] = cloud.provisioningState(resource);
  if (/createdTime/i.test(expand)) line['createdTime'] = new Date(resource.createdAt).toISOString();
  if (/changedTime/i.test(expand))
    line['changedTime'] = new Date(resource.operation?.startedAt ?? resource.createdAt).toISOString();
  return line;
}

/** A network resource keeps its GUID; a later one of the same name has another. */
const resourceGuid = ({ id, createdAt }: Resource): string => guidOf(`${id.toLowerCase()} ${createdAt}`);

function envelope(resource: Resource): JsonObject {
  const { location, sku, kind, zones, identity } = resource;
  const tags = renderTags(resource);
  const members: JsonObject = {};
  if (location !== undefined) members['location'] = location;
  if (tags) members['tags'] = tags;
  if (sku) members['sku'] = sku;
  if (kind !== undefined) members['kind'] = kind;
  if (zones) members['zones'] = zones;
  if (identity) members['identity'] = identity;
  return members;
}

function systemData(resource: Resource): JsonObject {
  const createdAt = new Date(resource.createdAt).toISOString();
  const lastModifiedAt = new Date(resource.operation?.startedAt ?? resource.createdAt).toISOString();
  const { createdBy, changedBy } = resource;
  return {
    ...(createdBy === undefined ? {} : { createdBy }),
    createdByType: 'Application',
    createdAt,
    ...(changedBy === undefined ? {} : { lastModifiedBy: changedBy }),
    lastModifiedByType: 'Application',
    lastModifiedAt,
  };
}
