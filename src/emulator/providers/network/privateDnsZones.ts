import { asObject, asText } from '../../http/call.ts';
import { nameOf, parentIdOf, sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { tagsOf } from '../../arm/tags.ts';
import { patchAsPut } from '../resourceHelpers.ts';
import { createSoa, recordSetsOf } from './privateDnsRecords.ts';

const type = 'Microsoft.Network/privateDnsZones';
const linkType = `${type}/virtualNetworkLinks`;

function requireGlobal(body: JsonObject, what: string): void {
  if (body['location'] !== 'global')
    throw new ArmError(400, 'LocationNotAvailableForResourceType', `The location of a ${what} must be 'global'.`);
}

const zone: ResourceType = {
  type,
  style: 'dns',
  duration: { put: 'privateDnsZone.put', patch: 'privateDnsZone.put', delete: 'privateDnsZone.delete' },
  prepare: (_cloud, { name, body }) => {
    requireGlobal(body, 'private DNS zone');
    if (!/^([a-z0-9_-]{1,63}\.){1,33}[a-z0-9_-]{1,63}$/i.test(name))
      throw new ArmError(400, 'BadRequest', `The zone name '${name}' is invalid.`);
    return { properties: {} };
  },
  patch: (_cloud, resource, body) => patchedTags(resource, body),
  onCreated: createSoa,
  toArm: (cloud, { id, properties }) => {
    const links = cloud.descendants(id, linkType);
    return {
      properties: {
        ...properties,
        maxNumberOfRecordSets: 25_000,
        numberOfRecordSets: recordSetsOf(cloud, id).length,
        maxNumberOfVirtualNetworkLinks: 1000,
        numberOfVirtualNetworkLinks: links.length,
        maxNumberOfVirtualNetworkLinksWithRegistration: 100,
        numberOfVirtualNetworkLinksWithRegistration: links.filter(
          (link) => link.properties['registrationEnabled'] === true,
        ).length,
      },
    };
  },
  validateDelete: (cloud, { id }) => {
    const nested = cloud.descendants(id, linkType).map((link) => link.id);
    if (nested.length > 0)
      throw new ArmError(
        409,
        'CannotDeleteResource',
        `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${nested.join(',')}'. Please delete all nested resources before deleting this resource.`,
      );
  },
};

/** A PATCH replaces the tags, if it has any. */
function patchedTags({ tags, properties }: Resource, body: JsonObject): Draft {
  const wanted = tagsOf(body) ?? tags;
  return { properties, ...(wanted ? { tags: wanted } : {}) };
}

function prepareLink(cloud: Cloud, { id, body, parent }: PutRequest): { properties: JsonObject } {
  requireGlobal(body, 'virtual network link');
  const asked = asObject(body['properties']);
  const networkId = asText(asObject(asked['virtualNetwork'])['id']) ?? '';
  if (cloud.find(networkId)?.type !== 'Microsoft.Network/virtualNetworks')
    throw new ArmError(400, 'BadRequest', `The virtual network '${networkId}' of link '${nameOf(id)}' does not exist.`);
  const twin = cloud.referring(networkId, linkType).find((other) => {
    const same = sameId(asText(asObject(other.properties['virtualNetwork'])['id']) ?? '', networkId);
    const sameZone = sameId(nameOf(parentIdOf(other.id)), parent?.name ?? '');
    return same && sameZone && !sameId(other.id, id);
  });
  if (twin)
    throw new ArmError(
      409,
      'Conflict',
      `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network '${networkId}', which '${twin.id}' links already.`,
    );
  return { properties: { registrationEnabled: false, ...asked } };
}

const link: ResourceType = {
  type: linkType,
  style: 'dns',
  duration: { put: 'virtualNetworkLink.put', patch: 'virtualNetworkLink.put', delete: 'virtualNetworkLink.delete' },
  prepare: prepareLink,
  patch: (cloud, resource, body) => {
    const parent = cloud.find(parentIdOf(resource.id));
    const request = { ...patchAsPut(resource, { location: 'global', ...body }), parent };
    return { ...patchedTags(resource, body), ...prepareLink(cloud, request) };
  },
  toArm: (cloud, resource) => ({
    properties: {
      ...resource.properties,
      virtualNetworkLinkState: cloud.running(resource) ? 'InProgress' : 'Completed',
    },
  }),
};

export const types: ResourceType[] = [zone, link];
