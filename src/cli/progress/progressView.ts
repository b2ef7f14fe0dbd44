import type { Environment } from '../../client/index.ts';
import type { Colors } from '../output/colors.ts';
import type { Terminal } from '../output/terminal.ts';
import { changes } from './changes.ts';
import { statesOf } from './follow.ts';
import type { Follow } from './follow.ts';
import { stepTable } from './stepTable.ts';
import type { StepTitles } from './stepTable.ts';

/** Where progress is shown. */
export interface ProgressStyle {
  terminal: Terminal;
  titles: StepTitles;
  colors: Colors;
}

/** Shows states of an environment: on a terminal as a table that is redrawn, else as a line for each change. */
function createView({ terminal, titles, colors }: ProgressStyle) {
  const startedAt = Date.now();
  let current: Environment | undefined;
  const draw = (): void => {
    if (current === undefined) return;
    const table = stepTable(current, Date.now(), { titles, colors, columns: terminal.columns });
    terminal.draw([`${colors.bold(current.name)} is ${current.state}`, ...table]);
  };
  const clock = terminal.isTerminal ? setInterval(draw, 250) : undefined;
  return {
    show(environment: Environment): void {
      const time = `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  `;
      if (!terminal.isTerminal) for (const line of changes(current, environment)) terminal.line(time + line);
      current = environment;
      draw();
    },
    end(): void {
      clearInterval(clock);
      terminal.settle();
    },
  };
}

/** Follows an environment until no run is in progress, shows its progress, and returns its last state. */
export async function followRun(follow: Follow, style: ProgressStyle): Promise<Environment> {
  const view = createView(style);
  let last: Environment | undefined;
  try {
    for await (const environment of statesOf(follow)) {
      view.show(environment);
      last = environment;
    }
    return last!;
  } finally {
    view.end();
  }
}
