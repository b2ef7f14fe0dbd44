import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareClient } from './virtualEnvironment.ts';
import { startEmulator } from './emulatorProcess.ts';

const help = `Usage: npm run test:clients -- [options]

Runs ordinary commands of the Azure CLI and calls of the Python SDKs against an emulator of its own, and compares each with its
expectation. It needs python3 with venv. The first run installs the clients from PyPI (about two minutes, 2 GB).

Options:
  --only REGEXP   only suites that match, as in az/network or sdk/ml
  --json          prints the results as JSON instead of progress
  --record        writes docs/client-results.json
  --clients DIR   directory of the virtual environments; default: .moat/clients
  --help          print this help`;

/** One executed step; `problem` says what differed from the expectation. */
interface Result {
  suite: string;
  step: string;
  passed: boolean;
  problem: string | null;
  seconds: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const clients = ['az', 'sdk'] as const;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    clients: { type: 'string', default: join(here, '../.moat/clients') },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(help);
  process.exit(0);
}
if (options.record && options.only !== '') {
  console.error('--record needs all suites: omit --only');
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'moat-clients-'));
const emulator = await startEmulator(directory);
const results = clients.flatMap((client) => runClient(client));
emulator.stop();
rmSync(directory, { recursive: true, force: true });

const failed = results.filter(({ passed }) => !passed).length;
if (options.record) writeFileSync(join(here, '../docs/client-results.json'), recordOf(results));
if (options.json) console.log(JSON.stringify(results, null, 1));
(options.json ? console.error : console.log)(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || results.length === 0 ? 1 : 0);

/** Runs the steps of one client; none when `--only` excludes them all. */
function runClient(client: 'az' | 'sdk'): Result[] {
  const python = prepareClient(join(options.clients, client), join(here, `requirements-${client}.txt`));
  const path = `${join(python, '..')}:${process.env['PATH']}`;
  const env = { ...process.env, ...emulator.environment, PATH: path };
  if (client === 'az') emulator.signIn(path);
  const file = join(directory, `${client}.json`);
  const args = [join(here, 'run.py'), client, '--only', options.only, '--results', file];
  const { status } = spawnSync(python, args, {
    env,
    stdio: ['ignore', options.json ? 'ignore' : 'inherit', 'inherit'],
  });
  if (status !== 0 && status !== 1) throw new Error(`run.py ${client} ended with ${status}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Result[];
}

/** Passed and failed steps by suite. Without times, so that the file changes only when a result does. */
function recordOf(results: readonly Result[]): string {
  const suites = Map.groupBy(results, ({ suite }) => suite);
  const rows = [...suites].map(([suite, steps]) => [
    suite,
    Object.fromEntries(steps.map(({ step, passed }) => [step, passed])),
  ]);
  const requirements = clients.flatMap((client) =>
    readFileSync(join(here, `requirements-${client}.txt`), 'utf8').split('\n'),
  );
  const versions = requirements.filter((line) => line.startsWith('azure-')).map((line) => line.split('=='));
  return `${JSON.stringify({ versions: Object.fromEntries(versions), suites: Object.fromEntries(rows) }, null, 1)}\n`;
}
