import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

export interface DevServerOptions {
  executable: string;
  port: number;
  /** default: no UI */
  uiPort?: number;
  /** codec server that decrypts payloads for the UI */
  codecEndpoint?: string;
  /** SQLite database; default: in memory */
  file?: string;
  /** more `key=value` pairs of Temporal's dynamic configuration */
  dynamicConfig?: string[];
  /** file descriptor for its output; default: none */
  log?: number;
}

/** By default a shard polls its queues 20 times a second, which delays each workflow task by about 100 ms. */
const pollRates = ['transferProcessorMaxPollRPS', 'timerProcessorMaxPollRPS', 'visibilityProcessorMaxPollRPS'].map(
  (key) => `history.${key}=2000`,
);

/** By default timers below a second, like those for emulated operations, fire after a second. */
const shortTimers = 'history.timerProcessorMaxTimeShift="20ms"';

/** Without these, waiting tasks are served in the order of their arrival, whatever their priority and fairness key. */
const fairQueues = ['matching.useNewMatcher=true', 'matching.enableFairness=true'];

/**
 * Moat's queues are slow enough for one partition. With the default of four, a third of the tasks is forwarded to another one, each has an order of its own, and
 * tasks may wait while all polls are at the others.
 */
const onePartition = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

function serverArguments(options: DevServerOptions): string[] {
  const ui = options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort)];
  // WAL mode survives a killed process, at a tenth of the default mode's cost per step.
  const wal = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'];
  const file = options.file === undefined ? [] : ['--db-filename', options.file, ...wal];
  const codec = options.codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.codecEndpoint];
  const settings = [...pollRates, shortTimers, ...fairQueues, ...onePartition, ...(options.dynamicConfig ?? [])];
  const dynamic = settings.flatMap((pair) => ['--dynamic-config-value', pair]);
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(options.port),
    '--log-level',
    'error',
    ...ui,
    ...codec,
    ...file,
    ...dynamic,
  ];
}

/** Runs "$@", forwards signals, and stops it when standard input closes: the server never outlives the process that started it. */
const parentWatchdog = `"$@" </dev/null & server=$!
exec 3<&0
trap 'kill "$server"' TERM INT
(cat <&3 >/dev/null; kill "$server" 2>/dev/null) &
wait "$server"; wait "$server"`;

/** Starts a Temporal development server, in its own process group, so that Ctrl-C does not stop it before its workers. */
export function spawnDevServer(options: DevServerOptions): ChildProcess {
  const output = options.log ?? 'ignore';
  const stdio: StdioOptions = ['pipe', output, output];
  const child = spawn('sh', ['-c', parentWatchdog, 'temporal', options.executable, ...serverArguments(options)], {
    stdio,
    detached: true,
  });
  child.once('exit', () => child.stdin?.destroy());
  return child;
}

/** Whether a Temporal server answers within `timeoutMs`. */
export async function temporalAnswers(options: ConnectionOptions, timeoutMs: number): Promise<boolean> {
  try {
    const connection = await Connection.connect({ ...options, connectTimeout: timeoutMs });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
