import type { WriteStream } from 'node:tty';

export interface Terminal {
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Writes a line; on a terminal above the drawn lines. */
  line(text: string): void;
  /** Replaces the drawn lines. Does nothing where the output is not a terminal. */
  draw(lines: readonly string[]): void;
  /** Keeps the drawn lines: the next ones are drawn below. */
  settle(): void;
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Writes lines to a stream. On a terminal the last ones can be redrawn. */
export function createTerminal(out: WriteStream, isTerminal = out.isTTY): Terminal {
  let drawn: readonly string[] = [];
  const erase = (): string => (drawn.length === 0 ? '' : `\u001B[${drawn.length}A\u001B[J`);
  return {
    isTerminal,
    get columns() {
      return out.columns || 120;
    },
    line(message) {
      out.write(erase() + text([message]) + text(drawn));
    },
    draw(lines) {
      if (!isTerminal) return;
      out.write(erase() + text(lines));
      drawn = lines;
    },
    settle() {
      drawn = [];
    },
  };
}

const plainIntervalMs = 30_000;

/** Shows the progress of one task: on a terminal as a line that is replaced, elsewhere as a new line every 30 seconds. */
export function progressLine(terminal: Terminal): (text: string) => void {
  let nextAt = Date.now() + plainIntervalMs;
  return (text) => {
    if (terminal.isTerminal) return terminal.draw([text]);
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + plainIntervalMs;
    terminal.line(text);
  };
}
