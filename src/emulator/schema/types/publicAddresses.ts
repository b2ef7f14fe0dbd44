import { extendedLocation, list, object } from '../shapes.ts';

export const publicIPAddress = object('location tags:{} zones:[] - etag id type', {
  extendedLocation,
  properties: object(
    `
    deleteOption:Delete|Detach idleTimeoutInMinutes:int ipAddress linkedPublicIPAddress:ref
    migrationPhase:None|Prepare|Commit|Abort|Committed natGateway:ref publicIPAddressVersion:IPv4|IPv6
    publicIPAllocationMethod:Static|Dynamic publicIPPrefix:ref servicePublicIPAddress:ref - ipConfiguration
    provisioningState resourceGuid upgradedToV2`,
    {
      ddosSettings: object(`
    ddosCustomPolicy:ref ddosProtectionPlan:ref protectionMode:VirtualNetworkInherited|Enabled|Disabled`),
      dnsSettings: object(`
    domainNameLabel domainNameLabelScope:TenantReuse|SubscriptionReuse|ResourceGroupReuse|NoReuse fqdn
    reverseFqdn`),
      ipTags: list(object('firstPartyServiceTagId ipTagType tag')),
    },
  ),
  sku: object('name:Basic|Standard|StandardV2 tier:Regional|Global'),
});

export const natGateway = object('location tags:{} zones:[] - etag id type', {
  properties: object(`
    idleTimeoutInMinutes:int nat64:None|Enabled|Disabled publicIpAddresses:ref[] publicIpAddressesV6:ref[]
    publicIpPrefixes:ref[] publicIpPrefixesV6:ref[] serviceGateway:ref sourceVirtualNetwork:ref -
    provisioningState resourceGuid subnets`),
  sku: object('name:Standard|StandardV2'),
});
