import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { asObject, asText, textOf } from '../../http/call.ts';
import type { JsonObject, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { egressConnections } from '../machineLearningServices/egressConnections.ts';
import { workspaceType } from '../machineLearningServices/typeNames.ts';
import { connectionsOf } from './privateEndpoints.ts';
import { linkGroupsOf } from './privateLinkGroups.ts';

/** What private endpoints can lead to. */
const targets = [
  'Microsoft.Storage/storageAccounts',
  'Microsoft.KeyVault/vaults',
  'Microsoft.ContainerRegistry/registries',
  workspaceType,
];

/** A read-only child. Azure allows approving and deleting connections, which is not emulated. */
function view(type: string, rows: (cloud: Cloud, targetId: string) => JsonObject[]): ResourceType {
  return {
    type,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: () => {
      throw notEmulated('PUT', `on ${type}`);
    },
    validateDelete: () => {
      throw notEmulated('DELETE', `on ${type}`);
    },
    list: rows,
    findBuiltIn(cloud, id): Resource | undefined {
      const wanted = nameOf(id).toLowerCase();
      const row = rows(cloud, parentIdOf(id)).find(({ name }) => textOf(name).toLowerCase() === wanted);
      return row && asResource(type, row);
    },
  };
}

function asResource(type: string, { id, name, location, properties }: JsonObject): Resource {
  const place = asText(location);
  return {
    id: textOf(id),
    type,
    name: textOf(name),
    createdAt: 0,
    properties: asObject(properties),
    ...(place === undefined ? {} : { location: place }),
  };
}

const connections = (cloud: Cloud, targetId: string): JsonObject[] => [
  ...connectionsOf(cloud, targetId),
  ...egressConnections(cloud, targetId),
];

function linkResources(cloud: Cloud, targetId: string): JsonObject[] {
  const target = cloud.find(targetId);
  if (!target) return [];
  return [...linkGroupsOf(target)].map(([groupId, members]) => ({
    id: `${target.id}/privateLinkResources/${groupId}`,
    name: groupId,
    type: `${target.type}/privateLinkResources`,
    properties: {
      groupId,
      requiredMembers: members.map(({ name }) => name),
      requiredZoneNames: [...new Set(members.flatMap(({ names }) => names.map(({ zone }) => zone)))],
    },
  }));
}

/** The private endpoint connections of a resource, and what it offers to private endpoints. */
export const types: ResourceType[] = targets.flatMap((target) => [
  view(`${target}/privateEndpointConnections`, connections),
  view(`${target}/privateLinkResources`, linkResources),
]);
