import { isBrought } from '../../domain/broughtResources.ts';
import { parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { privateLinkKeys, privateLinks } from '../../domain/privateLinks.ts';
import type { Observation } from '../../domain/proof.ts';
import { absent, checkNames } from '../../domain/proofChecks.ts';
import type { PrivateLink } from '../../domain/resourceKeys.ts';
import { anyRecord } from '../../domain/resourceRow.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { Readings, ZoneReading } from './armReadings.ts';

/** The addresses of a private endpoint: those of its network interface. */
function addressesOf(ref: EnvironmentRef, link: PrivateLink, { interfaces }: Readings): string[] {
  const id = plannedResource(ref, `privateEndpoint:${link}`).id.toLowerCase();
  return interfaces
    .filter(({ privateEndpoint }) => privateEndpoint?.id?.toLowerCase() === id)
    .flatMap(({ ipConfigurations = [] }) => ipConfigurations.map(({ privateIPAddress = '' }) => privateIPAddress));
}

/** Whether every name of a private link leads to its private endpoint. */
function recordsRow(ref: EnvironmentRef, link: PrivateLink, reading: ZoneReading, readings: Readings): Observation {
  const { zone, records } = reading;
  const { target, zones } = privateLinks[link];
  const owner = {
    name: resourceName(ref, target),
    location: ref.location,
    workspaceGuid: readings.access.workspace?.workspaceId ?? '',
  };
  const names = zones[zone]!(owner);
  const addresses = addressesOf(ref, link, readings);
  // where Azure does not publish the names, all records count; in an existing zone, those of the environment
  const isBroughtZone = isBrought(ref, { key: `zone:${zone}` });
  const own = isBroughtZone ? records.filter((one) => one.addresses.some((ip) => addresses.includes(ip))) : records;
  const expected = names.includes(anyRecord) ? own.map(({ name }) => name) : names.map((name) => name.toLowerCase());
  const leads = (name: string): boolean => {
    const found = records.find((record) => record.name === name)?.addresses ?? [];
    return found.length > 0 && found.every((address) => addresses.includes(address));
  };
  const wrong = expected.filter((name) => !leads(name));
  const passed = expected.length > 0 && wrong.length === 0;
  const shown = (passed ? expected : wrong).map(
    (name) => `${name} ${records.find((record) => record.name === name)?.addresses.join(', ') ?? 'missing'}`,
  );
  const { group } = parseResourceId(plannedResource(ref, `zone:${zone}`).id)!;
  const endpoint = resourceName(ref, `privateEndpoint:${link}`);
  return {
    check: checkNames.records(zone),
    expected: `addresses of ${endpoint}: ${addresses.join(', ') || 'none found'}`,
    observed: shown.join('; ') || 'no A record',
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && {
      remedy: `az network private-dns record-set a list --resource-group ${group} --zone-name ${zone} --output table lists the records; correct those of ${shown.join('; ') || endpoint} to ${addresses.join(' and ')}`,
    }),
  };
}

function linkRow(ref: EnvironmentRef, { zone, link }: ZoneReading): Observation {
  const network = plannedResource(ref, 'virtualNetwork').id;
  const leads = link !== undefined && link.networkId.toLowerCase() === network.toLowerCase();
  const passed = leads && /^completed$/i.test(link.state);
  return {
    check: checkNames.zoneLink(zone),
    expected: `to ${network.split('/').at(-1)}, Completed`,
    observed: link ? `to ${link.networkId.split('/').at(-1)}, ${link.state}` : absent,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && {
      remedy: `az network private-dns link vnet create --resource-group ${parseResourceId(plannedResource(ref, `zone:${zone}`).id)!.group} --zone-name ${zone} --name ${resourceName(ref, `zoneLink:${zone}`)} --virtual-network ${network} --registration-enabled false`,
    }),
  };
}

/** What the names of the services lead to inside the virtual network. */
export const dnsRows = (ref: EnvironmentRef, readings: Readings): Observation[] =>
  privateLinkKeys.flatMap((link) =>
    privateLinks[link].zoneNames.flatMap((zone) => {
      const reading = readings.zones.find((one) => one.zone === zone)!;
      return [recordsRow(ref, link, reading, readings), linkRow(ref, reading)];
    }),
  );
