import type { Environment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { readTitles } from '../api/readTitles.ts';
import { noColors } from '../output/colors.ts';
import type { Terminal } from '../output/terminal.ts';
import { outcomeLines } from '../progress/outcome.ts';
import { followRun } from '../progress/progressView.ts';
import { log } from './runner.ts';

const terminal: Terminal = {
  isTerminal: false,
  columns: 200,
  line: log,
  draw: () => undefined,
  settle: () => undefined,
};

/** Follows the run of an environment to its end, with a line in the log of the job for each change, and prints the outcome. */
export async function followJob(api: Api, name: string): Promise<Environment> {
  const follow = { api, name, signal: new AbortController().signal, onLost: ({ message }: Error) => log(message) };
  const environment = await followRun(follow, { terminal, titles: await readTitles(api), colors: noColors });
  outcomeLines(environment, noColors).forEach(log);
  return environment;
}
