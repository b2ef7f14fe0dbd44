import type { Environment, StepProgress } from '../../client/index.ts';
import type { Colors } from '../output/colors.ts';
import { isSucceeded, shortId } from './resourceText.ts';

/** Titles of the steps, by their ids. */
export type StepTitles = ReadonlyMap<string, string>;

function markOf(state: StepProgress['state'], colors: Colors): string {
  const marks: Record<StepProgress['state'], string> = {
    pending: colors.dim('·'),
    running: colors.cyan('●'),
    retrying: colors.yellow('↻'),
    succeeded: colors.green('✓'),
    failed: colors.red('✗'),
    skipped: colors.dim('-'),
  };
  return marks[state];
}

function seconds(from: string | null, to: string | null, now: number): string {
  if (from === null) return '';
  const ms = (to === null ? now : Date.parse(to)) - Date.parse(from);
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

function resourcesOf(step: StepProgress): string {
  if (step.resources.length === 0) return '';
  const done = step.resources.filter(isSucceeded).length;
  const working = step.resources.filter((resource) => !isSucceeded(resource)).map((r) => `${shortId(r.id)} ${r.state}`);
  return [`${done}/${step.resources.length}`, ...working].join(' · ');
}

function textOf(step: StepProgress, titles: StepTitles): string {
  const heading = titles.get(step.id) ?? step.id;
  if (step.state === 'running') return resourcesOf(step) || (step.message ?? heading);
  if (step.state !== 'succeeded') return step.message ?? heading;
  return step.resources.length === 0 ? heading : `${heading} (${step.resources.length} resources)`;
}

/** Where and how a table is shown. */
export interface TableStyle {
  titles: StepTitles;
  colors: Colors;
  /** the greatest width */
  columns: number;
}

/** A table of an environment's steps at `now` (ms since the epoch). */
export function stepTable({ steps }: Environment, now: number, { titles, colors, columns }: TableStyle): string[] {
  const idWidth = Math.max(...steps.map((step) => step.id.length));
  return steps.map((step) => {
    const took = step.state === 'pending' ? '' : seconds(step.since, step.finishedAt, now);
    const plain = `${step.id.padEnd(idWidth)} ${took.padStart(8)}  ${textOf(step, titles)}`.slice(0, columns - 4);
    return ` ${markOf(step.state, colors)} ${step.state === 'pending' ? colors.dim(plain) : plain}`;
  });
}
