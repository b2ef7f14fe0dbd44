/** An unknown option or argument: emulated commands refuse it. */
export class UsageError extends Error {}

export interface Options {
  /** values by option name, the last one winning */
  values: Record<string, string>;
  /** every value of options that may be repeated */
  repeated: Record<string, string[]>;
  flags: Set<string>;
  operands: string[];
}

const spellings = (names: string[] = []): Map<string, string> =>
  new Map(names.flatMap((name) => name.split('|').map((one) => [one, name.split('|').at(-1) ?? name] as const)));

/**
 * Parses a command line. `values` and `flags` name the known options, each as `--long` or as `-s|--long` (identified by its
 * last spelling). Throws UsageError for any other.
 */
export function parseOptions(args: readonly string[], known: { values?: string[]; flags?: string[] }): Options {
  const values = spellings(known.values);
  const flags = spellings(known.flags);
  const options: Options = { values: {}, repeated: {}, flags: new Set(), operands: [] };
  const rest = args.flatMap((arg) => separated(arg, values, flags));
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = '', inline] = arg.startsWith('--') && arg.includes('=') ? split(arg) : [arg];
    const valued = values.get(name);
    const flag = flags.get(name);
    if (valued !== undefined) {
      const value = inline ?? rest.shift();
      if (value === undefined) throw new UsageError(`option ${name} requires an argument`);
      options.values[valued] = value;
      (options.repeated[valued] ??= []).push(value);
    } else if (flag !== undefined && inline === undefined) options.flags.add(flag);
    else if (arg.startsWith('-') && arg !== '-') throw new UsageError(`unrecognized option ${arg}`);
    else options.operands.push(arg);
  }
  return options;
}

/** `-sSm5` as `-s -S -m 5`, where these letters are known options. */
function separated(arg: string, values: Map<string, string>, flags: Map<string, string>): string[] {
  if (!/^-[A-Za-z0-9]{2,}/.test(arg) || values.has(arg) || flags.has(arg)) return [arg];
  const parts: string[] = [];
  for (let index = 1; index < arg.length; index += 1) {
    const option = `-${arg[index]}`;
    if (values.has(option)) {
      const value = arg.slice(index + 1);
      return [...parts, option, ...(value === '' ? [] : [value])];
    }
    if (!flags.has(option)) return [arg];
    parts.push(option);
  }
  return parts;
}

function split(arg: string): [string, string] {
  const equals = arg.indexOf('=');
  return [arg.slice(0, equals), arg.slice(equals + 1)];
}
