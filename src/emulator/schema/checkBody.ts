import type { Json, JsonObject } from '../arm/model.ts';
import { enumKey } from './shapes.ts';
import type { ObjectShape, Shape } from './shapes.ts';

/** What a body has that its type does not admit. */
export interface Fault {
  kind: 'unknown' | 'type' | 'value' | 'missing';
  /** e.g. `properties.subnets[0].properties` */
  path: string;
  /** the last name of the path */
  member: string;
  /** in the words of the JSON reader of Azure's services (Newtonsoft.Json) */
  message: string;
}

/** Thrown by `checkBody`. */
export class BodyFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

interface Place {
  path: string;
  /** the name of the object's class, as far as it can be told from the member's */
  owner: string;
  /** of a PUT: what is required must be there, and null is as good as absent */
  complete: boolean;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function refuse(kind: Fault['kind'], path: string, message: string): never {
  throw new BodyFault({ kind, path, member: nameOf(path), message: `${message} Path '${path}'.` });
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const quoted = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * The body as a service reads it: names and values of enumerations as Azure spells them, without read-only members and without nulls; numbers
 * and booleans in texts are converted, as Newtonsoft.Json does.
 * @throws BodyFault for the first thing that the shape does not admit
 */
export function checkBody(shape: Shape, value: Json, place: Place): Json {
  switch (shape.kind) {
    case 'any':
      return value;
    case 'text':
      return textOf(value, place);
    case 'integer':
    case 'number':
      return numberOf(shape.kind, value, place);
    case 'boolean':
      return booleanOf(value, place);
    case 'enum':
      return enumOf(shape.spelled, value, place);
    case 'reference':
      return referenceOf(value, place);
    case 'list':
      return listOf(shape.of, value, place);
    case 'map':
      return mapOf(shape.of, value, place);
    case 'object':
      return membersOf(shape, value, place);
    case 'choice':
      return chosenOf(shape, value, place);
  }
}

function textOf(value: Json, { path }: Place): Json {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'object') refuse('type', path, `Error reading string. Unexpected token: ${tokenOf(value)}.`);
  return String(value);
}

const tokenOf = (value: Json): string => (Array.isArray(value) ? 'StartArray' : 'StartObject');

function numberOf(kind: 'integer' | 'number', value: Json, { path }: Place): Json {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (number === null) return null;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    const what = typeof value === 'string' ? `Could not convert string to ${kind}: ${value}.` : undefined;
    refuse('type', path, what ?? `Error reading ${kind}. Unexpected token: ${describe(value)}.`);
  }
  if (kind === 'integer' && !Number.isInteger(number))
    refuse('type', path, `Input string '${String(value)}' is not a valid integer.`);
  return number;
}

const describe = (value: Json): string => (typeof value === 'boolean' ? 'Boolean' : tokenOf(value));

function booleanOf(value: Json, { path }: Place): Json {
  if (typeof value === 'boolean' || value === null) return value;
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text !== undefined) refuse('type', path, `Could not convert string to boolean: ${quoted(value)}.`);
  if (typeof value === 'number') return value !== 0;
  refuse('type', path, `Error reading boolean. Unexpected token: ${tokenOf(value)}.`);
}

function enumOf(spelled: ReadonlyMap<string, string>, value: Json, { path, owner }: Place): Json {
  if (value === null || value === '') return value;
  const known = typeof value === 'string' ? spelled.get(enumKey(value)) : undefined;
  if (known !== undefined) return known;
  if (typeof value === 'object') refuse('type', path, `Error reading string. Unexpected token: ${tokenOf(value)}.`);
  refuse('value', path, `Error converting value "${quoted(value)}" to type '${owner}'.`);
}

/** Of a resource that is only named, the services keep the id. */
function referenceOf(value: Json, { path, owner }: Place): Json {
  if (value === null) return null;
  if (!isObject(value)) notAnObject(value, path, owner);
  const [, id] = Object.entries(value).find(([name]) => name.toLowerCase() === 'id') ?? [];
  return id === undefined ? {} : { id };
}

function notAnObject(value: Json, path: string, owner: string): never {
  const message = Array.isArray(value)
    ? `Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '${owner}' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly.`
    : `Error converting value "${quoted(value)}" to type '${owner}'.`;
  refuse('type', path, message);
}

function listOf(of: Shape, value: Json, place: Place): Json {
  const { path, owner } = place;
  if (value === null) return null;
  if (!Array.isArray(value)) {
    const message = isObject(value)
      ? `Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type '${owner}[]' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.`
      : `Error converting value "${quoted(value)}" to type '${owner}[]'.`;
    refuse('type', path, message);
  }
  const one = owner.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
  return value.map((item, index) => {
    const checked = checkBody(of, item, { ...place, path: `${path}[${index}]`, owner: one });
    // how the values of a list are spelled is kept
    return of.kind === 'enum' ? item : checked;
  });
}

function mapOf(of: Shape, value: Json, place: Place): Json {
  if (value === null) return null;
  if (!isObject(value)) notAnObject(value, place.path, place.owner);
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [
      name,
      item === null ? null : checkBody(of, item, { ...place, path: `${place.path}.${name}` }),
    ]),
  );
}

function chosenOf(shape: Shape & { kind: 'choice' }, value: Json, place: Place): Json {
  if (value === null) return null;
  if (!isObject(value)) notAnObject(value, place.path, place.owner);
  const [, named] = Object.entries(value).find(([name]) => name.toLowerCase() === shape.by.toLowerCase()) ?? [];
  const kind = typeof named === 'string' ? shape.kinds.get(named.toLowerCase()) : undefined;
  const path = `${place.path}.${shape.by}`;
  if (kind !== undefined) return membersOf(kind, value, place);
  if (named !== undefined && named !== null)
    refuse('value', path, `Error converting value "${quoted(named)}" to type '${place.owner}'.`);
  if (place.complete) missing(path, shape.by);
  return value;
}

const missing = (path: string, name: string): never =>
  refuse('missing', path, `Required property '${name}' not found in JSON.`);

/** Answers have these in more places than the published types say; what was answered may be sent back. */
const answered = new Set(['id', 'type', 'etag', 'provisioningstate', 'resourceguid', 'systemdata']);

function membersOf({ members }: ObjectShape, value: Json, place: Place): Json {
  const { path, owner, complete } = place;
  if (value === null) return null;
  if (!isObject(value)) notAnObject(value, path, owner);
  const kept: JsonObject = {};
  for (const [given, item] of Object.entries(value)) {
    const member = members.get(given.toLowerCase());
    const at = path === '' ? given : `${path}.${given}`;
    if (member === undefined && answered.has(given.toLowerCase())) continue;
    if (member === undefined) refuse('unknown', at, `Could not find member '${given}' on object of type '${owner}'.`);
    if (member.readOnly || (item === null && complete)) continue;
    kept[member.name] = checkBody(member.shape, item, { path: at, owner: ownerOf(owner, member.name), complete });
  }
  for (const { name, required } of complete ? members.values() : [])
    if (required && !(name in kept)) missing(path === '' ? name : `${path}.${name}`, name);
  return kept;
}

/** `properties` of a Subnet are SubnetProperties; a member is of a class of its own name. */
const ownerOf = (owner: string, name: string): string =>
  name === 'properties' ? `${owner}Properties` : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
