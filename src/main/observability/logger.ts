import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** Fields of a line that belong to what is being done, like its trace. */
let contextFields: () => object = () => ({});

/** Adds fields to each line of this process, read when it is written. */
export function addContextFields(read: () => object): void {
  contextFields = read;
}

/** Readable lines, for a terminal. */
async function readableLines(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    messageFormat: '{process}: {msg}',
    ignore: 'process',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    sync: true,
  });
}

/** The logger of a process: JSON, one line each, on standard output; readable lines where that is a terminal. */
export async function createLogger(name: string): Promise<Logger> {
  const options = {
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    mixin: () => contextFields(),
  };
  return process.stdout.isTTY ? pino(options, await readableLines()) : pino(options);
}
