import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { buildConsole } from './consoleBuild.ts';
import { lockDataDir } from './dataDirLock.ts';
import { chooseTemporal, requirePorts } from './dev/prerequisites.ts';
import { logDirectory, startProcesses, stopProcesses } from './dev/processes.ts';
import { showSample } from './dev/sample.ts';
import type { Supervised } from './dev/supervise.ts';
import { colorsOf } from '../cli/output/output.ts';
import { createTerminal } from '../cli/output/terminal.ts';
import { describeError, exitCodeOf, exitCodes } from './processErrors.ts';
import { stopWithParent } from './process.ts';
import { onStopSignal } from './shutdown.ts';
import { waitFor } from './wait.ts';

const help = `Usage: npm start -- [options]

Starts Temporal, the emulator, the worker and the API, provisions a sample environment and shows its steps, then serves
until Ctrl-C. State is kept in MOAT_DATA_DIR (.moat): the next start continues from it.

Options:
  --no-sample  do not provision the sample environment
  --help       print this help`;

const terminal = createTerminal(process.stdout);
const log = (line: string): void => terminal.line(line);

/** Returns a function that stops all processes and then exits. A stop signal calls it; a second one kills the processes. */
function createStop(processes: readonly Supervised[], stopping: AbortController): (exitCode: number) => void {
  const stop = (exitCode: number): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    terminal.settle();
    void stopProcesses(processes).then(() => {
      log('Stopped. The next npm start resumes with the same state.');
      process.exit(exitCode);
    });
  };
  const force = (): void => {
    for (const child of processes) child.kill();
    process.exit(exitCodes.forced);
  };
  onStopSignal(() => {
    log('\nStopping. Press Ctrl-C again to force.');
    stop(exitCodes.ok);
  }, force);
  return stop;
}

function printAddresses(config: Config, api: string, temporalUi: string): void {
  const target = config.target.kind === 'emulator' ? `emulator at ${config.target.endpoint}` : 'Azure';
  log(`  Console     ${api}/console/`);
  log(`  API         ${api}`);
  log(`  Reference   ${api}/docs`);
  log(`  Temporal    ${temporalUi}`);
  log(`  Target      ${target}`);
  log(`  Logs        ${logDirectory(config)}`);
}

function printNextCommands(api: string): void {
  log('\nNext:');
  log(`  MOAT_URL=${api} npx moat show sample`);
  log(`  curl ${api}/environments/sample`);
  log(`  curl ${api}/environments/sample/score -d '{"data":[[1,2,3,4,5,6,7,8,9,10],[10,9,8,7,6,5,4,3,2,1]]}'`);
  log(`  curl ${api}/environments -d '{"name":"churn1","location":"westus2"}'`);
  log(`  curl -X DELETE ${api}/environments/sample`);
}

function apiAddress({ host, port }: Config['api']): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Why no sample environment is provisioned; undefined when one is. */
function whyNoSample(config: Config, requested: boolean): string | undefined {
  if (!requested) return '';
  if (config.target.kind === 'azure') return 'No sample environment: on Azure it would cost money. ';
  if (config.api.keysFile !== null || config.api.oidc !== null)
    return 'No sample environment: the API requires authentication. ';
  return undefined;
}

interface ServeOptions {
  config: Config;
  sample: boolean;
  processes: readonly Supervised[];
  signal: AbortSignal;
}

/** Waits until every process runs and the API is ready, then provisions the sample. */
async function serve({ config, sample, processes, signal }: ServeOptions): Promise<void> {
  const api = apiAddress(config.api);
  const untilReady = (): Promise<void> => waitUntilReady(processes, api, signal);
  await untilReady();
  const reason = whyNoSample(config, sample);
  if (reason === undefined) {
    await showSample(api, terminal, signal);
    await untilReady();
    printNextCommands(api);
    log('');
  }
  log(`${reason ?? ''}Serving until Ctrl-C.`);
}

async function waitUntilReady(processes: readonly Supervised[], api: string, signal: AbortSignal): Promise<void> {
  const unready = (): string => processes.flatMap((child) => (child.isReady() ? [] : [child.name])).join(', ');
  const isReady = async (): Promise<true | undefined> =>
    (unready() === '' && (await fetch(`${api}/readyz`)).ok) || undefined;
  try {
    await waitFor({ what: 'all processes to be ready', limit: 120_000, log, signal }, isReady);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(`Not ready within 120 s: ${unready() || 'the API, see /readyz'}`, { cause: error });
  }
}

const colors = colorsOf(process.stdout);

async function main(sample: boolean): Promise<void> {
  stopWithParent();
  const config = loadConfig(undefined, log);
  await lockDataDir(config.dataDir, 'moat', 'npm start');
  await requirePorts(config);
  await buildConsole(log);
  const temporal = await chooseTemporal(config, terminal);
  const stopping = new AbortController();
  log(colors.bold('Starting Moat'));
  const api = apiAddress(config.api);
  const onUnrecoverable = (message: string): void => {
    log(colors.red(message));
    stop(exitCodes.configuration);
  };
  const processes = startProcesses({ config, temporal, api, log, onUnrecoverable });
  const stop = createStop(processes, stopping);
  const temporalUi = config.temporalUi ?? (temporal ? `http://127.0.0.1:${temporal.uiPort}` : 'see TEMPORAL_ADDRESS');
  printAddresses(config, api, temporalUi);
  try {
    await serve({ config, sample, processes, signal: stopping.signal });
  } catch (error) {
    if (stopping.signal.aborted) return;
    log(colors.red(describeError(error)));
    log(`Logs: ${logDirectory(config)}`);
    stop(exitCodes.failed);
  }
}

function fail(error: unknown): never {
  console.error(describeError(error));
  process.exit(exitCodeOf(error));
}

const { values } = parseArgs({ options: { 'no-sample': { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help) console.log(help);
else await main(!values['no-sample']).catch(fail);
