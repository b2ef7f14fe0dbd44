import type { Environment } from '../client/index.ts';
import type { Api } from './api/moatClient.ts';
import { readTitles } from './api/readTitles.ts';
import { untilDetached } from './detach.ts';
import type { Output } from './output/output.ts';
import { followRun } from './progress/progressView.ts';

/** Follows the run of an environment to its end and shows its progress. Ctrl-C detaches. */
export async function followEnvironment(api: Api, name: string, output: Output): Promise<Environment> {
  const titles = await readTitles(api);
  const onLost = (error: Error): void => output.note(`Connection lost: ${error.message} Reconnecting.`);
  return untilDetached(`moat watch ${name}`, (signal) =>
    followRun({ api, name, signal, onLost }, { terminal: output.terminal, titles, colors: output.colors }),
  );
}
