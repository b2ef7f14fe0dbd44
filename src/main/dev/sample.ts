import { createApi } from '../../cli/api/moatClient.ts';
import { CliError } from '../../cli/cliError.ts';
import { colorsOf } from '../../cli/output/output.ts';
import type { Terminal } from '../../cli/output/terminal.ts';
import { hasRunInProgress } from '../../cli/progress/follow.ts';
import { outcomeLines } from '../../cli/progress/outcome.ts';
import { followRun } from '../../cli/progress/progressView.ts';
import { createEnvironment } from '../../client/index.ts';
import type { Environment } from '../../client/index.ts';
import { steps } from '../../domain/steps.ts';

const sample = { name: 'sample', location: 'westus2' };
const titles = new Map<string, string>(steps.map((step) => [step.id, step.title]));

const colors = colorsOf(process.stdout);

/** Requests the sample environment. Returns undefined, with the reason on the terminal, when the API refuses it. */
async function request(api: ReturnType<typeof createApi>, terminal: Terminal): Promise<Environment | undefined> {
  try {
    return (await createEnvironment({ ...api, body: sample })).data;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    terminal.line(`The API rejected the sample environment: ${error.message}`);
    return undefined;
  }
}

/** Provisions the sample environment or continues its run, shows the progress of its steps, and prints the outcome. */
export async function showSample(url: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const print = (environment: Environment): void =>
    outcomeLines(environment, colors).forEach((line) => terminal.line(line));
  const api = createApi({ url }, (line) => terminal.line(line));
  const environment = await request(api, terminal);
  if (environment === undefined) return;
  if (!hasRunInProgress(environment)) {
    terminal.line('The sample environment is ready from an earlier run.');
    print(environment);
    return;
  }
  const isNew = environment.run === null || Date.now() - Date.parse(environment.run.startedAt) < 5_000;
  terminal.line(isNew ? 'Provisioning the sample environment.' : 'Continuing the run of the sample environment.');
  print(await followRun({ api, name: sample.name, signal }, { terminal, titles, colors }));
}
