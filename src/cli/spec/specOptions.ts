import type { Command } from 'commander';
import { parse } from 'yaml';
import type { NewEnvironment } from '../../client/index.ts';
import { CliError } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';
import { readInput } from '../readInput.ts';
import { resolve, schemaOf } from './openapi.ts';
import type { Schema } from './openapi.ts';
import { kebab, schemaOption } from './schemaOption.ts';

/** A member of a spec that an option can set. */
export interface Leaf {
  /** members from the top of the spec, like `jumpbox`, `diskGb` */
  path: string[];
  schema: Schema;
}

const scalarTypes = ['string', 'integer', 'boolean'];

const isScalar = ({ type = '', anyOf, items }: Schema): boolean =>
  scalarTypes.includes(type) ||
  (type === 'array' && scalarTypes.includes(resolve(items ?? {}).type ?? '')) ||
  (anyOf?.some((one) => one.enum) ?? false);

/** The members of a schema that an option can set, nested ones included. JSON values, lists of objects and numbers with a point need a file. */
function leavesOf(schema: Schema, path: string[] = []): Leaf[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const here = [...path, name];
    const own = isScalar(member) ? [{ path: here, schema: member }] : [];
    const nested = [member, ...(member.anyOf ?? [])].map(resolve).flatMap((one) => leavesOf(one, here));
    return [...own, ...nested];
  });
}

/** The options of a spec, in the order of the OpenAPI document. The name is an argument. */
export const specLeaves = (): Leaf[] => leavesOf(schemaOf('NewEnvironment')).filter(({ path }) => path[0] !== 'name');

export const optionName = ({ path }: Leaf): string => path.map(kebab).join('-');
const attribute = (leaf: Leaf): string =>
  optionName(leaf).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Adds the options of a spec, derived from the OpenAPI document, and the file. */
export function withSpecOptions(command: Command): Command {
  command.option('-f, --file <path>', 'read the spec from a YAML or JSON file, - for stdin; options override it');
  command.optionsGroup('Spec:');
  for (const leaf of specLeaves()) command.addOption(schemaOption(optionName(leaf), leaf.schema));
  return command;
}

/** The members of a spec in which a new environment may differ from the one that is moved. */
const changeLeaves = (): Leaf[] => leavesOf(schemaOf('MoveRequest').properties!['changes']!);

/** Adds an option for each of them. */
export function withChangeOptions(command: Command): Command {
  command.optionsGroup('Changes of the spec:');
  for (const leaf of changeLeaves()) command.addOption(schemaOption(optionName(leaf), leaf.schema));
  return command;
}

/** The changes that the options name. */
export const readChanges = (options: Record<string, unknown>): object => withMembers({}, changeLeaves(), options);

function withMembers(
  spec: Record<string, unknown>,
  leaves: readonly Leaf[],
  options: Record<string, unknown>,
): Record<string, unknown> {
  for (const leaf of leaves) {
    const value = options[attribute(leaf)];
    if (value !== undefined) setMember(spec, leaf, value);
  }
  return spec;
}

async function readSpecFile(path: string): Promise<Record<string, unknown>> {
  let spec: unknown;
  const text = await readInput(path);
  try {
    spec = parse(text);
  } catch (error) {
    throw new CliError(exitCodes.usage, `${path} is neither YAML nor JSON: ${(error as Error).message}`);
  }
  if (typeof spec === 'object' && spec !== null && !Array.isArray(spec)) return { ...spec };
  throw new CliError(exitCodes.usage, `${path} has no spec: it must be an object with name and location.`);
}

function setMember(spec: Record<string, unknown>, leaf: Leaf, value: unknown): void {
  let target = spec;
  for (const name of leaf.path.slice(0, -1)) {
    const nested = target[name] ?? {};
    if (typeof nested !== 'object')
      throw new CliError(exitCodes.usage, `--${optionName(leaf)} and --${name} exclude each other.`);
    target = target[name] = { ...nested } as Record<string, unknown>;
  }
  target[leaf.path.at(-1)!] = value;
}

/** The spec of a command: the file, the options over it, and the name over both. */
export async function readSpec(
  name: string | undefined,
  options: Record<string, unknown> & { file?: string },
): Promise<NewEnvironment> {
  const fromFile = options.file === undefined ? {} : await readSpecFile(options.file);
  const spec = withMembers(fromFile, specLeaves(), options);
  if (name !== undefined) spec['name'] = name;
  if (spec['name'] === undefined)
    throw new CliError(exitCodes.usage, 'The environment has no name.', {
      remedy: 'moat up NAME, or name it in the file',
    });
  if (spec['location'] === undefined)
    throw new CliError(exitCodes.usage, 'The environment has no location.', { remedy: 'add --location, like westus2' });
  return spec as NewEnvironment;
}
