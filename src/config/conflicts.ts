import { BlockList } from 'node:net';
import { parseDuration } from '../domain/lease.ts';
import { isTimeZone } from '../domain/timeZone.ts';
import { generateKeyCommand, parseEncryptionKeys } from './settings.ts';
import type { Settings } from './settings.ts';

/** The rules that involve several settings or more than a pattern: one message per violation. */
export function findConflicts(settings: Settings): string[] {
  return [
    ...azureConflicts(settings),
    ...durationConflicts(settings),
    ...listenConflicts(settings),
    ...oidcConflicts(settings),
    ...signInConflicts(settings),
    ...webhookConflicts(settings),
    ...encryptionConflicts(settings),
  ];
}

function azureConflicts(settings: Settings): string[] {
  if (settings.MOAT_TARGET !== 'azure') return [];
  return [
    ...(settings.AZURE_SUBSCRIPTION_ID ? [] : ['AZURE_SUBSCRIPTION_ID is required when MOAT_TARGET is azure']),
    ...(settings.MOAT_SEAL_KEY
      ? []
      : ['MOAT_SEAL_KEY is required when MOAT_TARGET is azure: `openssl rand -hex 32` generates one']),
  ];
}

/** A proof takes a minute or two on Azure. */
const shortestVerifyIntervalMs = 10 * 60_000;

function durationConflicts(settings: Settings): string[] {
  const tooLong = parseDuration(settings.MOAT_DEFAULT_TTL)! > parseDuration(settings.MOAT_MAX_TTL)!;
  const tooShort = (parseDuration(settings.MOAT_VERIFY_INTERVAL) ?? Infinity) < shortestVerifyIntervalMs;
  return [
    ...(tooShort ? ['MOAT_VERIFY_INTERVAL must be at least 10m'] : []),
    ...(tooLong ? ['MOAT_DEFAULT_TTL must not be longer than MOAT_MAX_TTL'] : []),
    ...(isTimeZone(settings.MOAT_SWEEP_TIME_ZONE)
      ? []
      : ['MOAT_SWEEP_TIME_ZONE must be a time zone like UTC or Europe/Berlin']),
  ];
}

function listenConflicts(settings: Settings): string[] {
  const { MOAT_HOST: host } = settings;
  if (isLoopback(host)) return [];
  const reason = `is required when MOAT_HOST (${host}) is not loopback`;
  return [
    ...(settings.MOAT_API_KEYS_FILE || settings.MOAT_OIDC_ISSUER
      ? []
      : [`MOAT_API_KEYS_FILE or MOAT_OIDC_ISSUER ${reason}`]),
    ...(settings.MOAT_ENCRYPTION_KEYS ? [] : [`MOAT_ENCRYPTION_KEYS ${reason}: ${generateKeyCommand} generates one`]),
  ];
}

/** A provider is read over https, except on loopback. */
function oidcConflicts({ MOAT_OIDC_ISSUER: issuer, MOAT_OIDC_AUDIENCE: audience }: Settings): string[] {
  if (issuer === undefined)
    return audience === undefined ? [] : ['MOAT_OIDC_ISSUER is required with MOAT_OIDC_AUDIENCE'];
  const { protocol, hostname } = new URL(issuer);
  return [
    ...(protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
      ? []
      : ['MOAT_OIDC_ISSUER must be https']),
    ...(audience === undefined ? ['MOAT_OIDC_AUDIENCE is required with MOAT_OIDC_ISSUER'] : []),
  ];
}

/** The sign-in of the console. Over plain http, anyone on the way could take a session over. */
function signInConflicts(settings: Settings): string[] {
  const { MOAT_OIDC_CLIENT_ID: client, MOAT_OIDC_CLIENT_SECRET: secret, MOAT_PUBLIC_URL: publicUrl } = settings;
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isSafe = !url || url.protocol === 'https:' || isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
  const needed = (name: 'MOAT_OIDC_ISSUER' | 'MOAT_PUBLIC_URL'): string[] =>
    client === undefined || settings[name] !== undefined ? [] : [`${name} is required with MOAT_OIDC_CLIENT_ID`];
  return [
    ...(isSafe ? [] : ['MOAT_PUBLIC_URL must be https']),
    ...(secret !== undefined && client === undefined
      ? ['MOAT_OIDC_CLIENT_ID is required with MOAT_OIDC_CLIENT_SECRET']
      : []),
    ...needed('MOAT_OIDC_ISSUER'),
    ...needed('MOAT_PUBLIC_URL'),
  ];
}

/** Plain http and loopback addresses are accepted with the emulator only. */
function webhookConflicts(settings: Settings): string[] {
  const { MOAT_WEBHOOK_URL: address, MOAT_WEBHOOK_SECRET: secret, MOAT_TARGET: target } = settings;
  if (address === undefined) return [];
  const { protocol, hostname } = new URL(address);
  const isLocal = target === 'emulator' && isLoopback(hostname.replace(/^\[|\]$/g, ''));
  return [
    ...(secret === undefined ? ['MOAT_WEBHOOK_SECRET is required with MOAT_WEBHOOK_URL'] : []),
    ...(protocol === 'https:' || isLocal ? [] : ['MOAT_WEBHOOK_URL must be https']),
  ];
}

function encryptionConflicts(settings: Settings): string[] {
  const ids = parseEncryptionKeys(settings.MOAT_ENCRYPTION_KEYS ?? '').map(({ id }) => id);
  return new Set(ids).size < ids.length ? ['MOAT_ENCRYPTION_KEYS must not have two keys of the same id'] : [];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const isLoopback = (host: string): boolean =>
  host === 'localhost' || loopback.check(host, host.includes(':') ? 'ipv6' : 'ipv4');
