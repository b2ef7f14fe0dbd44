import type { Resource, Cloud } from '../arm/model.ts';
import { listAt, textAt } from './jsonPath.ts';

/** The source of a virtual machine's requests in its virtual network. */
export interface VmSource {
  vm: Resource;
  address: string;
  subnet: Resource;
  virtualNetworkId: string;
  networkInterface: Resource;
}

/** The network source of a virtual machine. Throws when it has no network interface in a subnet. */
export function vmSourceOf(cloud: Cloud, vm: Resource): VmSource {
  for (const reference of listAt(vm.properties, 'networkProfile', 'networkInterfaces')) {
    const networkInterface = cloud.find(textAt(reference, 'id'));
    for (const configuration of listAt(networkInterface?.properties, 'ipConfigurations')) {
      const subnet = cloud.find(textAt(configuration, 'properties', 'subnet', 'id'));
      if (!networkInterface || !subnet) continue;
      const address = textAt(configuration, 'properties', 'privateIPAddress');
      return { vm, networkInterface, subnet, address, virtualNetworkId: subnet.id.split('/subnets/')[0] ?? '' };
    }
  }
  throw new Error(`${vm.id} has no network interface in a subnet`);
}

function addressOf(cloud: Cloud, publicAddressId: string): string | undefined {
  const publicAddress = cloud.find(publicAddressId);
  if (!publicAddress) return undefined;
  return textAt(publicAddress.properties, 'ipAddress') || undefined;
}

/**
 * The public address that an source's packets leave with: that of the subnet's NAT gateway, else the machine's own, else
 * one of default outbound access. Undefined: there is no outbound path (Azure docs: default outbound access).
 */
export function outboundAddress(cloud: Cloud, source: VmSource): string | undefined {
  const gateway = cloud.find(textAt(source.subnet.properties, 'natGateway', 'id'));
  if (gateway && cloud.provisioningState(gateway) === 'Succeeded') {
    for (const reference of listAt(gateway.properties, 'publicIpAddresses')) {
      const address = addressOf(cloud, textAt(reference, 'id'));
      if (address) return address;
    }
  }
  for (const configuration of listAt(source.networkInterface.properties, 'ipConfigurations')) {
    const address = addressOf(cloud, textAt(configuration, 'properties', 'publicIPAddress', 'id'));
    if (address) return address;
  }
  return source.subnet.properties['defaultOutboundAccess'] === false ? undefined : '20.0.0.1';
}
