import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join, resolve } from 'node:path';
import { envSchema } from 'env-schema';
import Type from 'typebox';
import { durationPattern, parseDuration } from './domain/lease.ts';
import { closestMatch } from './domain/closestMatch.ts';
import type { SweepConfig, SweepMode } from './domain/sweep/gateway.ts';
import { isTimeZone } from './domain/timeZone.ts';

/** Who may call, by the SHA-256 of a key (hexadecimal). */
interface ApiKey {
  owner: string;
  sha256: string;
}

/** 32 bytes in base64, by a name that may be seen. */
interface EncryptionKey {
  id: string;
  key: string;
}

/** The cloud that is driven. `caFile` is a PEM file that the emulator makes when it first starts. */
export type TargetConfig =
  | { kind: 'emulator'; endpoint: string; caFile: string; timeScale: number }
  | { kind: 'azure'; endpoint?: string; caFile?: string };

/** All settings, checked. Nothing else reads the environment but Temporal's own profile loader. */
export interface Config {
  readonly target: Readonly<TargetConfig>;
  /** the first one is where new environments go */
  readonly subscriptionIds: readonly [string, ...string[]];
  /** directory of all local state, absolute */
  readonly dataDir: string;
  /** where the emulator itself listens */
  readonly emulator: { readonly host: string; readonly port: number; readonly allowedHosts: readonly string[] };
  /** `keys` is null where the API listens on loopback and asks nobody who they are */
  readonly api: { readonly host: string; readonly port: number; readonly keys: readonly ApiKey[] | null };
  /** durations like `8h` */
  readonly lease: { readonly defaultTtl: string; readonly maxTtl: string };
  /** whether a model's repository may be in a private network */
  readonly allowPrivateRepositories: boolean;
  readonly sweep: SweepConfig;
  /** who is told what sweeps do; null: nobody */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** base address of Temporal's web UI, without a slash at its end; null: no links to it */
  readonly temporalUi: string | null;
  /** what encrypts payloads in Temporal: the first encrypts, all decrypt; none: payloads are in plain text */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** the build of this worker, for Temporal's worker versioning; null: unversioned */
  readonly buildId: string | null;
  /** key of the HMAC by which a resource group is known as this installation's own */
  readonly sealKey: string;
}

/** Everything that is wrong with the settings, in one message. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const guid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const number = '[0-9]*\\.?[0-9]*[1-9][0-9]*(\\.0*)?';
const makeKey = '`echo "k1:$(openssl rand -base64 32)"`';
const encryptionKey = '[A-Za-z0-9._-]{1,32}:[A-Za-z0-9+/]{43}=';
const emulatorSubscription = '11111111-2222-4333-8444-555555555555';

const duration = (fallback: string, pattern = durationPattern, description = 'a duration like 90m, 8h or 3d') =>
  Type.String({ pattern, default: fallback, description });
const port = (fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description: 'a port, 0 to 65535' });
const url = () => Type.String({ pattern: '^https?://[^/?#\\s]+(/[^?#\\s]*)?$', description: 'an http or https URL' });

const Settings = Type.Object({
  MOAT_TARGET: Type.String({ pattern: '^(emulator|azure)$', default: 'emulator', description: 'emulator or azure' }),
  MOAT_HOST: Type.String({ default: '127.0.0.1' }),
  MOAT_PORT: port(3000),
  MOAT_DATA_DIR: Type.String({ default: '.moat' }),
  MOAT_EMULATOR_HOST: Type.String({ default: '127.0.0.1' }),
  MOAT_EMULATOR_PORT: port(8743),
  MOAT_EMULATOR_ALLOWED_HOSTS: Type.String({ default: '' }),
  MOAT_EMULATOR_TIME_SCALE: Type.String({
    pattern: `^${number}(/${number})?$`,
    default: '1/60',
    description: 'a number above zero or a fraction like 1/60',
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
      pattern: `^\\s*${encryptionKey}\\s*(,\\s*${encryptionKey}\\s*)*$`,
      description: `id:key, or several, comma-separated, each key 32 bytes in base64: ${makeKey} makes one`,
    }),
  ),
  MOAT_BUILD_ID: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'up to 64 of A-Z, a-z, 0-9, dot, _ and -' }),
  ),
  MOAT_DEFAULT_TTL: duration('8h'),
  MOAT_MAX_TTL: duration('7d'),
  MOAT_ALLOW_PRIVATE_REPOSITORIES: Type.Boolean({ default: false, description: 'true or false' }),
  MOAT_SWEEP: Type.String({ pattern: '^(on|dry|off)$', default: 'on', description: 'on, dry or off' }),
  MOAT_SWEEP_INTERVAL: duration('1h'),
  MOAT_SWEEP_TIME_ZONE: Type.String({ default: 'UTC' }),
  MOAT_SWEEP_GRACE: duration('2h', `^0[mhd]$|${durationPattern}`, 'a duration like 0m, 90m or 2h'),
  MOAT_SWEEP_CAP: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'a number from 1 to 10000' })),
  MOAT_WEBHOOK_URL: Type.Optional(url()),
  MOAT_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 16, description: 'at least 16 characters' })),
  MOAT_API_KEYS_FILE: Type.Optional(Type.String()),
});
type Settings = Type.Static<typeof Settings>;

/**
 * Reads the settings from the environment. For the emulator the seal key is made in the data directory when it is missing.
 * Throws ConfigError with every fault. A MOAT_ variable that is no setting is told to `warn`.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  warn: (message: string) => void = (message) => console.warn(message),
): Config {
  // A variable that is set but empty counts as not set: compose files and shells cannot always leave one out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const { settings, faults } = read(given);
  const keys = readKeys(given['MOAT_API_KEYS_FILE'], faults);
  faults.push(...conflicts(settings, given));
  if (faults.length > 0) throw new ConfigError(faults);
  for (const name of Object.keys(given))
    if (name.startsWith('MOAT_') && !(name in Settings.properties)) warn(unknown(name));

  const { MOAT_WEBHOOK_URL: at, MOAT_WEBHOOK_SECRET: secret } = settings;
  const dataDir = resolve(settings.MOAT_DATA_DIR);
  return freeze({
    target: targetOf(settings, dataDir),
    subscriptionIds: subscriptions(settings),
    dataDir,
    emulator: {
      host: settings.MOAT_EMULATOR_HOST,
      port: settings.MOAT_EMULATOR_PORT,
      allowedHosts: list(settings.MOAT_EMULATOR_ALLOWED_HOSTS),
    },
    api: { host: settings.MOAT_HOST, port: settings.MOAT_PORT, keys },
    lease: { defaultTtl: settings.MOAT_DEFAULT_TTL, maxTtl: settings.MOAT_MAX_TTL },
    allowPrivateRepositories: settings.MOAT_ALLOW_PRIVATE_REPOSITORIES,
    sweep: {
      mode: settings.MOAT_SWEEP as SweepMode,
      intervalMs: parseDuration(settings.MOAT_SWEEP_INTERVAL)!,
      timeZone: settings.MOAT_SWEEP_TIME_ZONE,
      graceMs: parseDuration(settings.MOAT_SWEEP_GRACE) ?? 0,
      cap: settings.MOAT_SWEEP_CAP ?? null,
    },
    webhook: at && secret ? { url: at, secret } : null,
    temporalUi: settings.MOAT_TEMPORAL_UI?.replace(/\/+$/, '') ?? null,
    encryptionKeys: encryptionKeys(settings),
    buildId: settings.MOAT_BUILD_ID ?? null,
    sealKey: settings.MOAT_SEAL_KEY ?? localSealKey(dataDir),
  });
}

/** The settings with their defaults; those that are malformed fall back on the default, so that the others can be checked too. */
function read(given: Record<string, string | undefined>): { settings: Settings; faults: string[] } {
  const parse = (data: Record<string, string | undefined>) =>
    envSchema<Settings>({ schema: structuredClone(Settings), data, env: false });
  try {
    return { settings: parse(given), faults: [] };
  } catch (error) {
    const wrong = new Set((error as { errors: { instancePath: string }[] }).errors.map((e) => e.instancePath.slice(1)));
    const properties = Settings.properties as Record<string, { description?: string }>;
    const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
    return {
      settings: parse(rest),
      faults: [...wrong].map((name) => `${name} must be ${properties[name]?.description}`),
    };
  }
}

function conflicts(settings: Settings, given: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  if (settings.MOAT_TARGET === 'azure') {
    if (!given['AZURE_SUBSCRIPTION_ID']) faults.push('AZURE_SUBSCRIPTION_ID is required when MOAT_TARGET is azure');
    if (!given['MOAT_SEAL_KEY'])
      faults.push('MOAT_SEAL_KEY is required when MOAT_TARGET is azure: `openssl rand -hex 32` makes one');
  }
  if (parseDuration(settings.MOAT_DEFAULT_TTL)! > parseDuration(settings.MOAT_MAX_TTL)!)
    faults.push('MOAT_DEFAULT_TTL must not be longer than MOAT_MAX_TTL');
  if (!isLoopback(settings.MOAT_HOST) && !settings.MOAT_API_KEYS_FILE)
    faults.push(`MOAT_API_KEYS_FILE is required when MOAT_HOST (${settings.MOAT_HOST}) is not loopback`);
  if (!isLoopback(settings.MOAT_HOST) && !given['MOAT_ENCRYPTION_KEYS'])
    faults.push(
      `MOAT_ENCRYPTION_KEYS is required when MOAT_HOST (${settings.MOAT_HOST}) is not loopback: ${makeKey} makes one`,
    );
  if (!isTimeZone(settings.MOAT_SWEEP_TIME_ZONE))
    faults.push('MOAT_SWEEP_TIME_ZONE must be a time zone like UTC or Europe/Berlin');
  faults.push(...webhookFaults(settings));
  const ids = encryptionKeys(settings).map(({ id }) => id);
  if (new Set(ids).size < ids.length) faults.push('MOAT_ENCRYPTION_KEYS must not have two keys of the same id');
  return faults;
}

function targetOf(settings: Settings, dataDir: string): TargetConfig {
  const { MOAT_ARM_ENDPOINT: endpoint, MOAT_ARM_CA: caFile } = settings;
  if (settings.MOAT_TARGET === 'azure')
    return { kind: 'azure', ...(endpoint && { endpoint }), ...(caFile && { caFile: resolve(caFile) }) };
  const [dividend, divisor = 1] = settings.MOAT_EMULATOR_TIME_SCALE.split('/').map(Number);
  return {
    kind: 'emulator',
    endpoint: endpoint ?? `https://127.0.0.1:${settings.MOAT_EMULATOR_PORT}`,
    caFile: caFile ? resolve(caFile) : join(dataDir, 'emulator-ca.pem'),
    timeScale: dividend! / divisor,
  };
}

function subscriptions(settings: Settings): [string, ...string[]] {
  const [first, ...others] = list(settings.AZURE_SUBSCRIPTION_ID ?? emulatorSubscription);
  return [first!, ...others];
}

/** Plain http, and this machine, are for trying it out on the emulator. */
function webhookFaults({ MOAT_WEBHOOK_URL: at, MOAT_WEBHOOK_SECRET: secret, MOAT_TARGET: target }: Settings): string[] {
  if (at === undefined) return [];
  const { protocol, hostname } = new URL(at);
  const local = target === 'emulator' && isLoopback(hostname.replace(/^\[|\]$/g, ''));
  const faults = secret === undefined ? ['MOAT_WEBHOOK_SECRET is required with MOAT_WEBHOOK_URL'] : [];
  return protocol === 'https:' || local ? faults : [...faults, 'MOAT_WEBHOOK_URL must be https'];
}

function encryptionKeys(settings: Settings): EncryptionKey[] {
  return list(settings.MOAT_ENCRYPTION_KEYS ?? '').map((item) => {
    const colon = item.indexOf(':');
    return { id: item.slice(0, colon), key: item.slice(colon + 1) };
  });
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const isLoopback = (host: string): boolean =>
  host === 'localhost' || loopback.check(host, host.includes(':') ? 'ipv6' : 'ipv4');

/** A line per key: `<owner> <SHA-256 of the key>`; empty lines and those that begin with # do not count. */
function readKeys(file: string | undefined, faults: string[]): ApiKey[] | null {
  if (file === undefined) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    faults.push(`MOAT_API_KEYS_FILE cannot be read: ${(error as Error).message}`);
    return null;
  }
  const keys: ApiKey[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9@._+-]{0,127})\s+([0-9a-fA-F]{64})\s*$/.exec(line);
    if (match) keys.push({ owner: match[1]!, sha256: match[2]!.toLowerCase() });
    else faults.push(`MOAT_API_KEYS_FILE line ${index + 1} is not \`<owner> <SHA-256 of the key>\``);
  }
  if (keys.length === 0) faults.push('MOAT_API_KEYS_FILE holds no key');
  return keys;
}

/** The emulator's seal key. A link either takes the name or finds it taken, so processes that start together agree on one key. */
function localSealKey(dataDir: string): string {
  const file = join(dataDir, 'seal.key');
  const made = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(made, randomBytes(32).toString('hex'), { mode: 0o600 });
  try {
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made);
  }
  return readFileSync(file, 'utf8');
}

function unknown(name: string): string {
  const near = closestMatch(name, Object.keys(Settings.properties));
  return `${name} is no setting of Moat and is ignored${near ? `; did you mean ${near}?` : ''}`;
}

function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (member !== null && typeof member === 'object') freeze(member);
  return Object.freeze(value);
}
