import type { WriteStream } from 'node:tty';

export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Writes a line; on a terminal above what is drawn. */
  line(text: string): void;
  /** Draws these lines in place of those drawn before. Only on a terminal. */
  draw(lines: readonly string[]): void;
  /** Leaves what is drawn where it is. */
  settle(): void;
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A place to write lines to, the last of which can be redrawn when it is a terminal. */
export function screen(out: WriteStream): Screen {
  let drawn: readonly string[] = [];
  const erase = (): string => (drawn.length === 0 ? '' : `\u001B[${drawn.length}A\u001B[J`);
  return {
    isTerminal: out.isTTY,
    get columns() {
      return out.columns ?? 120;
    },
    line(message) {
      out.write(erase() + text([message]) + text(drawn));
    },
    draw(lines) {
      if (!out.isTTY) return;
      out.write(erase() + text(lines));
      drawn = lines;
    },
    settle() {
      drawn = [];
    },
  };
}
