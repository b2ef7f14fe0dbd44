import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { chooseTemporal, requirePorts } from './dev/choose.ts';
import { logDirectory, startParts, stopParts } from './dev/parts.ts';
import { showSample } from './dev/sample.ts';
import { screen } from './dev/screen.ts';
import type { Supervised } from './dev/supervise.ts';
import { explain } from './part.ts';
import { waitFor } from './wait.ts';

const help = `Usage: npm start -- [options]

Starts Temporal, the emulated Azure, the worker and the API, provisions a sample environment and shows its steps, then
serves until Ctrl-C. State is kept in MOAT_DATA_DIR (.moat): the next start goes on where this one stopped.

Options:
  --no-sample  only serve
  --help       this text`;

const terminal = screen(process.stdout);
const tell = (line: string): void => terminal.line(line);

/** Gives what stops everything and ends this process. A second SIGINT or SIGTERM, not the echo of the first that npm passes on, forces. */
function stopper(parts: readonly Supervised[], stopping: AbortController): (exitCode: number) => void {
  let firstAt = 0;
  const stop = (exitCode: number): void => {
    firstAt = Date.now();
    stopping.abort();
    terminal.settle();
    void stopParts(parts).then(() => {
      tell('Stopped. npm start goes on where it was.');
      process.exit(exitCode);
    });
  };
  const onSignal = (): void => {
    if (firstAt === 0) {
      tell('\nStopping. Once more to force.');
      stop(0);
    } else if (Date.now() - firstAt > 500) {
      for (const part of parts) part.kill();
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.once('disconnect', onSignal);
  return stop;
}

function tellWhere(config: Config, api: string, temporalUi: string): void {
  const target = config.target.kind === 'emulator' ? `emulator at ${config.target.endpoint}` : 'Azure';
  tell(`  API         ${api}`);
  tell(`  Documents   ${api}/docs`);
  tell(`  Temporal    ${temporalUi}`);
  tell(`  Target      ${target}`);
  tell(`  Logs        ${logDirectory(config)}`);
}

function tellNext(api: string): void {
  tell('\nGo on with:');
  tell(`  curl ${api}/environments/sample`);
  tell(`  curl ${api}/environments/sample/score -d '{"data":[[1,2,3,4,5,6,7,8,9,10],[10,9,8,7,6,5,4,3,2,1]]}'`);
  tell(`  curl ${api}/environments -d '{"name":"churn1","location":"westus2"}'`);
  tell(`  curl -X DELETE ${api}/environments/sample`);
}

function apiAddress({ host, port }: Config['api']): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Why no sample environment is made; undefined when one is. */
function withoutSample(config: Config, asked: boolean): string | undefined {
  if (!asked) return '';
  if (config.target.kind === 'azure') return 'No sample on Azure: it would cost money. ';
  if (config.api.keys !== null) return 'No sample: the API asks for a key. ';
  return undefined;
}

async function serve(config: Config, sample: boolean, signal: AbortSignal): Promise<void> {
  const api = apiAddress(config.api);
  const ready = async (): Promise<true | undefined> => (await fetch(`${api}/readyz`)).ok || undefined;
  await waitFor({ what: 'the API and its worker', limit: 120_000, tell, signal }, ready);
  const reason = withoutSample(config, sample);
  if (reason === undefined) {
    await showSample(api, terminal, signal);
    tellNext(api);
    tell('');
  }
  tell(`${reason ?? ''}Serving until Ctrl-C.`);
}

async function main(sample: boolean): Promise<void> {
  const config = loadConfig(undefined, tell);
  await requirePorts(config);
  const temporal = await chooseTemporal(config, tell);
  const stopping = new AbortController();
  tell(pc.bold('Starting Moat'));
  const api = apiAddress(config.api);
  const parts = startParts({ config, temporal, api, tell });
  const stop = stopper(parts, stopping);
  const ui = config.temporalUi ?? (temporal ? `http://127.0.0.1:${temporal.uiPort}` : 'where TEMPORAL_ADDRESS is');
  tellWhere(config, api, ui);
  try {
    await serve(config, sample, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return;
    tell(pc.red(explain(error)));
    tell(`What the parts had to say is in ${logDirectory(config)}.`);
    stop(1);
  }
}

function fail(error: unknown): never {
  console.error(explain(error));
  process.exit(1);
}

const { values } = parseArgs({ options: { 'no-sample': { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help) console.log(help);
else await main(!values['no-sample']).catch(fail);
