import type { Json, JsonObject } from '../arm/model.ts';
import { classAt, refuse } from './bodyFault.ts';
import type { Place } from './bodyFault.ts';
import { readBoolean, readEnum, readNumber, readText, shown } from './scalars.ts';
import type { ObjectShape, Shape } from './shapes.ts';

/**
 * A body of the named class as a service reads it: names and values of enumerations as Azure spells them, without read-only members and, where
 * the body must be `complete` (a PUT), without nulls, and with all that is required.
 * @throws BodyFault for the first thing that the shape does not admit
 */
export const checkBody = (shape: ObjectShape, body: JsonObject, complete: boolean, className: string): JsonObject =>
  readMembers(shape, body, complete, { above: undefined, key: className });

function read(shape: Shape, value: Json, complete: boolean, above: Place, key: string | number): Json {
  switch (shape.kind) {
    case 'any':
      return value;
    case 'text':
      return readText(value, above, key);
    case 'integer':
    case 'number':
      return readNumber(shape.kind, value, above, key);
    case 'boolean':
      return readBoolean(value, above, key);
    case 'enum':
      return readEnum(shape.spelled, value, above, key);
    case 'list':
      return readList(shape.of, value, complete, { above, key });
    default:
      return value === null ? null : readObject(shape, requireObject(value, above, key), complete, { above, key });
  }
}

type Structured = Extract<Shape, { kind: 'reference' | 'map' | 'object' | 'choice' }>;

function readObject(shape: Structured, value: JsonObject, complete: boolean, place: Place): Json {
  switch (shape.kind) {
    case 'reference':
      return readReference(value);
    case 'map':
      return readMap(shape.of, value, complete, place);
    case 'object':
      return readMembers(shape, value, complete, place);
    default:
      return readChoice(shape, value, complete, place);
  }
}

function requireObject(value: Json, above: Place, key: string | number): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const place = { above, key };
  const message = Array.isArray(value)
    ? `Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '${classAt(place)}' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly.`
    : `Error converting value "${shown(value)}" to type '${classAt(place)}'.`;
  return refuse('type', place, message);
}

/** The value of a member, whatever the case of its name. */
const memberNamed = (value: JsonObject, name: string): Json | undefined =>
  value[name] ?? Object.entries(value).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];

/** Of a resource that is only named, the services keep the id. */
function readReference(value: JsonObject): Json {
  const id = memberNamed(value, 'id');
  return id === undefined ? {} : { id };
}

function readList(of: Shape, value: Json, complete: boolean, place: Place): Json {
  if (value === null) return null;
  if (Array.isArray(value))
    return value.map((item, index) => {
      const done = read(of, item, complete, place, index);
      // how the values of a list are spelled is kept
      return of.kind === 'enum' ? item : done;
    });
  const message =
    typeof value === 'object'
      ? `Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type '${classAt(place)}[]' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.`
      : `Error converting value "${shown(value)}" to type '${classAt(place)}[]'.`;
  return refuse('type', place, message);
}

function readMap(of: Shape, value: JsonObject, complete: boolean, place: Place): Json {
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value))
    kept[name] = item === null ? null : read(of, item, complete, place, name);
  return kept;
}

function readChoice(shape: Shape & { kind: 'choice' }, value: JsonObject, complete: boolean, place: Place): Json {
  const named = memberNamed(value, shape.by);
  const kind = typeof named === 'string' ? shape.kinds.get(named.toLowerCase()) : undefined;
  if (kind !== undefined) return readMembers(kind, value, complete, place);
  if (named !== undefined)
    refuse(
      'value',
      { above: place, key: shape.by },
      `Error converting value "${shown(named)}" to type '${classAt(place)}'.`,
    );
  if (complete) refuseMissing(shape.by, place);
  return value;
}

const refuseMissing = (name: string, above: Place): never =>
  refuse('missing', { above, key: name }, `Required property '${name}' not found in JSON.`);

/** Answers have these in more places than the published types say; what was answered may be sent back. */
const answered = new Set(['id', 'type', 'etag', 'provisioningstate', 'resourceguid', 'systemdata']);

function readMembers(
  { members, required }: ObjectShape,
  value: JsonObject,
  complete: boolean,
  place: Place,
): JsonObject {
  const kept: JsonObject = {};
  for (const given of Object.keys(value)) {
    const lower = given.toLowerCase();
    const member = members.get(lower);
    const item = value[given] ?? null;
    if (member === undefined) {
      if (answered.has(lower)) continue;
      const message = `Could not find member '${given}' on object of type '${classAt(place)}'.`;
      refuse('unknown', { above: place, key: given }, message);
    }
    if (member.readOnly) continue;
    const known = read(member.shape, item, complete, place, given);
    if (known !== null || !complete) kept[member.name] = known;
  }
  if (complete) for (const name of required) if (!Object.hasOwn(kept, name)) refuseMissing(name, place);
  return kept;
}
