import { asList, asText } from '../http/call.ts';
import { nameOf } from './ids.ts';
import { ArmError } from './model.ts';
import type { JsonObject, Resource, ResourceType } from './model.ts';

const supported = ['1', '2', '3'];

const zoneText = (zones: string[] | undefined): string => zones?.join(', ') ?? 'NoZone';

/** The availability zones of a PUT. Throws ARM's 400 for an unknown zone and for a change of zones. */
export function zonesOf(
  type: ResourceType,
  id: string,
  body: JsonObject,
  existing: Resource | undefined,
): string[] | undefined {
  if (!type.zonal) return undefined;
  const given = asList(body['zones']).map((zone) => asText(zone) ?? JSON.stringify(zone));
  const zones = given.length > 0 ? given : undefined;
  const missing = given.filter((zone) => !supported.includes(zone));
  if (missing.length > 0)
    throw new ArmError(
      400,
      'AvailabilityZoneNotSupported',
      `The zone(s) '${missing.join(',')}' for resource '${type.type}/${nameOf(id)}' is not supported. The supported zones for location '${asText(body['location'])}' are '${supported.join(',')}'`,
    );
  if (!existing || zoneText(existing.zones) === zoneText(zones)) return zones;
  if (type.style === 'compute') {
    // A virtual machine's body may leave its zones out.
    if (!zones) return existing.zones;
    throw new ArmError(409, 'PropertyChangeNotAllowed', "Changing property 'zones' is not allowed.");
  }
  throw new ArmError(
    400,
    'ResourceAvailabilityZonesCannotBeModified',
    `Resource ${id} has an existing availability zone constraint ${zoneText(existing.zones)} and the request has availability zone constraint ${zoneText(zones)}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
  );
}
