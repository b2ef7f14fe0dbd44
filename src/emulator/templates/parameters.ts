import type { Json, JsonObject } from '../arm/model.ts';
import { asObject, textOf } from '../http/call.ts';
import { evaluate } from './evaluate.ts';
import type { Surroundings } from './evaluate.ts';
import { asString, typeName } from './functionArguments.ts';
import { located, templateNotEmulated, validationFailed } from './templateErrors.ts';

const usage = (page: string): string => `Please see https://aka.ms/${page} for usage details.`;

const kinds: Record<string, string> = {
  string: 'String',
  securestring: 'SecureString',
  int: 'Int',
  bool: 'Bool',
  object: 'Object',
  secureobject: 'SecureObject',
  array: 'Array',
};

/** The JSON type of each kind, as messages name it. */
const jsonTypes: Record<string, string> = {
  String: 'String',
  SecureString: 'String',
  Int: 'Integer',
  Bool: 'Boolean',
  Object: 'Object',
  SecureObject: 'Object',
  Array: 'Array',
};

/** The kind of a parameter or output of the template, spelled as ARM answers it. */
export function kindOf(name: string, type: Json | undefined): string {
  const kind = kinds[textOf(type).toLowerCase()];
  if (kind !== undefined) return kind;
  throw validationFailed(
    `The template parameter or output '${name}' has the type '${asString(type)}', which is not valid. ${usage('arm-syntax-parameters')}`,
  );
}

export const isSecure = (kind: string): boolean => kind.startsWith('Secure');

/**
 * The values of a deployment's parameters: the given ones and the defaults, checked against the template.
 * @param surroundings the functions that a default may call
 * @throws ArmError 400 InvalidTemplate
 */
export function parameterValues(declared: JsonObject, given: JsonObject, surroundings: Surroundings): JsonObject {
  requireDeclared(declared, given);
  const values: JsonObject = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const { type, allowedValues, ...bounds } = asObject(declaration);
    const kind = kindOf(name, type);
    const value = given[name] === undefined ? undefined : valueOf(name, asObject(given[name]));
    if (value === undefined && bounds['defaultValue'] === undefined)
      throw validationFailed(
        `The value for the template parameter '${name}' is not provided. ${usage('arm-create-parameter-file')}`,
      );
    const available = { ...surroundings, parameters: ([other]: Json[]) => knownValue(values, asString(other)) };
    values[name] = value ?? located(`parameter '${name}'`, () => evaluate(bounds['defaultValue'] ?? null, available));
    checkValue(name, kind, values[name], allowedValues);
    checkBounds(name, values[name], bounds);
  }
  return values;
}

function requireDeclared(declared: JsonObject, given: JsonObject): void {
  const names = Object.keys(declared);
  const others = Object.keys(given).filter((name) => !names.includes(name));
  if (others.length > 0)
    throw validationFailed(
      `The template parameters '${others.join(', ')}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '${names.join(', ')}'. ${usage('arm-pass-parameter-values')}`,
    );
}

function valueOf(name: string, given: JsonObject): Json | undefined {
  if (given['reference'] !== undefined) throw templateNotEmulated(`A secret of a vault as value of '${name}'`);
  return given['value'];
}

function knownValue(values: JsonObject, name: string): Json {
  const found = Object.entries(values).find(([one]) => one.toLowerCase() === name.toLowerCase());
  if (found) return found[1];
  throw validationFailed(`The template parameter '${name}' is not found. ${usage('arm-template/#parameters')}`);
}

function checkValue(name: string, kind: string, value: Json, allowed: Json | undefined): void {
  const expected = jsonTypes[kind];
  if (typeName(value) !== expected)
    throw validationFailed(
      `Template parameter JToken type is not valid. Expected '${expected}'. Actual '${typeName(value)}'. The parameter is '${name}'. ${usage('arm-create-parameter-file')}`,
    );
  if (!Array.isArray(allowed) || allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))) return;
  const shown = isSecure(kind) ? '' : ` The value '${asString(value)}'`;
  throw validationFailed(
    `The provided value for the template parameter '${name}' is not valid.${shown || ' It'} is not part of the allowed value(s): '${allowed.map(asString).join(',')}'. ${usage('arm-syntax-parameters')}`,
  );
}

const words = { min: 'greater', max: 'less' } as const;

function checkBounds(name: string, value: Json, bounds: JsonObject): void {
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  for (const side of ['min', 'max'] as const)
    for (const [what, measured] of [
      ['Length', length],
      ['Value', typeof value === 'number' ? value : undefined],
    ] as const) {
      const bound = bounds[`${side}${what}`];
      if (typeof bound !== 'number' || measured === undefined) continue;
      if (side === 'min' ? measured >= bound : measured <= bound) continue;
      const subject = what === 'Length' ? 'Length of the value' : 'The value';
      throw validationFailed(
        `The provided value for the template parameter '${name}' is not valid. ${subject} should be ${words[side]} than or equal to '${bound}'. ${usage('arm-syntax-parameters')}`,
      );
    }
}
