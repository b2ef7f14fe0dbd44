import pc from 'picocolors';
import { variable } from '../environment.ts';
import type { Colors } from './colors.ts';
import { createTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface Output {
  readonly isJson: boolean;
  readonly colors: Colors;
  /** shows progress: on stdout, with `--json` on stderr */
  readonly terminal: Terminal;
  /** Prints the result of the command on stdout: with `--json` the value, else the lines. */
  result(value: unknown, lines: readonly string[]): void;
  /** Prints a text on stdout as it is, whatever the options. */
  raw(text: string): void;
  /** Prints a hint or a warning on stderr. */
  note(line: string): void;
}

const isDumb = (): boolean => variable('TERM') === 'dumb';

/** Whether a stream gets colours: NO_COLOR, FORCE_COLOR and TERM decide, else whether it is a terminal. */
function hasColors(stream: NodeJS.WriteStream): boolean {
  if (variable('NO_COLOR') !== undefined) return false;
  if (variable('FORCE_COLOR') !== undefined) return true;
  if (stream.isTTY) return !isDumb();
  // Not `isTTY`, which a pipe does not have: without a value, picocolors would decide, and colours in a CI job.
  return false;
}

/** The colours of what is printed on a stream. */
export const colorsOf = (stream: NodeJS.WriteStream): Colors => pc.createColors(hasColors(stream));

/** Prints on stdout, and everything but the result on stderr where `isJson`. */
export function createOutput(isJson: boolean): Output {
  const stream = isJson ? process.stderr : process.stdout;
  const terminal = createTerminal(stream, stream.isTTY && !isDumb());
  return {
    isJson,
    colors: colorsOf(stream),
    terminal,
    result(value, lines) {
      if (isJson) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
      else lines.forEach((line) => process.stdout.write(`${line}\n`));
    },
    raw(text) {
      process.stdout.write(text);
    },
    note(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}
