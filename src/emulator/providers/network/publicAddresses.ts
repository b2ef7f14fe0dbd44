import { createHash } from 'node:crypto';
import { asList, asObject, asText } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, ResourceType, Cloud } from '../../arm/model.ts';
import { requireReference, networkStates, referrersOf, omitMembers } from './networkRules.ts';

const type = 'Microsoft.Network/publicIPAddresses';
const gatewayType = 'Microsoft.Network/natGateways';
const interfaceType = 'Microsoft.Network/networkInterfaces';

/** An address of Azure's public space, the same for the same resource. */
function addressFor(id: string): string {
  const [a = 0, b = 0] = createHash('sha256').update(id.toLowerCase()).digest();
  return `20.51.${a}.${(b % 254) + 1}`;
}

const publicAddress: ResourceType = {
  type,
  style: 'network',
  zonal: true,
  states: networkStates,
  duration: { put: 'publicIPAddress.put', delete: 'publicIPAddress.put' },
  prepare: (_cloud, { id, body, existing }) => {
    const sku: JsonObject = { tier: 'Regional', ...asObject(body['sku'] ?? { name: 'Standard' }) };
    const asked = omitMembers(asObject(body['properties']), ['natGateway', 'ipConfiguration']);
    if (sku['name'] === 'Basic')
      throw new ArmError(
        400,
        'IPv4BasicSkuPublicIpCountLimitReached',
        'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
      );
    if (asked['publicIPAllocationMethod'] !== 'Static')
      throw new ArmError(
        400,
        'StandardSkuPublicIPAddressMustBeStatic',
        `Standard sku publicIp ${id} must have AllocationMethod set to Static.`,
      );
    const ipAddress = existing?.properties['ipAddress'] ?? addressFor(id);
    return {
      sku,
      properties: { publicIPAddressVersion: 'IPv4', idleTimeoutInMinutes: 4, ipTags: [], ...asked, ipAddress },
    };
  },
  toArm: (cloud, address) => {
    const [gateway] = referrersOf(cloud, address.id, gatewayType);
    const [user] = referrersOf(cloud, address.id, interfaceType);
    const properties: JsonObject = { ...address.properties };
    if (gateway) properties['natGateway'] = { id: gateway.id };
    if (user) properties['ipConfiguration'] = { id: `${user.id}/ipConfigurations/ipconfig1` };
    return { properties };
  },
  validateDelete: (cloud, address) => {
    const [user] = referrersOf(cloud, address.id, gatewayType, interfaceType);
    if (user)
      throw new ArmError(
        400,
        'PublicIPAddressCannotBeDeleted',
        `Public IP address ${address.id} can not be deleted since it is still allocated to resource ${user.id}.`,
      );
  },
};

const gatewayUsers = (cloud: Cloud, id: string): { id: string }[] =>
  referrersOf(cloud, id, 'Microsoft.Network/virtualNetworks/subnets').map(({ id }) => ({ id }));

const natGateway: ResourceType = {
  type: gatewayType,
  style: 'network',
  zonal: true,
  states: networkStates,
  duration: { put: 'natGateway.put', delete: 'natGateway.put' },
  prepare: (cloud, { id, body }) => {
    const properties = asObject(body['properties']);
    for (const entry of asList(properties['publicIpAddresses']))
      requireReference(cloud, id, asText(asObject(entry)['id']), type, asText(body['location']));
    return {
      sku: asObject(body['sku'] ?? { name: 'Standard' }),
      properties: { idleTimeoutInMinutes: 4, ...omitMembers(properties, ['subnets']) },
    };
  },
  toArm: (cloud, gateway) => {
    const subnets = gatewayUsers(cloud, gateway.id);
    return { properties: { ...gateway.properties, ...(subnets.length > 0 ? { subnets } : {}) } };
  },
  validateDelete: (cloud, gateway) => {
    const [subnet] = gatewayUsers(cloud, gateway.id);
    if (subnet)
      throw new ArmError(
        400,
        'InUseNatGatewayCannotBeDeleted',
        `NAT gateway ${gateway.id} cannot be deleted because it is in use by subnet ${subnet.id}.`,
      );
  },
};

export const types: ResourceType[] = [publicAddress, natGateway];
