import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { describeError, exitCodeOf, isUnrecoverable } from './processErrors.ts';

export interface ProcessOptions {
  /** host:port of a Temporal development server; default: the standard TEMPORAL_* variables and profiles */
  'temporal-address'?: string;
  /** address of the Temporal UI, for links */
  'temporal-ui'?: string;
}

/** What a process reports to `npm start` over its IPC channel. */
export type ProcessMessage = { state: 'ready' } | { state: 'unrecoverable'; message: string };

/** Logs that the process has started, and reports it to `npm start`. */
export function reportReady(logger: Logger, details: string): void {
  logger.info(`started: ${details}`);
  send({ state: 'ready' });
}

const options = `
Options:
  --temporal-address HOST:PORT  a Temporal development server (default: the TEMPORAL_* variables and profiles)
  --temporal-ui URL             the Temporal UI, for links
  --help                        print this help

Settings are read from environment variables; README.md lists them.
On SIGTERM or SIGINT the process shuts down gracefully; a second signal ends it at once.`;

function readOptions(name: string, description: string): ProcessOptions {
  const { values } = parseArgs({
    options: {
      'temporal-address': { type: 'string' },
      'temporal-ui': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(`Usage: npm run ${name} -- [options]\n\n${description}\n${options}`);
    process.exit(0);
  }
  return values;
}

function send(message: ProcessMessage, sent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
  else sent();
}

const stop = (): boolean => process.kill(process.pid, 'SIGTERM');

/** Stops this process when its parent ends. The parent holds the other end of the IPC channel, which closes however the parent ends. */
export function stopWithParent(): void {
  const hadChannel = process.channel !== undefined || process.send !== undefined;
  process.once('disconnect', stop);
  // The parent may have ended while the modules were loaded.
  if (hadChannel && !process.connected) stop();
}

/** Runs one process of the service: reads its options and calls `main` with its logger; see `runMain`. */
export async function runProcess(
  name: string,
  description: string,
  main: (options: ProcessOptions, logger: Logger) => Promise<void>,
): Promise<void> {
  const { createLogger } = await import('./observability/logger.ts');
  const logger = await createLogger(name);
  await runMain(
    (message) => logger.fatal(message),
    () => main(readOptions(name, description), logger),
  );
}

/**
 * Runs the main function of a process. When it fails, it prints the error without a stack and exits, with code 78 where a restart cannot
 * help. A process that was started by `npm start` or `npm run` shuts down when its parent ends.
 */
export async function runMain(print: (message: string) => void, main: () => Promise<void>): Promise<void> {
  stopWithParent();
  try {
    await main();
  } catch (error) {
    const message = describeError(error);
    print(message);
    const exit = (): never => process.exit(exitCodeOf(error));
    if (isUnrecoverable(error)) send({ state: 'unrecoverable', message }, exit);
    else exit();
  }
}
