import { createHash } from 'node:crypto';
import type { Json } from '../arm/model.ts';
import { guidOf } from '../http/signIn.ts';
import { arrayFunctions } from './arrayFunctions.ts';
import { ExpressionError } from './templateErrors.ts';
import { asString, integer, list, text } from './functionArguments.ts';
import type { TemplateFunction } from './functionArguments.ts';

const digits = 'abcdefghijklmnopqrstuvwxyz234567';

/** 13 characters that depend on the arguments only. Azure does the same by a hash that it does not publish, so the values differ. */
function uniqueString(values: Json[]): string {
  const digest = createHash('sha256').update(JSON.stringify(values)).digest();
  return [...digest.subarray(0, 13)].map((byte) => digits[byte % 32]).join('');
}

function format([pattern, ...values]: Json[]): string {
  return text('format', pattern).replaceAll(/\{\{|\}\}|\{(\d+)(?:[:,][^}]*)?\}/g, (whole, index?: string) => {
    if (index === undefined) return whole.slice(1);
    const value = values[Number(index)];
    if (value === undefined) throw new ExpressionError(`The template function 'format' has no argument '${index}'.`);
    return asString(value);
  });
}

function substring([whole, from, length]: Json[]): string {
  const value = text('substring', whole);
  const start = integer('substring', from);
  const count = length === undefined ? value.length - start : integer('substring', length);
  if (start < 0 || count < 0 || start + count > value.length)
    throw new ExpressionError(
      `Unable to evaluate the template language function 'substring'. The index and length parameters must refer to a location within the string. The index parameter: '${start}', the length parameter: '${count}', the length of the string parameter: '${value.length}'. Please see https://aka.ms/arm-functions-string#substring for usage details.`,
    );
  return value.slice(start, start + count);
}

function split([whole, delimiters]: Json[]): Json[] {
  const separators = (Array.isArray(delimiters) ? delimiters : [delimiters]).map((one) => text('split', one));
  const [first = '', ...others] = separators;
  const same = others.reduce((value, other) => value.replaceAll(other, () => first), text('split', whole));
  return same.split(first);
}

function parseJson([value]: Json[]): Json {
  try {
    return JSON.parse(text('json', value)) as Json;
  } catch {
    throw new ExpressionError(
      "The template language function 'json' parameter is not valid. The provided value cannot be converted to the target type. Please see https://aka.ms/arm-functions#json for usage details.",
    );
  }
}

function integerOf([value]: Json[]): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return integer('int', number);
}

function equals([one, other]: Json[]): boolean {
  const bothText = typeof one === 'string' && typeof other === 'string';
  return bothText ? one === other : canonical(one) === canonical(other);
}

const canonical = (value: Json | undefined): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

const textAndLogic: Record<string, TemplateFunction> = {
  base64: ([value]) => Buffer.from(text('base64', value)).toString('base64'),
  base64ToString: ([value]) => Buffer.from(text('base64ToString', value), 'base64').toString(),
  endsWith: ([whole, end]) => text('endsWith', whole).toLowerCase().endsWith(text('endsWith', end).toLowerCase()),
  format,
  // Azure's GUIDs are of its own name space: the values differ, too.
  guid: (values) => guidOf(values.map((value) => text('guid', value)).join('-')),
  join: ([values, delimiter]) => list('join', values).map(asString).join(text('join', delimiter)),
  padLeft: ([value, width, fill = ' ']) => asString(value).padStart(integer('padLeft', width), text('padLeft', fill)),
  replace: ([whole, old, other]) =>
    text('replace', whole).replaceAll(text('replace', old), () => text('replace', other)),
  split,
  startsWith: ([whole, start]) =>
    text('startsWith', whole).toLowerCase().startsWith(text('startsWith', start).toLowerCase()),
  string: ([value]) => asString(value),
  substring,
  toLower: ([value]) => text('toLower', value).toLowerCase(),
  toUpper: ([value]) => text('toUpper', value).toUpperCase(),
  trim: ([value]) => text('trim', value).trim(),
  uniqueString: (values) => uniqueString(values.map((value) => text('uniqueString', value))),
  uriComponent: ([value]) => encodeURIComponent(text('uriComponent', value)),
  and: (values) => values.every((value) => value === true),
  bool: ([value]) => value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value)),
  equals,
  not: ([value]) => value !== true,
  or: (values) => values.some((value) => value === true),
  true: () => true,
  false: () => false,
  null: () => null,
  coalesce: (values) => values.find((value) => value !== null) ?? null,
  json: parseJson,
  add: ([one, other]) => integer('add', one) + integer('add', other),
  sub: ([one, other]) => integer('sub', one) - integer('sub', other),
  mul: ([one, other]) => integer('mul', one) * integer('mul', other),
  greater: ([one, other]) => integer('greater', one) > integer('greater', other),
  less: ([one, other]) => integer('less', one) < integer('less', other),
  int: integerOf,
};

/** By name in lower case: names are not case-sensitive. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({ ...textAndLogic, ...arrayFunctions }).map(([name, one]) => [name.toLowerCase(), one]),
);

/** The other functions of Azure (Azure docs, "ARM template functions"): a template with one is right, but cannot be deployed here. */
export const unsupportedFunctions: ReadonlySet<string> = new Set(
  `base64ToJson cidrHost cidrSubnet dataUri dataUriToString dateTimeAdd dateTimeFromEpoch dateTimeToEpoch deployer div environment fail filter
  flatten float greaterOrEquals groupBy indexFromEnd indexOf intersection items lambda lambdaVariables lastIndexOf lessOrEquals list listKeys
  listAccountSas listServiceSas listSecrets listCredentials managementGroup managementGroupResourceId map mapValues max min mod newGuid
  objectKeys parseUri pickZones reduce references shallowMerge sort tenant toObject tryGet tryIndexFromEnd uri uriComponentToString utcNow
  buildUri`
    .split(/\s+/)
    .map((name) => name.toLowerCase())
    .filter((name) => !functions.has(name)),
);
