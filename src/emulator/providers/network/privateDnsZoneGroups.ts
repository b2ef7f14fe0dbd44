import { asList, asObject, textOf } from '../../http/call.ts';
import { parentIdOf, sameId } from '../../arm/ids.ts';
import type { JsonObject, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { etagOf } from '../../arm/toArm.ts';
import { requireReference, requireProvisioned, networkStates } from './networkRules.ts';
import { writeRecord } from './privateDnsRecords.ts';
import { isDecided, membersBehind } from './privateEndpointLinks.ts';

const groupType = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups';

interface ZoneRecord {
  zone: Resource;
  name: string;
  address: string;
}

const configsOf = (properties: JsonObject): { name: string; zoneId: string }[] =>
  asList(properties['privateDnsZoneConfigs']).map((entry) => {
    const { name, properties: inner } = asObject(entry);
    return { name: textOf(name), zoneId: textOf(asObject(inner)['privateDnsZoneId']) };
  });

/**
 * The records that a group keeps: for each name of the endpoint's target, in the zone where it belongs. A zone of another
 * name gets none, and no error is reported; neither does any zone before the connection is approved.
 */
function recordsOf(cloud: Cloud, group: Resource): ZoneRecord[] {
  const endpoint = cloud.find(parentIdOf(group.id));
  if (!endpoint || !isDecided(endpoint)) return [];
  const addresses = asList(endpoint.secrets?.['addresses']).map(textOf);
  return configsOf(group.properties).flatMap(({ zoneId }) => {
    const zone = cloud.find(zoneId);
    if (!zone) return [];
    return membersBehind(cloud, endpoint.properties).flatMap(({ names }, index) =>
      names
        .filter((entry) => sameId(entry.zone, zone.name))
        .map(({ record }) => ({ zone, name: record, address: addresses[index] ?? '' })),
    );
  });
}

/** The records it wrote are in its properties, so that they can be removed after the target is gone. */
function write(cloud: Cloud, group: Resource): void {
  clear(cloud, group);
  const records = recordsOf(cloud, group);
  for (const { zone, name, address } of records) writeRecord(cloud, zone, name, [address]);
  group.secrets = { written: records.map(({ zone, name }) => `${zone.id}/A/${name}`) };
}

/** Writes the records of a private endpoint whose connection was approved after its zone groups were created. */
export function writeZoneGroups(cloud: Cloud, endpoint: Resource): void {
  for (const group of cloud.descendants(endpoint.id, groupType)) {
    if (cloud.provisioningState(group) !== 'Succeeded') continue;
    write(cloud, group);
    cloud.save(group);
  }
}

function clear(cloud: Cloud, group: Resource): void {
  for (const id of asList(group.secrets?.['written'])) cloud.remove(textOf(id));
}

function presentConfigs(cloud: Cloud, group: Resource): JsonObject {
  const state = cloud.provisioningState(group);
  const records = ['Succeeded', 'Updating'].includes(state) ? recordsOf(cloud, group) : [];
  return {
    properties: {
      privateDnsZoneConfigs: configsOf(group.properties).map(({ name, zoneId }) => ({
        name,
        id: `${group.id}/privateDnsZoneConfigs/${name}`,
        etag: etagOf(cloud, group),
        type: `${group.type}/privateDnsZoneConfigs`,
        properties: {
          provisioningState: state,
          privateDnsZoneId: zoneId,
          recordSets: records
            .filter(({ zone }) => sameId(zone.id, zoneId))
            .map(({ zone, name, address }) => ({
              recordType: 'A',
              recordSetName: name,
              fqdn: `${name}.${zone.name}`,
              ttl: 10,
              provisioningState: state,
              ipAddresses: [address],
            })),
        },
      })),
    },
  };
}

/** `privateDnsZoneGroups`: writes the records of a private endpoint into private DNS zones. */
const zoneGroup: ResourceType = {
  type: groupType,
  style: 'network',
  states: networkStates,
  proxy: true,
  duration: { put: 'privateDnsZoneGroup.put', delete: 'privateDnsZoneGroup.put' },
  prepare: (cloud, { id, body, parent }) => {
    if (parent) requireProvisioned(cloud, parent);
    const properties = asObject(body['properties']);
    for (const { zoneId } of configsOf(properties))
      requireReference(cloud, id, zoneId, 'Microsoft.Network/privateDnsZones');
    return { properties: { privateDnsZoneConfigs: properties['privateDnsZoneConfigs'] ?? [] } };
  },
  onCreated: write,
  onDeleted: clear,
  toArm: presentConfigs,
};

export const types: ResourceType[] = [zoneGroup];
