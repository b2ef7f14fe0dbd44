import { stripVTControlCharacters } from 'node:util';

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A duration by its two greatest units, like `4 m 03 s`. The console writes them in the same way. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const [unit, size] = units[first]!;
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  return next && rest > 0 ? `${whole} ${String(rest).padStart(2, '0')} ${next[0]}` : whole;
}

/** How long ago a time is, like `4 m 10 s ago`. */
export const agoText = (time: string): string => `${durationText(Date.now() - Date.parse(time))} ago`;

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Rows as lines, with each column as wide as its widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}
