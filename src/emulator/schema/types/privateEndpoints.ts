import { extendedLocation, list, object } from '../shapes.ts';

const privateLinkServiceConnection = object('id name - etag type', {
  properties: object('groupIds:[] privateLinkServiceId requestMessage - provisioningState', {
    approvalReference: object('privateEndpointId'),
    privateLinkServiceConnectionState: object('actionsRequired description status'),
  }),
});

export const privateEndpoint = object('location tags:{} - etag id type', {
  extendedLocation,
  properties: object(
    `
    applicationSecurityGroups:ref[] billingSku:PayAsYouGo|Fixed customNetworkInterfaceName
    ipVersionType:IPv4|IPv6|DualStack subnet:ref - networkInterfaces provisioningState`,
    {
      customDnsConfigs: list(object('fqdn ipAddresses:[]')),
      ipConfigurations: list(object('name - etag type', { properties: object('groupId memberName privateIPAddress') })),
      manualPrivateLinkServiceConnections: list(privateLinkServiceConnection),
      privateLinkServiceConnections: list(privateLinkServiceConnection),
    },
  ),
});

export const privateDnsZoneGroup = object('- etag id type', {
  properties: object('- provisioningState', {
    privateDnsZoneConfigs: list(object('name', { properties: object('privateDnsZoneId - recordSets') })),
  }),
});

/** A connection as the service behind it knows it; services spell one member differently (their specifications in azure-rest-api-specs). */
const connection = (state: string): ReturnType<typeof object> =>
  object('etag identity:any location sku:any tags:{} - id name type systemData', {
    properties: object('- groupIds provisioningState', {
      privateEndpoint: object('id - subnetArmId'),
      privateLinkServiceConnectionState: object(`description status ${state}`),
    }),
  });

export const storageConnection = connection('actionRequired');
export const serviceConnection = connection('actionsRequired');
