import { asList, asObject, asText } from '../../http/call.ts';
import { nameOf, parentIdOf, sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { notEmulated } from '../../arm/armErrors.ts';

const type = 'Microsoft.Network/privateDnsZones';
const linkType = `${type}/virtualNetworkLinks`;
const recordType = `${type}/A`;
const soaType = `${type}/SOA`;

function requireGlobal(body: JsonObject, what: string): void {
  if (body['location'] !== 'global')
    throw new ArmError(400, 'LocationNotAvailableForResourceType', `The location of a ${what} must be 'global'.`);
}

const zone: ResourceType = {
  type,
  style: 'dns',
  duration: { put: 'privateDnsZone.put', delete: 'privateDnsZone.delete' },
  prepare: (_cloud, { name, body }) => {
    requireGlobal(body, 'private DNS zone');
    if (!/^([a-z0-9_-]{1,63}\.){1,33}[a-z0-9_-]{1,63}$/i.test(name))
      throw new ArmError(400, 'BadRequest', `The zone name '${name}' is invalid.`);
    return { properties: {} };
  },
  toArm: (cloud, { id, properties }) => {
    const links = cloud.descendants(id, linkType);
    return {
      properties: {
        ...properties,
        maxNumberOfRecordSets: 25_000,
        // the SOA record is one
        numberOfRecordSets: cloud.descendants(id, recordType).length + 1,
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

function prepareLink(cloud: Cloud, { id, body, parent }: PutRequest): { properties: JsonObject } {
  requireGlobal(body, 'virtual network link');
  const asked = asObject(body['properties']);
  const networkId = asText(asObject(asked['virtualNetwork'])['id']) ?? '';
  if (cloud.find(networkId)?.type !== 'Microsoft.Network/virtualNetworks')
    throw new ArmError(400, 'BadRequest', `The virtual network '${networkId}' of link '${nameOf(id)}' does not exist.`);
  const twin = cloud.ofType(linkType).find((other) => {
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
  duration: { put: 'virtualNetworkLink.put', delete: 'virtualNetworkLink.delete' },
  prepare: prepareLink,
  toArm: (cloud, resource) => ({
    properties: {
      ...resource.properties,
      virtualNetworkLinkState: cloud.running(resource) ? 'InProgress' : 'Completed',
    },
  }),
};

const record: ResourceType = {
  type: recordType,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  prepare: (_cloud, { id, body }) => {
    const asked = asObject(body['properties']);
    return { properties: { ttl: 3600, ...asked, aRecords: asList(asked['aRecords']), ...named(id) } };
  },
};

const named = (id: string): JsonObject => ({
  fqdn: `${nameOf(id)}.${nameOf(parentIdOf(id))}.`,
  isAutoRegistered: false,
});

/** Every zone has its SOA record from the start. */
const soaOf = ({ id, name, createdAt }: Resource): Resource => ({
  id: `${id}/SOA/@`,
  name: '@',
  type: soaType,
  createdAt,
  properties: {
    ttl: 3600,
    fqdn: `${name}.`,
    isAutoRegistered: false,
    soaRecord: {
      host: 'azureprivatedns.net',
      email: 'azureprivatedns-host.microsoft.com',
      serialNumber: 1,
      refreshTime: 3600,
      retryTime: 300,
      expireTime: 2419200,
      minimumTtl: 10,
    },
  },
});

/** The SOA record can be read; changing it is not emulated. */
const soa: ResourceType = {
  type: soaType,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  prepare: () => {
    throw notEmulated('PUT', `on ${soaType}`);
  },
  findBuiltIn: (cloud, id) => {
    const zoneResource = nameOf(id) === '@' ? cloud.find(parentIdOf(id)) : undefined;
    return zoneResource && soaOf(zoneResource);
  },
  list: (cloud, zoneId) => {
    const zoneResource = cloud.find(zoneId);
    return zoneResource ? [toArm(cloud, soa, soaOf(zoneResource), {})] : [];
  },
};

/** `GET {zone}/ALL`: the record sets of every type that a zone has. */
const allRecords: ResourceType = {
  type: `${type}/ALL`,
  style: 'sync',
  duration: {},
  proxy: true,
  prepare: () => {
    throw new ArmError(405, 'MethodNotAllowed', 'ALL is read only.');
  },
  list: (cloud, zoneId) => {
    const soas = soa.list?.(cloud, zoneId, {}) ?? [];
    return [...soas, ...cloud.descendants(zoneId, recordType).map((child) => toArm(cloud, record, child, {}))];
  },
};

/** Writes an A record set as a zone group does. */
export function writeRecord(cloud: Cloud, zoneResource: Resource, name: string, addresses: string[]): void {
  const id = `${zoneResource.id}/A/${name}`;
  const properties = {
    ttl: 10,
    aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
    metadata: { creator: 'created by private endpoint' },
    ...named(id),
  };
  cloud.save({ id, type: recordType, name, createdAt: cloud.find(id)?.createdAt ?? cloud.now(), properties });
}

export const types: ResourceType[] = [zone, link, record, soa, allRecords];
