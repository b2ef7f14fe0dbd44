import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { nextFreePort } from '../../../src/main/ports.ts';
import { temporalExecutable } from '../../../src/main/temporal/executable.ts';
import { until } from '../../e2e/support/until.ts';
import { compose, environmentOf, root } from './composeFile.ts';
import { postgresql } from './postgresql.ts';
import { createSupervisor } from './supervisor.ts';
import type { ProcessSpec } from './supervisor.ts';
import { temporalTools } from './tools.ts';

const run = promisify(execFile);

const portNames =
  'database frontend frontendMembership frontendHttp matching matchingMembership history historyMembership worker workerMembership temporalMetrics ' +
  'emulator api-1 api-2 proxy proxyTls proxyUi proxyHealth temporalUi';
type Ports = Record<string, number>;

async function freePorts(): Promise<Ports> {
  const ports: Ports = {};
  // Temporal stores its ports in columns of 16 bits with a sign.
  let next = 10_000 + Math.floor(Math.random() * 20_000);
  for (const name of portNames.split(' ')) {
    ports[name] = await nextFreePort(next);
    next = ports[name] + 1;
  }
  return ports;
}

/** Runs scripts/compose-init in a folder of its own. Returns what it has made and printed. */
async function composeInit(directory: string) {
  mkdirSync(join(directory, 'scripts'));
  cpSync(join(root, 'scripts/compose-init'), join(directory, 'scripts/compose-init'));
  const { stdout } = await run(join(directory, 'scripts/compose-init'));
  const lines = readFileSync(join(directory, '.env'), 'utf8').trim().split('\n');
  const variables = Object.fromEntries(lines.map((line) => [line.split('=')[0]!, line.slice(line.indexOf('=') + 1)]));
  return {
    variables: variables as Record<string, string>,
    secrets: join(directory, '.moat/compose'),
    apiKey: /MOAT_API_KEY=(\S+)/.exec(stdout)![1]!,
    uiPassword: /password (\S+)/.exec(stdout)![1]!,
  };
}

/** The authority of the emulator's certificate, by the command of docs/operate.md. */
async function createAuthority(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const documented = readFileSync(join(root, 'docs/operate.md'), 'utf8');
  const [command] = /^openssl req -x509 .*\\\n.*emulator-ca\.pem$/m.exec(documented)!;
  await run('sh', ['-c', command], { cwd: directory });
}

/** The settings of a server that listens on loopback, beside those of its service in docker-compose.yml. */
const temporalSettings = (ports: Ports) => ({
  POSTGRES_SEEDS: '127.0.0.1',
  DB_PORT: String(ports['database']),
  BIND_ON_IP: '127.0.0.1',
  TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1',
  DYNAMIC_CONFIG_FILE_PATH: join(root, 'deploy/temporal/dynamic-config.yaml'),
  PROMETHEUS_ENDPOINT: `127.0.0.1:${ports['temporalMetrics']}`,
  FRONTEND_GRPC_PORT: String(ports['frontend']),
  FRONTEND_MEMBERSHIP_PORT: String(ports['frontendMembership']),
  FRONTEND_HTTP_PORT: String(ports['frontendHttp']),
  MATCHING_GRPC_PORT: String(ports['matching']),
  MATCHING_MEMBERSHIP_PORT: String(ports['matchingMembership']),
  HISTORY_GRPC_PORT: String(ports['history']),
  HISTORY_MEMBERSHIP_PORT: String(ports['historyMembership']),
  WORKER_GRPC_PORT: String(ports['worker']),
  WORKER_MEMBERSHIP_PORT: String(ports['workerMembership']),
});

/**
 * Starts the services of docker-compose.yml as processes, with their environments, scripts and configuration files: PostgreSQL, Temporal's
 * server, the emulator, two workers, two APIs, and the proxy. Only addresses and folders differ. The Temporal UI is a page of one line.
 */
export async function startTopology(timeScale: string) {
  const directory = mkdtempSync(join(tmpdir(), 'moat-topology-'));
  const ports = await freePorts();
  const made = await composeInit(directory);
  const supervisor = createSupervisor(join(directory, 'logs'));
  const database = postgresql(directory, ports['database']!);
  const address = `127.0.0.1:${ports['frontend']}`;
  const dataDir = join(directory, 'data');

  const temporal: ProcessSpec = {
    command: join(temporalTools, 'temporal-server'),
    args: ['start'],
    env: { ...environmentOf('temporal', made.variables), ...temporalSettings(ports) },
  };
  /** The containers of a service of Moat share its command and environment. */
  const moat = (service: string, settings: Record<string, string> = {}): ProcessSpec => ({
    command: process.execPath,
    args: compose.services[service]!.command!.slice(1),
    env: {
      ...environmentOf(service, made.variables),
      MOAT_HOST: '127.0.0.1',
      MOAT_EMULATOR_HOST: '127.0.0.1',
      MOAT_EMULATOR_PORT: String(ports['emulator']),
      MOAT_ARM_ENDPOINT: `https://localhost:${ports['emulator']}`,
      MOAT_DATA_DIR: dataDir,
      MOAT_EMULATOR_TIME_SCALE: timeScale,
      MOAT_API_KEYS_FILE: join(made.secrets, 'api-keys.txt'),
      MOAT_TEMPORAL_UI: `http://127.0.0.1:${ports['proxyUi']}`,
      TEMPORAL_ADDRESS: address,
      // both workers are on this machine
      MOAT_METRICS_PORT: '',
      ...settings,
    },
  });
  const proxy: ProcessSpec = {
    command: 'caddy',
    args: ['run', '--config', join(root, 'deploy/caddy/Caddyfile'), '--adapter', 'caddyfile'],
    env: {
      ...environmentOf('proxy', made.variables),
      API_ADDRESSES: `127.0.0.1:${ports['api-1']} 127.0.0.1:${ports['api-2']}`,
      TEMPORAL_UI_ADDRESS: `127.0.0.1:${ports['temporalUi']}`,
      TLS_CERTIFICATE: join(made.secrets, 'proxy.pem'),
      TLS_KEY: join(made.secrets, 'proxy.key'),
      API_PORT: String(ports['proxy']),
      API_TLS_PORT: String(ports['proxyTls']),
      TEMPORAL_UI_PORT: String(ports['proxyUi']),
      HEALTH_PORT: String(ports['proxyHealth']),
      XDG_CONFIG_HOME: directory,
      XDG_DATA_HOME: directory,
    },
  };

  const startDatabase = async () => {
    supervisor.start('postgresql', database.process());
    await until('PostgreSQL answers', database.isReady, 30_000);
  };
  /** The scripts of the services that end, with the commands of their image. */
  const runScript = async (script: string, env: Record<string, string>): Promise<void> => {
    const commands = join(directory, 'commands');
    mkdirSync(commands, { recursive: true });
    const cli = await temporalExecutable(() => undefined);
    if (cli.includes('/')) symlinkSync(cli, join(commands, 'temporal'));
    const path = [commands, temporalTools, process.env['PATH']].join(delimiter);
    await run('/bin/sh', [join(root, 'deploy/temporal', script)], { env: { ...process.env, PATH: path, ...env } });
    await rm(commands, { recursive: true });
  };
  const setUpSchema = () =>
    runScript('set-up-schema.sh', {
      ...environmentOf('temporal-schema', made.variables),
      SQL_HOST: '127.0.0.1',
      SQL_PORT: String(ports['database']),
    });
  const startTemporal = async () => {
    supervisor.start('temporal', temporal);
    await runScript('create-namespace.sh', { ...environmentOf('temporal-namespace', {}), TEMPORAL_ADDRESS: address });
  };

  const temporalUi = createServer((_, answer) => answer.end('the Temporal UI')).listen(
    ports['temporalUi'],
    '127.0.0.1',
  );
  const url = `http://127.0.0.1:${ports['proxy']}`;
  const ready = () =>
    until('Moat is ready behind the proxy', async () => (await fetch(`${url}/readyz`)).ok, 120_000).catch(
      (error: unknown) => {
        throw new Error(supervisor.logTails(), { cause: error });
      },
    );

  return {
    directory,
    url,
    uiUrl: `http://127.0.0.1:${ports['proxyUi']}`,
    tlsUrl: `https://localhost:${ports['proxyTls']}`,
    emulatorUrl: `https://localhost:${ports['emulator']}`,
    dataDir,
    address,
    database,
    supervisor,
    ...made,
    setUpSchema,
    startDatabase,
    startTemporal,
    ready,
    async start(): Promise<void> {
      await database.createFolder();
      await database.createDatabase();
      await startDatabase();
      await setUpSchema();
      await startTemporal();
      await createAuthority(dataDir);
      supervisor.start('emulator', moat('emulator'));
      for (const name of ['worker-1', 'worker-2']) supervisor.start(name, moat('worker'));
      for (const name of ['api-1', 'api-2']) supervisor.start(name, moat(name, { MOAT_PORT: String(ports[name]) }));
      supervisor.start('proxy', proxy);
      await ready();
    },
    async close(): Promise<void> {
      const names = supervisor.names().toReversed();
      for (const name of names) await supervisor.stop(name, name === 'postgresql' ? 'SIGQUIT' : 'SIGKILL');
      temporalUi.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type Topology = Awaited<ReturnType<typeof startTopology>>;
