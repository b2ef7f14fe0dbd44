import { absent, includes } from '../operation.ts';
import type { Expected, Fact, Table } from '../operation.ts';
import { readOnly, resource } from '../resource.ts';
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
/** The answer to a PUT or PATCH has an empty object for a body. */
const changed = (result: Expected['location']): Expected => ({ ...accepted(result), body: {} });
const put = (id: string): Expected =>
  changed({ status: 200, body: { id, properties: { provisioningState: 'Succeeded' } } });
const removed = accepted({ status: 200, body: {} });

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
  patch: { expected: changed({ status: 200, body: { tags: { team: 'parity' } } }) },
  delete: removed,
});

const page = 'dns/privatedns/record-sets';
/** One record set of each type; the name @ is the zone itself. */
const recordSets: [type: string, name: string, records: { [member: string]: Fact }][] = [
  ['A', 'one', { aRecords: [{ ipv4Address: '10.0.0.4' }] }],
  ['AAAA', 'one', { aaaaRecords: [{ ipv6Address: 'fd00::4' }] }],
  ['CNAME', 'alias', { cnameRecord: { cname: 'one.privatelink.azurecr.io' } }],
  ['MX', 'mail', { mxRecords: [{ preference: 10, exchange: 'mail.example.com' }] }],
  ['PTR', 'back', { ptrRecords: [{ ptrdname: 'one.example.com' }] }],
  ['SRV', '_sip._tcp', { srvRecords: [{ priority: 1, weight: 1, port: 5060, target: 'sip.example.com' }] }],
  ['TXT', 'text', { txtRecords: [{ value: ['moat'] }] }],
];

const records = recordSets.flatMap(([record, name, values]) => {
  const id = `${zone}/${record}/${name}`;
  const properties: Fact = {
    ...values,
    ttl: 300,
    fqdn: `${name}.privatelink.azurecr.io.`,
    isAutoRegistered: false,
    provisioningState: absent,
  };
  return resource({
    type: `Microsoft.Network/privateDnsZones/${record}`,
    id,
    version,
    page,
    body: { properties: { ttl: 300, ...values } },
    create: atOnce(201, { id, etag: String, properties }),
    update: atOnce(200, { id, properties }),
    facts: { etag: String, properties },
    patch: { body: { properties: { ttl: 60 } }, expected: atOnce(200, { properties: { ttl: 60 } }) },
    more: [
      {
        name: 'list with the others',
        method: 'GET',
        path: `${zone}/ALL`,
        expected: atOnce(200, { value: includes({ id }) }),
      },
    ],
    delete: { status: 200, body: '' },
  });
});

const allRecords = resource({
  type: 'Microsoft.Network/privateDnsZones/ALL',
  id: `${zone}/ALL/one`,
  version,
  page,
  create: readOnly,
  update: readOnly,
  get: { status: 404, body: { error: { code: 'ResourceNotFound' } } },
  list: { status: 200, body: { value: includes({ id: `${zone}/SOA/@` }) } },
  delete: { status: 204, body: '' },
});

const soaFacts: Fact = {
  fqdn: 'privatelink.azurecr.io.',
  ttl: 3600,
  soaRecord: { host: 'azureprivatedns.net', serialNumber: 1, refreshTime: 1800 },
};
const soaBody = { properties: { ttl: 3600, soaRecord: { refreshTime: 1800 } } };
const soa = resource({
  type: 'Microsoft.Network/privateDnsZones/SOA',
  id: `${zone}/SOA/@`,
  version,
  page,
  body: soaBody,
  create: atOnce(200, { properties: soaFacts }),
  update: atOnce(200, { properties: soaFacts }),
  facts: { properties: soaFacts },
  delete: { status: 400, body: { code: 'BadRequest', message: String } },
}).filter(({ name }) => name !== 'get what is missing');

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
  patch: { expected: changed({ status: 200, body: { tags: { team: 'parity' } } }) },
  more: [links, records, soa, allRecords],
  delete: removed,
});

export const privateDns: Table = {
  name: 'privateDns',
  setUp: [
    [net, '2026-01-01', { location: 'westus2', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }],
  ],
  operations: zones,
};
