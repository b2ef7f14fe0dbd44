import { isReached } from './part.ts';
import type { Row } from './part.ts';

/** Three significant digits, and thousands separated. */
export function numberText(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

const valueText = ({ value, unit }: Row): string => `${numberText(value)} ${unit}`;

function goalText({ goal }: Row): string {
  if (goal?.atMost !== undefined) return `at most ${numberText(goal.atMost)}`;
  return goal?.atLeast === undefined ? '' : `at least ${numberText(goal.atLeast)}`;
}

const verdict = (row: Row): string => (row.goal === undefined ? '' : isReached(row) ? 'yes' : '**no**');

/** A part's rows for the terminal. */
export function terminalTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ measure }) => measure.length));
  return rows
    .map((row) =>
      [
        row.goal === undefined ? '      ' : isReached(row) ? 'ok    ' : 'MISSED',
        row.measure.padEnd(width),
        valueText(row).padStart(14),
        goalText(row).padEnd(16),
        row.note ?? '',
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A part's rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    ['', row.measure, valueText(row), goalText(row), verdict(row), row.note ?? '', ''].join(' | ').trim(),
  );
  return ['| measure | value | limit | reached | |', '|---|--:|---|---|---|', ...lines].join('\n');
}
