import { asList, asObject, textOf } from '../../http/call.ts';
import { parentIdOf, sameId } from '../../arm/ids.ts';
import type { JsonObject, Resource, ResourceType, World } from '../../arm/model.ts';
import { etagOf } from '../../arm/toArm.ts';
import { referenced, requireProvisioned, states } from './networkRules.ts';
import { writeRecord } from './privateDnsZones.ts';
import { membersBehind } from './privateEndpoints.ts';

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
 * name gets none, and nobody is told.
 */
function recordsOf(world: World, group: Resource): ZoneRecord[] {
  const endpoint = world.find(parentIdOf(group.id));
  if (!endpoint) return [];
  const addresses = asList(endpoint.secrets?.['addresses']).map(textOf);
  return configsOf(group.properties).flatMap(({ zoneId }) => {
    const zone = world.find(zoneId);
    if (!zone) return [];
    return membersBehind(world, endpoint.properties).flatMap(({ names }, index) =>
      names
        .filter((entry) => sameId(entry.zone, zone.name))
        .map(({ record }) => ({ zone, name: record, address: addresses[index] ?? '' })),
    );
  });
}

/** What it wrote stands in its properties, so that it can be taken away when the target is gone. */
function write(world: World, group: Resource): void {
  clear(world, group);
  const records = recordsOf(world, group);
  for (const { zone, name, address } of records) writeRecord(world, zone, name, [address]);
  group.secrets = { written: records.map(({ zone, name }) => `${zone.id}/A/${name}`) };
}

function clear(world: World, group: Resource): void {
  for (const id of asList(group.secrets?.['written'])) world.remove(textOf(id));
}

function presentConfigs(world: World, group: Resource): JsonObject {
  const state = world.provisioningState(group);
  const records = ['Succeeded', 'Updating'].includes(state) ? recordsOf(world, group) : [];
  return {
    properties: {
      privateDnsZoneConfigs: configsOf(group.properties).map(({ name, zoneId }) => ({
        name,
        id: `${group.id}/privateDnsZoneConfigs/${name}`,
        etag: etagOf(world, group),
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
  type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  style: 'network',
  states,
  proxy: true,
  duration: { put: 'privateDnsZoneGroup.put', delete: 'privateDnsZoneGroup.put' },
  prepare: (world, { id, body, parent }) => {
    if (parent) requireProvisioned(world, parent);
    const properties = asObject(body['properties']);
    for (const { zoneId } of configsOf(properties)) referenced(world, id, zoneId, 'Microsoft.Network/privateDnsZones');
    return { properties: { privateDnsZoneConfigs: properties['privateDnsZoneConfigs'] ?? [] } };
  },
  created: write,
  deleted: clear,
  present: presentConfigs,
};

export const types: ResourceType[] = [zoneGroup];
