import { randomUUID } from 'node:crypto';
import { asList, asObject, textOf } from '../../http/call.ts';
import { groupIdOf } from '../../arm/ids.ts';
import type { Resource, Cloud } from '../../arm/model.ts';
import { guidOf } from '../../http/signIn.ts';
import { requireProvisioned } from './networkRules.ts';
import type { Member } from './privateLinkGroups.ts';

const type = 'Microsoft.Network/networkInterfaces';

/** The id that a new private endpoint's interface gets. Throws 429 while a former one of the same name is being deleted. */
export function newInterfaceId(cloud: Cloud, endpointId: string, customName: string): string {
  const name = customName || `${endpointId.slice(endpointId.lastIndexOf('/') + 1)}.nic.${randomUUID()}`;
  const id = `${groupIdOf(endpointId)}/providers/${type}/${name}`;
  const taken = cloud.find(id);
  if (taken) requireProvisioned(cloud, taken);
  return id;
}

/** The network interface of a private endpoint, unless it was deleted. */
export function interfaceOf(cloud: Cloud, endpoint: Resource): Resource | undefined {
  return cloud.find(textOf(asObject(asList(endpoint.properties['networkInterfaces'])[0])['id']));
}

/** The addresses of a network interface, in their order. */
export const addressesOf = (owned: Resource): string[] =>
  asList(owned.properties['ipConfigurations']).map((entry) =>
    textOf(asObject(asObject(entry)['properties'])['privateIPAddress']),
  );

/** The endpoint's network interface holds its addresses from the beginning. */
export function createInterface(cloud: Cloud, endpoint: Resource, members: Member[]): void {
  const id = textOf(asObject(asList(endpoint.properties['networkInterfaces'])[0])['id']);
  if (cloud.find(id)) return;
  const addresses = asList(endpoint.secrets?.['addresses']).map(textOf);
  const subnet = endpoint.properties['subnet'] ?? null;
  cloud.save({
    id,
    type,
    name: id.slice(id.lastIndexOf('/') + 1),
    ...(endpoint.location === undefined ? {} : { location: endpoint.location }),
    createdAt: cloud.now(),
    properties: {
      privateEndpoint: { id: endpoint.id },
      enableIPForwarding: false,
      ipConfigurations: addresses.map((privateIPAddress, index) => ({
        name: `privateEndpointIpConfig.${guidOf(`${id} ${index}`)}`,
        properties: {
          privateIPAddress,
          privateIPAllocationMethod: 'Dynamic',
          subnet,
          primary: index === 0,
          provisioningState: 'Succeeded',
          privateLinkConnectionProperties: {
            requiredMemberName: members[index]?.name ?? '',
            fqdns: (members[index]?.names ?? []).map(({ fqdn }) => fqdn),
          },
        },
      })),
    },
  });
}

/** It outlives its endpoint for a while (DEL-8). */
export function releaseInterface(cloud: Cloud, endpoint: Resource): void {
  const owned = interfaceOf(cloud, endpoint);
  if (!owned) return;
  const location = owned.location ?? '';
  cloud.startOperation({ kind: 'delete', resourceId: owned.id, location, durationKey: 'networkInterface.delete' });
}
