import { requireNotReserved } from './interfaceReservations.ts';
import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { etagOf } from '../../arm/toArm.ts';
import { guidOf } from '../../http/signIn.ts';
import { freeAddresses, requireFreeAddress } from './addressSpace.ts';
import { interfaceActions, ipConfigurationType } from './interfaceViews.ts';
import { requireReference, requireNoAllocation, requireSubnet, omitMembers } from './networkRules.ts';

const type = 'Microsoft.Network/networkInterfaces';

function prepare(cloud: Cloud, { id, body, existing }: PutRequest): Draft {
  const asked = omitMembers(asObject(body['properties']), ['virtualMachine', 'privateEndpoint']);
  const location = asText(body['location']);
  if (existing?.properties['privateEndpoint'] !== undefined)
    throw new ArmError(
      400,
      'NicUpdateNotAllowed',
      `Network interface ${id} belongs to a private endpoint and cannot be changed.`,
    );
  const entries = asList(asked['ipConfigurations']).map(asObject);
  if (entries.length === 0)
    throw new ArmError(
      400,
      'NetworkInterfaceMustHaveOneIpConfiguration',
      `Network interface ${id} must have one IP configuration.`,
    );
  const group = asked['networkSecurityGroup'];
  if (group !== undefined && group !== null)
    requireReference(cloud, id, asText(asObject(group)['id']), 'Microsoft.Network/networkSecurityGroups', location);
  const given = new Map<string, number>();
  const ipConfigurations = entries.map((entry, index) => {
    const properties = asObject(entry['properties']);
    const subnet = requireSubnet(cloud, id, asText(asObject(properties['subnet'])['id']), location);
    const publicAddress = asText(asObject(properties['publicIPAddress'])['id']);
    if (publicAddress !== undefined)
      requireReference(cloud, id, publicAddress, 'Microsoft.Network/publicIPAddresses', location);
    const earlier = given.get(subnet.id) ?? 0;
    given.set(subnet.id, earlier + 1);
    const privateIPAddress = addressFor(cloud, id, subnet, properties, kept(existing, index, subnet), earlier);
    return {
      ...entry,
      id: `${id}/ipConfigurations/${textOf(entry['name'])}`,
      properties: {
        privateIPAllocationMethod: 'Dynamic',
        primary: index === 0,
        ...properties,
        privateIPAddress,
        provisioningState: 'Succeeded',
      },
    };
  });
  const machine = existing?.properties['virtualMachine'];
  return {
    properties: {
      enableIPForwarding: false,
      ...asked,
      ipConfigurations,
      ...(machine === undefined ? {} : { virtualMachine: machine }),
    },
  };
}

/** The address that an interface has in a subnet already. */
function kept(existing: Resource | undefined, index: number, subnet: Resource): string | undefined {
  const before = asObject(asObject(asList(existing?.properties['ipConfigurations'])[index])['properties']);
  return sameId(textOf(asObject(before['subnet'])['id']), subnet.id) ? asText(before['privateIPAddress']) : undefined;
}

/** The address that a configuration of an interface keeps, asks for, or is given. */
function addressFor(
  cloud: Cloud,
  id: string,
  subnet: Resource,
  properties: JsonObject,
  before: string | undefined,
  earlier: number,
): string {
  if (properties['privateIPAllocationMethod'] === 'Static') {
    const wanted = asText(properties['privateIPAddress']);
    if (wanted === undefined)
      throw new ArmError(
        400,
        'PrivateIPAddressNotSpecified',
        `IP configuration of ${id} is Static and has no privateIPAddress.`,
      );
    requireFreeAddress(cloud, subnet, wanted, id);
    if (wanted !== before) requireNoAllocation(cloud, subnet);
    return wanted;
  }
  if (before === undefined) requireNoAllocation(cloud, subnet);
  return before ?? freeAddresses(cloud, subnet, earlier + 1).at(-1) ?? '';
}

/** What Azure fills in. An interface has its MAC address since it is a machine's. */
function completed(cloud: Cloud, nic: Resource): JsonObject {
  const { id, properties } = nic;
  const etag = etagOf(cloud, nic);
  const digits = guidOf(id.toLowerCase()).replaceAll('-', '');
  const mac = `00-0D-3A${digits.slice(0, 6).replaceAll(/../g, '-$&').toUpperCase()}`;
  return {
    enableAcceleratedNetworking: false,
    vnetEncryptionSupported: false,
    disableTcpStateTracking: false,
    nicType: 'Standard',
    auxiliaryMode: 'None',
    auxiliarySku: 'None',
    hostedWorkloads: [],
    tapConfigurations: [],
    ...properties,
    ...(properties['virtualMachine'] === undefined ? {} : { macAddress: mac }),
    dnsSettings: {
      dnsServers: [],
      appliedDnsServers: [],
      internalDomainNameSuffix: `${digits.slice(0, 26)}.xx.internal.cloudapp.net`,
      ...asObject(properties['dnsSettings']),
    },
    ipConfigurations: asList(properties['ipConfigurations']).map((entry) => {
      const configuration = asObject(entry);
      return {
        id: `${id}/ipConfigurations/${textOf(configuration['name'])}`,
        ...configuration,
        etag,
        type: `${type}/ipConfigurations`,
        properties: { privateIPAddressVersion: 'IPv4', ...asObject(configuration['properties']) },
      };
    }),
  };
}

/** Network interfaces; `provisioningState` is `Succeeded` from the start. */
const networkInterface: ResourceType = {
  type,
  style: 'network',
  states: { create: 'Succeeded', update: 'Succeeded' },
  toArm: (cloud, nic) => ({ properties: completed(cloud, nic) }),
  duration: { put: 'networkInterface.put', delete: 'networkInterface.delete' },
  prepare,
  actions: interfaceActions,
  validateDelete: (cloud, { id, properties }) => {
    requireNotReserved(cloud, id);
    const holder =
      asText(asObject(properties['virtualMachine'])['id']) ?? asText(asObject(properties['privateEndpoint'])['id']);
    if (holder !== undefined)
      throw new ArmError(
        400,
        'NicInUse',
        `Network Interface ${id} is used by existing resource ${holder}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
      );
  },
};

export const types: ResourceType[] = [networkInterface, ipConfigurationType(networkInterface)];
