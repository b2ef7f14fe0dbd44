import { list, object } from '../shapes.ts';

/** In a network security group or by itself. */
export const securityRule = object('id name - etag type', {
  properties: object(`
    access!:Allow|Deny description destinationAddressPrefix destinationAddressPrefixes:[]
    destinationApplicationSecurityGroups:ref[] destinationPortRange destinationPortRanges:[]
    direction!:Inbound|Outbound priority!:int protocol! sourceAddressPrefix
    sourceAddressPrefixes:[] sourceApplicationSecurityGroups:ref[] sourcePortRange sourcePortRanges:[] -
    provisioningState`),
});

export const networkSecurityGroup = object('location tags:{} - etag id type', {
  properties: object(
    `
    flushConnection:bool - defaultSecurityRules flowLogs networkInterfaces provisioningState resourceGuid
    subnets`,
    {
      securityRules: list(securityRule),
    },
  ),
});
