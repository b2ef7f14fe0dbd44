import { readFileSync } from 'node:fs';
import Type from 'typebox';
import Value from 'typebox/value';
import { instanceTypeOf } from '../domain/instanceTypes.ts';
import { durationPattern, parseDuration } from '../domain/lease.ts';
import type { OwnerLimits, Policy } from '../domain/ownerLimits.ts';

const strict = { additionalProperties: false };
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** null lifts a limit, which is of use for one owner. */
const limits = {
  environmentsPerOwner: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 500 }))),
  locations: Type.Optional(nullable(Type.Array(Type.String({ pattern: '^[a-z][a-z0-9]{2,39}$' }), { minItems: 1 }))),
  instanceTypes: Type.Optional(nullable(Type.Array(Type.String(), { minItems: 1 }))),
  maxTtl: Type.Optional(Type.String({ pattern: durationPattern })),
};
const Limits = Type.Object(limits, strict);
const PolicyFile = Type.Object({ ...limits, owners: Type.Optional(Type.Record(Type.String(), Limits)) }, strict);
type Limits = Type.Static<typeof Limits>;
type PolicyFile = Type.Static<typeof PolicyFile>;

/** What a member must be, for messages. */
const expected: Readonly<Record<string, string>> = {
  environmentsPerOwner: 'a number from 0 to 500, or null',
  locations: "a list of Azure regions' short names, like westus2, or null",
  instanceTypes: 'a list of virtual machine sizes that managed online endpoints allow, or null',
  maxTtl: 'a duration like 90m, 8h or 3d',
  owners: 'an object: the limits that differ, by owner',
};

/**
 * The limits of owners from a JSON file; without one, the longest lease is the only limit. Adds a message for each error to `errors`.
 * `maxTtl`: the longest lease of the installation.
 */
export function readPolicy(file: string | undefined, maxTtl: string, errors: string[]): Policy {
  const found = file === undefined ? {} : parsePolicy(file, errors);
  for (const { path, message } of policyErrors(found, maxTtl))
    errors.push(`MOAT_POLICY_FILE${path === '' ? '' : ` ${path}`}: ${message}`);
  if (!Value.Check(PolicyFile, found)) return { everybody: limitsFrom({}, maxTtl), owners: {} };
  const { owners = {}, ...everybody } = found;
  return {
    everybody: limitsFrom(everybody, maxTtl),
    owners: Object.fromEntries(Object.entries(owners).map(([owner, own]) => [owner, partialFrom(own)])),
  };
}

function parsePolicy(file: string, errors: string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    errors.push(`MOAT_POLICY_FILE cannot be read: ${(error as Error).message}`);
    return {};
  }
}

/** Every error, each once, with its path in the file. */
function policyErrors(found: unknown, maxTtl: string): { path: string; message: string }[] {
  if (found === null || typeof found !== 'object' || Array.isArray(found))
    return [{ path: '', message: 'must be a JSON object' }];
  const { owners, ...everybody } = found as Record<string, unknown>;
  const ofEverybody = memberErrors('', everybody, maxTtl);
  if (owners === undefined) return ofEverybody;
  if (owners === null || typeof owners !== 'object' || Array.isArray(owners))
    return [...ofEverybody, { path: '/owners', message: `must be ${expected['owners']}` }];
  const ofOwners = Object.entries(owners).flatMap(([owner, own]) => memberErrors(`/owners/${owner}`, own, maxTtl));
  return [...ofEverybody, ...ofOwners];
}

function memberErrors(path: string, members: unknown, maxTtl: string): { path: string; message: string }[] {
  if (members === null || typeof members !== 'object' || Array.isArray(members))
    return [{ path, message: 'must be an object' }];
  return Object.entries(members).flatMap(([name, value]) => {
    const message = memberError(name, value, maxTtl);
    return message === undefined ? [] : [{ path: `${path}/${name}`, message }];
  });
}

function memberError(name: string, value: unknown, maxTtl: string): string | undefined {
  const schema = Object.hasOwn(limits, name) ? limits[name as keyof typeof limits] : undefined;
  if (!schema) return `unknown property; known are ${Object.keys(limits).join(', ')}`;
  const isUnknownSize = name === 'instanceTypes' && Array.isArray(value) && !value.every(isInstanceType);
  if (!Value.Check(schema, value) || isUnknownSize) return `must be ${expected[name]}`;
  if (name === 'maxTtl' && parseDuration(value as string)! > parseDuration(maxTtl)!)
    return `must be at most ${maxTtl}, which is MOAT_MAX_TTL`;
  return undefined;
}

const isInstanceType = (value: unknown): boolean => typeof value === 'string' && instanceTypeOf(value) !== undefined;

const limitsFrom = (
  { environmentsPerOwner, locations, instanceTypes, ...rest }: Limits,
  maxTtl: string,
): OwnerLimits => ({
  environments: environmentsPerOwner ?? null,
  locations: locations ?? null,
  instanceTypes: instanceTypes ?? null,
  maxTtl: rest.maxTtl ?? maxTtl,
});

const partialFrom = ({ environmentsPerOwner, ...others }: Limits): Partial<OwnerLimits> => ({
  ...others,
  ...(environmentsPerOwner !== undefined && { environments: environmentsPerOwner }),
});
