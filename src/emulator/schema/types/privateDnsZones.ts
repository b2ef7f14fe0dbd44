import { object } from '../shapes.ts';

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
