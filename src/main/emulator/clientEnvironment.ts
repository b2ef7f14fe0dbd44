import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { loadConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import { guidOf } from '../../emulator/http/signIn.ts';
import { tenantId } from '../../emulator/providers/resourceHelpers.ts';

/** What clients of the emulator need to know. The credential is any: the emulator accepts every one. */
export interface ClientSettings {
  endpoint: string;
  /** the emulator's authority, PEM */
  caFile: string;
  /** that authority and the public ones: most clients replace their own list by the file that they are given */
  caBundle: string;
  azConfigDir: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  subscriptionId: string;
}

/** The settings of clients, from Moat's own. */
export function clientSettings(config: Config = loadConfig()): ClientSettings {
  const { target, emulator, dataDir } = config;
  const isEmulator = target.kind === 'emulator';
  return {
    endpoint: isEmulator ? target.endpoint.replace(/\/+$/, '') : `https://127.0.0.1:${emulator.port}`,
    caFile: isEmulator ? target.caFile : join(dataDir, 'emulator-ca.pem'),
    caBundle: join(dataDir, 'emulator-ca-bundle.pem'),
    azConfigDir: join(dataDir, 'az'),
    tenantId,
    clientId: guidOf('moat emulator client'),
    clientSecret: 'anything',
    subscriptionId: config.subscriptionIds[0],
  };
}

/**
 * Writes the bundle of authorities unless it is up to date. Throws an Error with the remedy when the emulator has never run here, for it
 * creates its authority at its first start.
 */
export function writeCaBundle({ caFile, caBundle }: ClientSettings): void {
  if (!existsSync(caFile))
    throw new Error(
      `${caFile} does not exist: the emulator has not run yet. Start it in another terminal: npm run emulator`,
    );
  const own = readFileSync(caFile, 'utf8').trim();
  const text = `${[own, ...new Set([...getCACertificates('default'), ...getCACertificates('system')].map((pem) => pem.trim()))].join('\n')}\n`;
  if (existsSync(caBundle) && digest(readFileSync(caBundle, 'utf8')) === digest(text)) return;
  writeFileSync(`${caBundle}.new`, text);
  renameSync(`${caBundle}.new`, caBundle);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The variables that clients read. Sources: `requests` and Go's crypto/x509 for the authorities; azure-identity's EnvironmentCredential
 * (Python, Go, JavaScript); azure-ai-ml's _azure_environments.py (ARM_CLOUD_METADATA_URL); Terraform's azurerm provider (ARM_*).
 */
function variables(settings: ClientSettings): Record<string, string> {
  const { endpoint, caFile, caBundle, azConfigDir, tenantId, clientId, clientSecret, subscriptionId } = settings;
  return {
    REQUESTS_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    CURL_CA_BUNDLE: caBundle,
    NODE_EXTRA_CA_CERTS: caFile,
    MOAT_ARM_ENDPOINT: endpoint,
    AZURE_CONFIG_DIR: azConfigDir,
    AZURE_AUTHORITY_HOST: endpoint,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    ARM_CLOUD_METADATA_URL: `${endpoint}/metadata/endpoints?api-version=2019-05-01`,
    ARM_METADATA_HOSTNAME: new URL(endpoint).host,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ARM_RESOURCE_PROVIDER_REGISTRATIONS: 'none',
  };
}

const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** `export NAME=value` lines for a shell. Throws what `writeCaBundle` throws. */
export function environmentLines(): string {
  const settings = clientSettings();
  writeCaBundle(settings);
  const lines = Object.entries(variables(settings)).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return lines.join('\n');
}
