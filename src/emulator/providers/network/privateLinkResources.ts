import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, ResourceType, Cloud } from '../../arm/model.ts';
import { asObject, textOf } from '../../http/call.ts';
import { targetTypes } from './privateEndpointConnections.ts';
import { linkGroupsOf } from './privateLinkGroups.ts';

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

function refuse(): never {
  throw new ArmError(405, 'MethodNotAllowed', 'Private link resources are read only.');
}

function linkResource(targetType: string): ResourceType {
  const type = `${targetType}/privateLinkResources`;
  return {
    type,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: refuse,
    validateDelete: refuse,
    list: linkResources,
    findBuiltIn(cloud, id) {
      const wanted = nameOf(id).toLowerCase();
      const row = linkResources(cloud, parentIdOf(id)).find(({ name }) => textOf(name).toLowerCase() === wanted);
      if (!row) return undefined;
      return {
        id: textOf(row['id']),
        type,
        name: textOf(row['name']),
        createdAt: 0,
        properties: asObject(row['properties']),
      };
    },
  };
}

/** What a resource offers to private endpoints. */
export const types: ResourceType[] = targetTypes.map(linkResource);
