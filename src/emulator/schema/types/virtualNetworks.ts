import { extendedLocation, list, object } from '../shapes.ts';

const ipamPoolPrefixAllocation = object('numberOfIpAddresses - allocatedAddressPrefixes', { pool: object('id') });

const addressSpace = object('addressPrefixes:[]', { ipamPoolPrefixAllocations: list(ipamPoolPrefixAllocation) });

/** In a virtual network or by itself. */
export const subnet = object('id name - etag type', {
  properties: object(
    `
    addressPrefix addressPrefixes:[] defaultOutboundAccess:bool ipAllocations:ref[] natGateway:ref
    networkSecurityGroup:ref
    privateEndpointNetworkPolicies:Enabled|Disabled|NetworkSecurityGroupEnabled|RouteTableEnabled
    privateLinkServiceNetworkPolicies:Enabled|Disabled routeTable:ref serviceEndpointPolicies:ref[]
    serviceGateway:ref sharingScope:Tenant|DelegatedServices - ipConfigurationProfiles ipConfigurations
    privateEndpoints provisioningState purpose resourceNavigationLinks serviceAssociationLinks`,
    {
      applicationGatewayIPConfigurations: list(
        object('id name - etag type', { properties: object('subnet:ref - provisioningState') }),
      ),
      delegations: list(
        object('id name type - etag', { properties: object('serviceName - actions provisioningState') }),
      ),
      ipamPoolPrefixAllocations: list(ipamPoolPrefixAllocation),
      serviceEndpoints: list(object('locations:[] networkIdentifier:ref service - provisioningState')),
    },
  ),
});

/** In a virtual network or by itself. */
export const peering = object('id name - etag type', {
  properties: object(
    `
    allowForwardedTraffic:bool allowGatewayTransit:bool allowVirtualNetworkAccess:bool
    doNotVerifyRemoteGateways:bool enableOnlyIPv6Peering:bool localSubnetNames:[] peerCompleteVnets:bool
    peeringState:Initiated|Connected|Disconnected
    peeringSyncLevel:FullyInSync|RemoteNotInSync|LocalNotInSync|LocalAndRemoteNotInSync remoteSubnetNames:[]
    remoteVirtualNetwork:ref useRemoteGateways:bool - provisioningState remoteVirtualNetworkEncryption
    resourceGuid`,
    {
      localAddressSpace: addressSpace,
      localVirtualNetworkAddressSpace: addressSpace,
      remoteAddressSpace: addressSpace,
      remoteBgpCommunities: object('virtualNetworkCommunity! - regionalCommunity'),
      remoteVirtualNetworkAddressSpace: addressSpace,
    },
  ),
});

export const virtualNetwork = object('location tags:{} - etag id type', {
  extendedLocation,
  properties: object(
    `
    ddosProtectionPlan:ref enableDdosProtection:bool enableVmProtection:bool flowTimeoutInMinutes:int
    ipAllocations:ref[] privateEndpointVNetPolicies:Disabled|Basic - defaultPublicNatGateway flowLogs
    provisioningState resourceGuid`,
    {
      addressSpace,
      bgpCommunities: object('virtualNetworkCommunity! - regionalCommunity'),
      dhcpOptions: object('dnsServers:[]'),
      encryption: object('enabled!:bool enforcement:DropUnencrypted|AllowUnencrypted'),
      subnets: list(subnet),
      summarizedGatewayPrefixes: addressSpace,
      virtualNetworkPeerings: list(peering),
    },
  ),
});
