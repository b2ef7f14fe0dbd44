import { absent, includes } from '../operation.ts';
import type { Expected, Fact, Table } from '../operation.ts';
import { notEmulated, readOnly, resource } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2024-06-01';
const zone = '{group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io';
const net = '{group}/providers/Microsoft.Network/virtualNetworks/vnet';

const accepted = (result: Expected['location']): Expected => ({
  status: 202,
  body: '',
  asyncOperation: { status: 200, body: { status: 'Succeeded' } },
  ...(result ? { location: result } : {}),
});
const put = (id: string): Expected =>
  accepted({ status: 200, body: { id, properties: { provisioningState: 'Succeeded' } } });
const removed = accepted({ status: 204, body: '' });

const link = `${zone}/virtualNetworkLinks/link`;
const links = resource({
  type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  id: link,
  version,
  page: 'dns/privatedns/virtual-network-links',
  body: { location: 'global', properties: { virtualNetwork: { id: net }, registrationEnabled: false } },
  create: put(link),
  update: put(link),
  facts: {
    location: 'global',
    properties: {
      provisioningState: 'Succeeded',
      registrationEnabled: false,
      virtualNetwork: { id: net },
      virtualNetworkLinkState: 'Completed',
    },
  },
  patch: { expected: atOnce(200, { tags: { team: 'parity' } }) },
  delete: removed,
});

const recordA = `${zone}/A/one`;
const recordFacts: Fact = {
  fqdn: 'one.privatelink.azurecr.io.',
  isAutoRegistered: false,
  ttl: 300,
  aRecords: [{ ipv4Address: '10.0.0.4' }],
  provisioningState: absent,
};
const records = resource({
  type: 'Microsoft.Network/privateDnsZones/A',
  id: recordA,
  version,
  page: 'dns/privatedns/record-sets',
  body: { properties: { ttl: 300, aRecords: [{ ipv4Address: '10.0.0.4' }] } },
  create: atOnce(201, { id: recordA, etag: String, properties: recordFacts }),
  update: atOnce(200, { id: recordA, properties: recordFacts }),
  facts: { etag: String, properties: recordFacts },
  more: [
    resource({
      type: 'Microsoft.Network/privateDnsZones/ALL',
      id: `${zone}/ALL/one`,
      version,
      page: 'dns/privatedns/record-sets',
      create: readOnly,
      update: readOnly,
      get: { status: 404, body: { error: { code: 'ResourceNotFound' } } },
      list: { status: 200, body: { value: includes({ id: recordA }) } },
      delete: { status: 204, body: '' },
    }),
  ],
  delete: { status: 200, body: '' },
});

const soa = resource({
  type: 'Microsoft.Network/privateDnsZones/SOA',
  id: `${zone}/SOA/@`,
  version,
  page: 'dns/privatedns/record-sets',
  create: notEmulated,
  update: notEmulated,
  facts: {
    properties: { fqdn: 'privatelink.azurecr.io.', ttl: 3600, soaRecord: { serialNumber: 1, refreshTime: 3600 } },
  },
  delete: readOnly,
});

const zones = resource({
  type: 'Microsoft.Network/privateDnsZones',
  id: zone,
  version,
  page: 'dns/privatedns/private-zones',
  body: { location: 'global' },
  create: put(zone),
  update: put(zone),
  facts: {
    location: 'global',
    properties: {
      provisioningState: 'Succeeded',
      maxNumberOfRecordSets: 25_000,
      numberOfRecordSets: 1,
      maxNumberOfVirtualNetworkLinks: 1000,
      numberOfVirtualNetworkLinks: 0,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
      numberOfVirtualNetworkLinksWithRegistration: 0,
    },
  },
  lists: [
    '{group}/providers/Microsoft.Network/privateDnsZones',
    '{subscription}/providers/Microsoft.Network/privateDnsZones',
  ],
  patch: { expected: atOnce(200, { tags: { team: 'parity' } }) },
  more: [links, records, soa],
  delete: removed,
});

export const privateDns: Table = {
  name: 'privateDns',
  setUp: [
    [net, '2026-01-01', { location: 'westus2', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }],
  ],
  operations: zones,
};
