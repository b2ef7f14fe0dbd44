import { envSchema } from 'env-schema';
import Type from 'typebox';
import { closestMatch } from '../domain/closestMatch.ts';
import { durationPattern } from '../domain/lease.ts';

const guid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const positiveNumber = '[0-9]*\\.?[0-9]*[1-9][0-9]*(\\.0*)?';
export const generateKeyCommand = '`echo "k1:$(openssl rand -base64 32)"`';
const encryptionKeyPattern = '[A-Za-z0-9._-]{1,32}:[A-Za-z0-9+/]{43}=';
/** of MOAT_ENCRYPTION_KEYS, and of the file in the data directory */
export const encryptionKeysPattern = `^\\s*${encryptionKeyPattern}\\s*(,\\s*${encryptionKeyPattern}\\s*)*$`;

const duration = (fallback: string) =>
  Type.String({ pattern: durationPattern, default: fallback, description: 'a duration like 90m, 8h or 3d' });
const port = (fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description: 'a port, 0 to 65535' });
const count = (fallback: number, minimum = 1) =>
  Type.Integer({
    minimum,
    maximum: 1_000_000,
    default: fallback,
    description: `a number from ${minimum} to 1000000`,
  });
const url = () => Type.String({ pattern: '^https?://[^/?#\\s]+(/[^?#\\s]*)?$', description: 'an http or https URL' });

export const Settings = Type.Object({
  MOAT_TARGET: Type.String({ pattern: '^(emulator|azure)$', default: 'emulator', description: 'emulator or azure' }),
  MOAT_HOST: Type.String({ default: '127.0.0.1' }),
  MOAT_PORT: port(3000),
  MOAT_DATA_DIR: Type.String({ default: '.moat' }),
  MOAT_EMULATOR_HOST: Type.String({ default: '127.0.0.1' }),
  MOAT_EMULATOR_PORT: port(8743),
  MOAT_EMULATOR_ALLOWED_HOSTS: Type.String({ default: '' }),
  MOAT_EMULATOR_TIME_SCALE: Type.String({
    pattern: `^${positiveNumber}(/${positiveNumber})?$`,
    default: '1/60',
    description: 'a number above zero or a fraction like 1/60',
  }),
  MOAT_EMULATOR_SEED: Type.String({
    pattern: '^([0-9]{1,9}|none)$',
    default: '1',
    description: 'a whole number of up to 9 digits, or none',
  }),
  MOAT_ARM_ENDPOINT: Type.Optional(url()),
  MOAT_ARM_CA: Type.Optional(Type.String()),
  AZURE_SUBSCRIPTION_ID: Type.Optional(
    Type.String({ pattern: `^\\s*${guid}\\s*(,\\s*${guid}\\s*)*$`, description: 'one or more GUIDs, comma-separated' }),
  ),
  MOAT_TEMPORAL_UI: Type.Optional(url()),
  MOAT_SEAL_KEY: Type.Optional(Type.String({ minLength: 32, description: 'at least 32 characters' })),
  MOAT_ENCRYPTION_KEYS: Type.Optional(
    Type.String({
      pattern: encryptionKeysPattern,
      description: `id:key, or several, comma-separated, each key 32 bytes in base64: ${generateKeyCommand} generates one`,
    }),
  ),
  MOAT_BUILD_ID: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'up to 64 of A-Z, a-z, 0-9, dot, _ and -' }),
  ),
  MOAT_DEFAULT_TTL: duration('8h'),
  MOAT_MAX_TTL: duration('7d'),
  MOAT_ALLOW_PRIVATE_REPOSITORIES: Type.Boolean({ default: false, description: 'true or false' }),
  MOAT_POLICY_FILE: Type.Optional(Type.String()),
  MOAT_RATE_LIMIT: count(3000, 0),
  MOAT_MAX_STREAMS: count(1000),
  MOAT_MAX_STREAMS_PER_CALLER: count(50),
  MOAT_PUBLIC_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^/?#@\\s]+/?$', description: 'an http or https URL without a path' }),
  ),
  MOAT_OIDC_CLIENT_ID: Type.Optional(Type.String()),
  MOAT_OIDC_CLIENT_SECRET: Type.Optional(Type.String()),
  MOAT_SESSION_LIFETIME: duration('8h'),
  MOAT_SWEEP: Type.String({ pattern: '^(on|dry|off)$', default: 'on', description: 'on, dry or off' }),
  MOAT_SWEEP_INTERVAL: duration('1h'),
  MOAT_SWEEP_TIME_ZONE: Type.String({ default: 'UTC' }),
  MOAT_SWEEP_GRACE: Type.String({
    pattern: '^(0|[1-9][0-9]{0,5})[mhd]$',
    default: '2h',
    description: 'a duration like 0m, 90m or 2h',
  }),
  MOAT_SWEEP_CAP: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'a number from 1 to 10000' })),
  MOAT_SWEEP_DAILY_CAP: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'a number from 1 to 10000' }),
  ),
  MOAT_VERIFY_INTERVAL: Type.String({
    pattern: `${durationPattern}|^off$`,
    default: '1d',
    description: 'a duration like 90m, 8h or 3d, or off',
  }),
  MOAT_WEBHOOK_URL: Type.Optional(url()),
  MOAT_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 16, description: 'at least 16 characters' })),
  MOAT_API_KEYS_FILE: Type.Optional(Type.String()),
  MOAT_OIDC_ISSUER: Type.Optional(url()),
  MOAT_OIDC_AUDIENCE: Type.Optional(Type.String()),
  MOAT_OIDC_ROLE_CLAIM: Type.String({ default: 'roles' }),
  MOAT_OIDC_NAME_CLAIM: Type.Optional(Type.String()),
  MOAT_METRICS_PORT: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'a port, 1 to 65535' })),
  MOAT_METRICS_HOST: Type.String({ default: '127.0.0.1' }),
});
export type Settings = Type.Static<typeof Settings>;

/** Variables that are set, by name. */
export type Variables = Record<string, string | undefined>;

/** Applies defaults. An invalid setting is reported in `errors` and replaced by its default, so that the other checks still run. */
export function parseSettings(variables: Variables): { settings: Settings; errors: string[] } {
  const parse = (data: Variables) => envSchema<Settings>({ schema: structuredClone(Settings), data, env: false });
  try {
    return { settings: parse(variables), errors: [] };
  } catch (error) {
    const invalid = new Set(
      (error as { errors: { instancePath: string }[] }).errors.map((e) => e.instancePath.slice(1)),
    );
    const properties = Settings.properties as Record<string, { description?: string }>;
    const valid = Object.fromEntries(Object.entries(variables).filter(([name]) => !invalid.has(name)));
    return {
      settings: parse(valid),
      errors: [...invalid].map((name) => `${name} must be ${properties[name]?.description}`),
    };
  }
}

/** Variables of the command line, which may be set in the same shell. */
const commandLineVariables = ['MOAT_URL', 'MOAT_API_KEY', 'MOAT_PROFILE'];

/** A warning for each MOAT_ variable that is not a setting. */
export function unknownSettings(variables: Variables): string[] {
  const known = Object.keys(Settings.properties);
  return Object.keys(variables)
    .filter((name) => name.startsWith('MOAT_') && !known.includes(name) && !commandLineVariables.includes(name))
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

/** The keys in a text that matches `encryptionKeysPattern`. */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  return splitList(text).map((item) => {
    const colon = item.indexOf(':');
    return { id: item.slice(0, colon), key: item.slice(colon + 1) };
  });
}
