import { isIPv4, isIPv6 } from 'node:net';
import { asList, asObject, textOf } from '../../http/call.ts';
import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Json, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';

const zoneType = 'Microsoft.Network/privateDnsZones';

/** The member that holds the records, by record type. A CNAME or SOA record set has one record. */
const recordMembers = {
  A: 'aRecords',
  AAAA: 'aaaaRecords',
  CNAME: 'cnameRecord',
  MX: 'mxRecords',
  PTR: 'ptrRecords',
  SOA: 'soaRecord',
  SRV: 'srvRecords',
  TXT: 'txtRecords',
} as const;

type RecordType = keyof typeof recordMembers;
const recordTypes = Object.keys(recordMembers) as RecordType[];

/** The record sets of a zone, of one type or of all, by name. */
export const recordSetsOf = (cloud: Cloud, zoneId: string, wanted: readonly string[] = recordTypes): Resource[] =>
  cloud
    .descendants(zoneId)
    .filter(({ type }) => wanted.some((record) => type === `${zoneType}/${record}`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Private DNS reports the errors of record sets without a member `error` around them (kubernetes-sigs/external-dns#5358). */
const refusal = (status: number, code: string, message: string): ArmError =>
  new ArmError(status, code, message, { bare: true });

const invalid = (message: string): ArmError => refusal(400, 'BadRequest', message);

/** What Azure fills in. The name `@` is the zone itself. */
function named(id: string): JsonObject {
  const zone = nameOf(parentIdOf(id));
  return { fqdn: nameOf(id) === '@' ? `${zone}.` : `${nameOf(id)}.${zone}.`, isAutoRegistered: false };
}

/** Throws 409 where a CNAME record would have the name of another record set (rcl-letsencrypt-auto-ssl/Lets-Encrypt-Auto#26). */
function checkName(cloud: Cloud, id: string, type: RecordType): void {
  const name = nameOf(id).toLowerCase();
  if (!/^(@|(\*|[a-z0-9_-]{1,63})(\.[a-z0-9_-]{1,63})*)$/.test(name))
    throw invalid(`The record set name '${nameOf(id)}' is invalid.`);
  if (type === 'CNAME' && name === '@') throw invalid("A CNAME record set cannot have the name '@'.");
  const others = recordSetsOf(cloud, parentIdOf(id)).filter((other) => other.name.toLowerCase() === name);
  const cname = others.find((other) => other.type === `${zoneType}/CNAME`);
  if (type !== 'CNAME' && cname)
    throw refusal(
      409,
      'Conflict',
      'The record could not be created because a CNAME record with the same name already exists in this zone.',
    );
  if (type === 'CNAME' && others.some((other) => other !== cname))
    throw refusal(
      409,
      'Conflict',
      'The CNAME record could not be created because another record with the same name already exists in this zone.',
    );
}

const domain = /^(?=.{1,254}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i;

/** The member of a record that must be an address or a domain name. */
const checks: Partial<Record<RecordType, [member: string, valid: (value: string) => boolean]>> = {
  A: ['ipv4Address', isIPv4],
  AAAA: ['ipv6Address', isIPv6],
  CNAME: ['cname', (value) => domain.test(value)],
  MX: ['exchange', (value) => domain.test(value)],
  PTR: ['ptrdname', (value) => domain.test(value)],
  SRV: ['target', (value) => domain.test(value)],
};

function checkRecords(type: RecordType, records: Json[]): void {
  const [member, valid] = checks[type] ?? [];
  if (member === undefined || !valid) return;
  for (const record of records) {
    const value = textOf(asObject(record)[member]);
    if (!valid(value)) throw invalid(`The value '${value}' of '${member}' is invalid.`);
  }
}

/** Throws for a TTL outside 1 s to 2,147,483,647 s (Azure docs: DNS zones and records). */
function ttlOf(value: Json | undefined): number {
  const ttl = value ?? 3600;
  if (typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 1 && ttl <= 2_147_483_647) return ttl;
  throw invalid(`The TTL '${JSON.stringify(ttl)}' is invalid: it is from 1 to 2147483647 seconds.`);
}

function recordSet(type: RecordType, id: string, asked: JsonObject): JsonObject {
  const member = recordMembers[type];
  const single = type === 'CNAME' || type === 'SOA';
  const given = asked[member];
  checkRecords(type, single ? (given === undefined || given === null ? [] : [given]) : asList(given));
  const records: JsonObject = single ? (given === undefined ? {} : { [member]: given }) : { [member]: asList(given) };
  const metadata = asked['metadata'];
  const kept = metadata === undefined || metadata === null ? {} : { metadata };
  return { ...kept, ttl: ttlOf(asked['ttl']), ...records, ...named(id) };
}

function prepareRecordSet(cloud: Cloud, { id, body }: Pick<PutRequest, 'id' | 'body'>, type: RecordType): JsonObject {
  checkName(cloud, id, type);
  return recordSet(type, id, asObject(body['properties']));
}

/** Host and serial number of an SOA record are the service's own (Azure/azure-cli, recorded test of `soa update`). */
function prepareSoa(cloud: Cloud, id: string, asked: JsonObject): JsonObject {
  const before = cloud.find(id)?.properties;
  if (!before) throw invalid('The SOA record set is created with its zone; its name is @.');
  const record = asObject(before['soaRecord']);
  const { host = null, serialNumber = null } = record;
  const soaRecord = { ...record, ...asObject(asked['soaRecord']), host, serialNumber };
  return recordSet('SOA', id, { ...before, ...asked, soaRecord });
}

/** Every zone has its SOA record from the start. */
export function createSoa(cloud: Cloud, zone: Resource): void {
  const id = `${zone.id}/SOA/@`;
  if (cloud.find(id)) return;
  const soaRecord = {
    email: 'azureprivatedns-host.microsoft.com',
    expireTime: 2419200,
    host: 'azureprivatedns.net',
    minimumTtl: 10,
    refreshTime: 3600,
    retryTime: 300,
    serialNumber: 1,
  };
  const properties = { ttl: 3600, soaRecord, ...named(id) };
  cloud.save({ id, type: `${zoneType}/SOA`, name: '@', createdAt: cloud.now(), properties });
}

/** Writes an A record set as a zone group does. */
export function writeRecord(cloud: Cloud, zone: Resource, name: string, addresses: string[]): void {
  const id = `${zone.id}/A/${name}`;
  const properties = {
    metadata: { creator: 'created by private endpoint' },
    ttl: 10,
    aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
    ...named(id),
  };
  cloud.save({ id, type: `${zoneType}/A`, name, createdAt: cloud.find(id)?.createdAt ?? cloud.now(), properties });
}

/** Lists may be limited to names that end with `$recordsetnamesuffix`. */
function listed(cloud: Cloud, zoneId: string, query: Record<string, string>, wanted?: RecordType[]): JsonObject[] {
  const suffix = (query['$recordsetnamesuffix'] ?? query['recordsetnamesuffix'] ?? '').toLowerCase();
  return recordSetsOf(cloud, zoneId, wanted)
    .filter(({ name }) => name.toLowerCase().endsWith(suffix))
    .map((found) => toArm(cloud, recordSetType(nameOf(found.type) as RecordType), found, {}));
}

const common = { style: 'sync', duration: {}, proxy: true, stateless: true } as const;

function recordSetType(type: RecordType): ResourceType {
  const prepare = (cloud: Cloud, id: string, properties: JsonObject): { properties: JsonObject } => ({
    properties:
      type === 'SOA' ? prepareSoa(cloud, id, properties) : prepareRecordSet(cloud, { id, body: { properties } }, type),
  });
  return {
    ...common,
    type: `${zoneType}/${type}`,
    prepare: (cloud, { id, body }) => prepare(cloud, id, asObject(body['properties'])),
    patch: (cloud, { id, properties }, body) => prepare(cloud, id, { ...properties, ...asObject(body['properties']) }),
    list: (cloud, zoneId, query) => listed(cloud, zoneId, query, [type]),
    ...(type === 'SOA' ? { validateDelete: refuseDeletion } : {}),
  };
}

function refuseDeletion(): void {
  throw invalid('The SOA record set of a zone cannot be deleted.');
}

/** `GET {zone}/ALL`: the record sets of every type that a zone has. */
const allRecordSets: ResourceType = {
  ...common,
  type: `${zoneType}/ALL`,
  prepare: () => {
    throw new ArmError(405, 'MethodNotAllowed', 'ALL is read only.');
  },
  list: (cloud, zoneId, query) => listed(cloud, zoneId, query),
};

export const types: ResourceType[] = [...recordTypes.map(recordSetType), allRecordSets];
