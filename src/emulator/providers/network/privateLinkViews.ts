import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { asObject, asText, textOf } from '../../http/call.ts';
import type { JsonObject, Resource, ResourceType, World } from '../../arm/model.ts';
import { unknown } from '../../arm/armErrors.ts';
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

/** A child that only mirrors the world. Azure lets one approve and delete connections, which the emulator does not know. */
function view(type: string, rows: (world: World, targetId: string) => JsonObject[]): ResourceType {
  return {
    type,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: () => {
      throw unknown('PUT', `on ${type}`);
    },
    mayDelete: () => {
      throw unknown('DELETE', `on ${type}`);
    },
    list: rows,
    lookUp(world, id): Resource | undefined {
      const wanted = nameOf(id).toLowerCase();
      const row = rows(world, parentIdOf(id)).find(({ name }) => textOf(name).toLowerCase() === wanted);
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

const connections = (world: World, targetId: string): JsonObject[] => [
  ...connectionsOf(world, targetId),
  ...egressConnections(world, targetId),
];

function linkResources(world: World, targetId: string): JsonObject[] {
  const target = world.find(targetId);
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
