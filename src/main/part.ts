import { parseArgs } from 'node:util';

export interface PartOptions {
  /** host:port of a Temporal development server; else the standard TEMPORAL_* variables and profiles decide */
  'temporal-address'?: string;
  /** address of Temporal's user interface, for links */
  'temporal-ui'?: string;
}

/** One line to standard output, with the part's name. */
export const say = (part: string, line: string): void => console.log(`${part}: ${line}`);

const options = `
Options:
  --temporal-address HOST:PORT  a Temporal development server (default: the TEMPORAL_* variables and profiles)
  --temporal-ui URL             Temporal's user interface, for links
  --help                        this text

Settings come from the environment: see the table in README.md.`;

function readOptions(part: string, does: string): PartOptions {
  const { values } = parseArgs({
    options: {
      'temporal-address': { type: 'string' },
      'temporal-ui': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(`Usage: npm run ${part} -- [options]\n\n${does}\n${options}`);
    process.exit(0);
  }
  return values;
}

/** The message of an error with those of its causes. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}

/**
 * Runs one part of the service as this process: reads its options, and ends with exit code 1 and a plain message when it cannot start.
 * A part that was started by `npm start` ends when that process ends, however it does.
 */
export async function runPart(
  part: string,
  does: string,
  main: (options: PartOptions) => Promise<void>,
): Promise<void> {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await main(readOptions(part, does));
  } catch (error) {
    console.error(`${part}: ${explain(error)}`);
    process.exit(1);
  }
}
