import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { constants } from 'node:os';
import { join } from 'node:path';
import { environmentWith } from '../../config.ts';
import { clientSettings, writeCaBundle } from './clientEnvironment.ts';
import type { ClientSettings } from './clientEnvironment.ts';

/** The emulator's name among the clouds of `az`. */
const cloudName = 'moat';

/**
 * Runs the machine's Azure CLI against the running emulator and ends this process with its exit code. Throws an Error with the remedy when
 * the emulator does not answer or `az` is not installed.
 */
export async function runAz(args: readonly string[]): Promise<never> {
  const settings = clientSettings();
  writeCaBundle(settings);
  await requireEmulator(settings);
  const env = environmentWith({ REQUESTS_CA_BUNDLE: settings.caBundle, AZURE_CONFIG_DIR: settings.azConfigDir });
  setUp(settings, env);
  const az = spawn('az', args, { stdio: 'inherit', env });
  // Ctrl-C reaches az itself, which decides when to end; other signals reach this process only.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => az.kill(signal));
  return await new Promise((_, reject) => {
    az.on('error', (error) => reject(explainMissing(error)));
    az.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Throws unless the emulator answers. */
async function requireEmulator({ endpoint, caFile }: ClientSettings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = get(`${endpoint}/_emulator/health`, { ca: readFileSync(caFile), timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve();
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', (error) =>
      reject(
        new Error(
          `The emulator does not answer at ${endpoint} (${error.message}). Start it in another terminal: npm run emulator`,
        ),
      ),
    );
  });
}

/** Signs in and registers the cloud, unless that was done for the same emulator. Throws an Error with what az reported. */
function setUp(settings: ClientSettings, env: NodeJS.ProcessEnv): void {
  const marker = join(settings.azConfigDir, 'moat.json');
  const { endpoint, tenantId, clientId, clientSecret, subscriptionId } = settings;
  const done = JSON.stringify({ endpoint, tenantId, clientId, subscriptionId });
  if (existsSync(marker) && readFileSync(marker, 'utf8') === done) return;
  mkdirSync(settings.azConfigDir, { recursive: true });
  console.error(`Setting up az for ${endpoint} in ${settings.azConfigDir} (once, a few seconds).`);
  const attempt = (...args: string[]): string | undefined => {
    const { status, stderr, error } = spawnSync('az', [...args, '--only-show-errors'], { env, encoding: 'utf8' });
    if (error) throw explainMissing(error);
    return status === 0 ? undefined : `az ${args[0]} ${args[1]} failed: ${stderr.trim()}`;
  };
  const cloud = ['--name', cloudName, '--endpoint-resource-manager', endpoint];
  const identity = ['--username', clientId, '--password', clientSecret, '--tenant', tenantId];
  const failure =
    // Without instance_discovery=false, az asks Microsoft whether the emulator is a known authority.
    attempt('config', 'set', 'core.instance_discovery=false', 'core.collect_telemetry=false') ??
    (attempt('cloud', 'register', ...cloud) && attempt('cloud', 'update', ...cloud)) ??
    attempt('cloud', 'set', '--name', cloudName) ??
    attempt('login', '--service-principal', ...identity);
  if (failure !== undefined) throw new Error(failure);
  writeFileSync(marker, done);
}

function explainMissing(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new Error(
    'The Azure CLI is not installed: there is no command az. Install it, for example with: pipx install azure-cli ' +
      '(or see https://learn.microsoft.com/cli/azure/install-azure-cli).',
  );
}
