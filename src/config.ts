import { join, resolve } from 'node:path';
import { readApiKeys } from './config/apiKeys.ts';
import { findConflicts } from './config/conflicts.ts';
import { ConfigError } from './config/configError.ts';
import { localEncryptionKeys, localSealKey, storedEncryptionKeys } from './config/keyFiles.ts';
import { readPolicy } from './config/policyFile.ts';
import { parseEncryptionKeys, parseSettings, splitList, unknownSettings } from './config/settings.ts';
import type { EncryptionKey, Settings } from './config/settings.ts';
import { parseDuration } from './domain/lease.ts';
import type { Policy } from './domain/ownerLimits.ts';
import type { SweepConfig, SweepMode } from './domain/sweep/gateway.ts';

/** The target cloud. `caFile` is a PEM file, which the emulator creates at its first start. */
type TargetConfig =
  | { kind: 'emulator'; endpoint: string; caFile: string; timeScale: number }
  | { kind: 'azure'; endpoint?: string; caFile?: string };

/** The emulator's own listener, and the seed by which its operations vary in duration; null: they do not. */
interface EmulatorConfig {
  host: string;
  port: number;
  allowedHosts: readonly string[];
  seed: number | null;
}

/** The OpenID Connect provider whose access tokens are accepted. */
export interface OidcConfig {
  readonly issuer: string;
  /** that tokens must name */
  readonly audience: string;
  /** name or path of the claim that has the roles */
  readonly roleClaim: string;
  /** name or path of the claim that has the caller's name; null: the usual ones */
  readonly nameClaim: string | null;
}

/** All settings, validated. Only this file and Temporal's profile loader read the environment. */
export interface Config {
  readonly target: Readonly<TargetConfig>;
  /** new environments are created in the first one */
  readonly subscriptionIds: readonly [string, ...string[]];
  /** directory of all local state, absolute */
  readonly dataDir: string;
  readonly emulator: Readonly<EmulatorConfig>;
  /** without `keysFile` and `oidc` the API listens on loopback and does not authenticate its callers */
  readonly api: {
    readonly host: string;
    readonly port: number;
    /** absolute */
    readonly keysFile: string | null;
    readonly oidc: OidcConfig | null;
  };
  /** base address at which users reach the API; null: not known, or as it listens */
  readonly publicUrl: string | null;
  /** sessions of the console; `client`: Moat as the identity provider knows it, null: users do not sign in there */
  readonly session: {
    readonly lifetimeMs: number;
    readonly client: { readonly id: string; readonly secret: string | null } | null;
  };
  /** of requests to one process: `requestsPerMinute` of each caller (0: no limit), and open event streams */
  readonly limits: {
    readonly requestsPerMinute: number;
    readonly streams: { readonly total: number; readonly perCaller: number };
  };
  /** what owners may have */
  readonly policy: Policy;
  /** durations like `8h` */
  readonly lease: { readonly defaultTtl: string; readonly maxTtl: string };
  /** whether a model's repository may be in a private network */
  readonly allowPrivateRepositories: boolean;
  readonly sweep: SweepConfig;
  /** ms between two repetitions of the proofs; null: they are not repeated */
  readonly verifyIntervalMs: number | null;
  /** receiver of webhook events; null: none are sent */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** base address of Temporal's web UI, without a trailing slash; null: no links to it */
  readonly temporalUi: string | null;
  /** keys for payloads in Temporal: the first encrypts, all decrypt */
  readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]];
  /** where a worker serves its metrics; null: nowhere */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** whether spans are sent to a collector; its address is read by OpenTelemetry's exporter */
  readonly tracing: boolean;
  /** the build of this worker, for Temporal's worker versioning; null: unversioned */
  readonly buildId: string | null;
  /** key of the HMAC in the ownership tag of resource groups */
  readonly sealKey: string;
}

const emulatorSubscription = '11111111-2222-4333-8444-555555555555';

/**
 * Reads and validates the settings. Keys that are not set are created in the data directory; on Azure, the seal key must be set.
 * Throws ConfigError with every error. Passes unknown MOAT_ variables to `warn`.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  warn: (message: string) => void = (message) => console.warn(message),
): Config {
  // An empty variable counts as not set: compose files and shells cannot always omit one.
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const { settings, errors } = parseSettings(variables);
  readApiKeys(variables['MOAT_API_KEYS_FILE'], errors);
  const policy = readPolicy(variables['MOAT_POLICY_FILE'], settings.MOAT_MAX_TTL, errors);
  const invalid = (message: string): boolean => errors.some((error) => sameSetting(error, message));
  errors.push(...findConflicts(settings).filter((message) => !invalid(message)));
  if (errors.length > 0) throw new ConfigError(errors);
  unknownSettings(variables).forEach(warn);
  const tracing = variables['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined;
  return freeze({ ...configOf(settings, policy), tracing });
}

/** An invalid setting has been replaced by its default, so "is required" would be a second, wrong message. */
const sameSetting = (error: string, conflict: string): boolean =>
  conflict.includes(' is required ') && error.split(' ')[0] === conflict.split(' ')[0];

function configOf(settings: Settings, policy: Policy): Omit<Config, 'tracing'> {
  const { MOAT_WEBHOOK_URL: url, MOAT_WEBHOOK_SECRET: secret } = settings;
  const dataDir = resolve(settings.MOAT_DATA_DIR);
  return {
    target: targetOf(settings, dataDir),
    subscriptionIds: subscriptionsOf(settings),
    dataDir,
    emulator: {
      host: settings.MOAT_EMULATOR_HOST,
      port: settings.MOAT_EMULATOR_PORT,
      allowedHosts: splitList(settings.MOAT_EMULATOR_ALLOWED_HOSTS),
      seed: settings.MOAT_EMULATOR_SEED === 'none' ? null : Number(settings.MOAT_EMULATOR_SEED),
    },
    api: {
      host: settings.MOAT_HOST,
      port: settings.MOAT_PORT,
      keysFile: settings.MOAT_API_KEYS_FILE ? resolve(settings.MOAT_API_KEYS_FILE) : null,
      oidc: oidcOf(settings),
    },
    publicUrl: settings.MOAT_PUBLIC_URL ? new URL(settings.MOAT_PUBLIC_URL).origin : null,
    session: sessionOf(settings),
    limits: limitsOf(settings),
    policy,
    lease: { defaultTtl: settings.MOAT_DEFAULT_TTL, maxTtl: settings.MOAT_MAX_TTL },
    allowPrivateRepositories: settings.MOAT_ALLOW_PRIVATE_REPOSITORIES,
    sweep: sweepOf(settings),
    verifyIntervalMs: parseDuration(settings.MOAT_VERIFY_INTERVAL) ?? null,
    webhook: url && secret ? { url, secret } : null,
    temporalUi: settings.MOAT_TEMPORAL_UI?.replace(/\/+$/, '') ?? null,
    encryptionKeys: encryptionKeysOf(settings, dataDir),
    metrics:
      settings.MOAT_METRICS_PORT === undefined
        ? null
        : { host: settings.MOAT_METRICS_HOST, port: settings.MOAT_METRICS_PORT },
    buildId: settings.MOAT_BUILD_ID ?? null,
    sealKey: settings.MOAT_SEAL_KEY ?? localSealKey(dataDir),
  };
}

/** The configured keys. Those of the data directory still decrypt what they encrypted before. */
function encryptionKeysOf(settings: Settings, dataDir: string): [EncryptionKey, ...EncryptionKey[]] {
  const configured = parseEncryptionKeys(settings.MOAT_ENCRYPTION_KEYS ?? '');
  const local = (configured.length === 0 ? localEncryptionKeys : storedEncryptionKeys)(dataDir) ?? [];
  const isNew = ({ id }: EncryptionKey): boolean => configured.every((key) => key.id !== id);
  const [first, ...others] = [...configured, ...local.filter(isNew)];
  return [first!, ...others];
}

/** The environment of a child process: this one's, with more variables. */
export const environmentWith = (variables: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...variables,
});

function oidcOf(settings: Settings): OidcConfig | null {
  const { MOAT_OIDC_ISSUER: issuer, MOAT_OIDC_AUDIENCE: audience } = settings;
  if (!issuer || !audience) return null;
  return {
    issuer,
    audience,
    roleClaim: settings.MOAT_OIDC_ROLE_CLAIM,
    nameClaim: settings.MOAT_OIDC_NAME_CLAIM ?? null,
  };
}

const sessionOf = (settings: Settings): Config['session'] => {
  const { MOAT_OIDC_CLIENT_ID: id, MOAT_OIDC_CLIENT_SECRET: secret = null } = settings;
  return {
    lifetimeMs: parseDuration(settings.MOAT_SESSION_LIFETIME)!,
    client: id === undefined ? null : { id, secret },
  };
};

const limitsOf = (settings: Settings): Config['limits'] => ({
  requestsPerMinute: settings.MOAT_RATE_LIMIT,
  streams: { total: settings.MOAT_MAX_STREAMS, perCaller: settings.MOAT_MAX_STREAMS_PER_CALLER },
});

const sweepOf = (settings: Settings): SweepConfig => ({
  mode: settings.MOAT_SWEEP as SweepMode,
  intervalMs: parseDuration(settings.MOAT_SWEEP_INTERVAL)!,
  timeZone: settings.MOAT_SWEEP_TIME_ZONE,
  graceMs: parseDuration(settings.MOAT_SWEEP_GRACE) ?? 0,
  dailyCap: settings.MOAT_SWEEP_DAILY_CAP ?? null,
  cap: settings.MOAT_SWEEP_CAP ?? null,
});

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

function subscriptionsOf(settings: Settings): [string, ...string[]] {
  const [first, ...others] = splitList(settings.AZURE_SUBSCRIPTION_ID ?? emulatorSubscription);
  return [first!, ...others];
}

function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (member !== null && typeof member === 'object') freeze(member);
  return Object.freeze(value);
}
