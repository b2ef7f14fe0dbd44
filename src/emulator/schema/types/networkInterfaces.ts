import { extendedLocation, list, object } from '../shapes.ts';

export const networkInterface = object('location tags:{} - etag id type', {
  extendedLocation,
  properties: object(
    `
    auxiliaryMode:None|MaxConnections|Floating|AcceleratedConnections auxiliarySku:None|A1|A2|A4|A8
    disableTcpStateTracking:bool enableAcceleratedNetworking:bool enableIPForwarding:bool
    migrationPhase:None|Prepare|Commit|Abort|Committed networkSecurityGroup:ref nicType:Standard|Elastic
    privateLinkService:ref workloadType - defaultOutboundConnectivityEnabled dscpConfiguration hostedWorkloads
    macAddress primary privateEndpoint provisioningState resourceGuid tapConfigurations virtualMachine
    vnetEncryptionSupported`,
    {
      dnsSettings: object(`
    dnsServers:[] internalDnsNameLabel - appliedDnsServers internalDomainNameSuffix internalFqdn`),
      ipConfigurations: list(
        object('id name - etag type', {
          properties: object(`
    applicationGatewayBackendAddressPools:ref[] applicationSecurityGroups:ref[] gatewayLoadBalancer:ref
    loadBalancerBackendAddressPools:ref[] loadBalancerInboundNatRules:ref[] primary:bool privateIPAddress
    privateIPAddressPrefixLength:int privateIPAddressVersion:IPv4|IPv6
    privateIPAllocationMethod:Static|Dynamic publicIPAddress:ref subnet:ref virtualNetworkTaps:ref[] -
    privateLinkConnectionProperties provisioningState`),
        }),
      ),
    },
  ),
});
