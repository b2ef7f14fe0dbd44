import { closestMatch } from '../domain/closestMatch.ts';
import { durationPattern } from '../domain/lease.ts';

const guid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const positiveNumber = '[0-9]*\\.?[0-9]*[1-9][0-9]*(\\.0*)?';
export const generateKeyCommand = '`echo "k1:$(openssl rand -base64 32)"`';
const encryptionKeyPattern = '[A-Za-z0-9._-]{1,32}:[A-Za-z0-9+/]{43}=';

/** How the text of one variable is read; `read` returns undefined for what is invalid, `description` says what is valid. */
interface Setting<Value> {
  read(text: string): Value | undefined;
  default: Value;
  description: string;
}

interface TextRules<Default> {
  pattern?: string;
  minLength?: number;
  default: Default;
  description?: string;
}

function text<Default extends string | undefined>(rules: TextRules<Default>): Setting<string | Default> {
  const { pattern = '', minLength = 0, description = 'a text' } = rules;
  const valid = new RegExp(pattern, 'u');
  return {
    read: (value) => (value.length >= minLength && valid.test(value) ? value : undefined),
    default: rules.default,
    description,
  };
}

/** A text that has no default. */
const optional = (rules: Omit<TextRules<undefined>, 'default'> = {}): Setting<string | undefined> =>
  text({ ...rules, default: undefined });

function whole<Default extends number | undefined>(
  minimum: number,
  maximum: number,
  fallback: Default,
  description: string,
): Setting<number | Default> {
  const inRange = (value: string): boolean => Number(value) >= minimum && Number(value) <= maximum;
  return {
    read: (value) => (/^\d+$/.test(value) && inRange(value) ? Number(value) : undefined),
    default: fallback,
    description,
  };
}

const flag = (fallback: boolean): Setting<boolean> => ({
  read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
  default: fallback,
  description: 'true or false',
});

const duration = (fallback: string): Setting<string> =>
  text({ pattern: durationPattern, default: fallback, description: 'a duration like 90m, 8h or 3d' });
const port = (fallback: number): Setting<number> => whole(0, 65_535, fallback, 'a port, 0 to 65535');
const cap = (): Setting<number | undefined> => whole(1, 10_000, undefined, 'a number from 1 to 10000');
const url = (): Setting<string | undefined> =>
  optional({ pattern: '^https?://[^/?#\\s]+(/[^?#\\s]*)?$', description: 'an http or https URL' });

const declared = {
  MOAT_TARGET: text({ pattern: '^(emulator|azure)$', default: 'emulator', description: 'emulator or azure' }),
  MOAT_HOST: text({ default: '127.0.0.1' }),
  MOAT_PORT: port(3000),
  MOAT_DATA_DIR: text({ default: '.moat' }),
  MOAT_EMULATOR_HOST: text({ default: '127.0.0.1' }),
  MOAT_EMULATOR_PORT: port(8743),
  MOAT_EMULATOR_ALLOWED_HOSTS: text({ default: '' }),
  MOAT_EMULATOR_TIME_SCALE: text({
    pattern: `^${positiveNumber}(/${positiveNumber})?$`,
    default: '1/60',
    description: 'a number above zero or a fraction like 1/60',
  }),
  MOAT_EMULATOR_SEED: text({
    pattern: '^([0-9]{1,9}|none)$',
    default: '1',
    description: 'a whole number of up to 9 digits, or none',
  }),
  MOAT_ARM_ENDPOINT: url(),
  MOAT_ARM_CA: optional(),
  AZURE_SUBSCRIPTION_ID: optional({
    pattern: `^\\s*${guid}\\s*(,\\s*${guid}\\s*)*$`,
    description: 'one or more GUIDs, comma-separated',
  }),
  MOAT_TEMPORAL_UI: url(),
  MOAT_SEAL_KEY: optional({ minLength: 32, description: 'at least 32 characters' }),
  MOAT_ENCRYPTION_KEYS: optional({
    pattern: `^\\s*${encryptionKeyPattern}\\s*(,\\s*${encryptionKeyPattern}\\s*)*$`,
    description: `id:key, or several, comma-separated, each key 32 bytes in base64: ${generateKeyCommand} generates one`,
  }),
  MOAT_BUILD_ID: optional({
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    description: 'up to 64 of A-Z, a-z, 0-9, dot, _ and -',
  }),
  MOAT_DEFAULT_TTL: duration('8h'),
  MOAT_MAX_TTL: duration('7d'),
  MOAT_ALLOW_PRIVATE_REPOSITORIES: flag(false),
  MOAT_SWEEP: text({ pattern: '^(on|dry|off)$', default: 'on', description: 'on, dry or off' }),
  MOAT_SWEEP_INTERVAL: duration('1h'),
  MOAT_SWEEP_TIME_ZONE: text({ default: 'UTC' }),
  MOAT_SWEEP_GRACE: text({
    pattern: '^(0|[1-9][0-9]{0,5})[mhd]$',
    default: '2h',
    description: 'a duration like 0m, 90m or 2h',
  }),
  MOAT_SWEEP_CAP: cap(),
  MOAT_SWEEP_DAILY_CAP: cap(),
  MOAT_WEBHOOK_URL: url(),
  MOAT_WEBHOOK_SECRET: optional({ minLength: 16, description: 'at least 16 characters' }),
  MOAT_API_KEYS_FILE: optional(),
};

type Declared = typeof declared;
export type Settings = { [Name in keyof Declared]: Declared[Name] extends Setting<infer Value> ? Value : never };

/** Variables that are set, by name. */
export type Variables = Record<string, string | undefined>;

/** Applies defaults. An invalid setting is reported in `errors` and replaced by its default, so that the other checks still run. */
export function parseSettings(variables: Variables): { settings: Settings; errors: string[] } {
  const errors: string[] = [];
  const read = ([name, setting]: [string, Setting<unknown>]): [string, unknown] => {
    const value = variables[name];
    if (value === undefined) return [name, setting.default];
    const found = setting.read(value);
    if (found === undefined) errors.push(`${name} must be ${setting.description}`);
    return [name, found ?? setting.default];
  };
  return { settings: Object.fromEntries(Object.entries(declared).map(read)) as Settings, errors };
}

/** A warning for each MOAT_ variable that is not a setting. */
export function unknownSettings(variables: Variables): string[] {
  const known = Object.keys(declared);
  return Object.keys(variables)
    .filter((name) => name.startsWith('MOAT_') && !known.includes(name))
    .map((name) => {
      const similar = closestMatch(name, known);
      return `unknown setting ${name} is ignored${similar ? `; did you mean ${similar}?` : ''}`;
    });
}

/** Splits a comma-separated setting. */
export const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** 32 bytes in base64, with an id that is not secret. */
export interface EncryptionKey {
  id: string;
  key: string;
}

export function parseEncryptionKeys(settings: Settings): EncryptionKey[] {
  return splitList(settings.MOAT_ENCRYPTION_KEYS ?? '').map((item) => {
    const colon = item.indexOf(':');
    return { id: item.slice(0, colon), key: item.slice(colon + 1) };
  });
}
