import { list, object } from '../shapes.ts';

export const privateDnsZone = object('etag location tags:{} - id systemData type', {
  properties: object(`
    - internalId maxNumberOfRecordSets maxNumberOfVirtualNetworkLinks
    maxNumberOfVirtualNetworkLinksWithRegistration numberOfRecordSets numberOfVirtualNetworkLinks
    numberOfVirtualNetworkLinksWithRegistration provisioningState`),
});

export const virtualNetworkLink = object('etag location tags:{} - id systemData type', {
  properties: object(`
    registrationEnabled:bool resolutionPolicy:Default|NxDomainRedirect virtualNetwork:ref - provisioningState
    virtualNetworkLinkState`),
});

/** Record sets of all types: each has the records of its own. */
export const recordSet = object('etag - id type', {
  properties: object('metadata:{} ttl:int - fqdn isAutoRegistered provisioningState', {
    aRecords: list(object('ipv4Address')),
    aaaaRecords: list(object('ipv6Address')),
    cnameRecord: object('cname'),
    mxRecords: list(object('exchange preference:int')),
    ptrRecords: list(object('ptrdname')),
    soaRecord: object('email expireTime:int host minimumTtl:int refreshTime:int retryTime:int serialNumber:int'),
    srvRecords: list(object('port:int priority:int target weight:int')),
    txtRecords: list(object('value:[]')),
  }),
});
