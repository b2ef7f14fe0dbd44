import type { Command } from 'commander';
import { cancelRun, removeEnvironment } from '../../client/index.ts';
import type { Environment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction, withWait } from '../command.ts';
import { confirmName } from '../confirm.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { followEnvironment } from '../followEnvironment.ts';
import type { Output } from '../output/output.ts';
import { outcomeLines } from '../progress/outcome.ts';
import { hasRunInProgress } from '../progress/follow.ts';

interface Options {
  wait: boolean;
  yes?: boolean;
  teardown?: boolean;
}

/** Follows what was requested, prints the outcome, and returns 0 where the environment is in the wanted state. */
async function finish(
  { api, output, wait }: { api: Api; output: Output; wait: boolean },
  requested: Environment,
  wanted: readonly Environment['state'][],
): Promise<ExitCode> {
  const follows = wait && hasRunInProgress(requested);
  const environment = follows ? await followEnvironment(api, requested.name, output) : requested;
  output.result(environment, outcomeLines(environment, output.colors));
  if (!wait) output.note(`Follow it with: moat watch ${environment.name}`);
  return !wait || wanted.includes(environment.state) ? exitCodes.done : exitCodes.failed;
}

/** `moat rm`: tears an environment down. */
export function addRm(program: Command): void {
  const command = addCommand(program, 'rm <name>', {
    summary: 'Tear an environment down: delete all its resources',
    details: 'A run in progress is cancelled first. The exit code is 1 where a blocker prevents it.',
    examples: [
      ['moat rm churn1', 'asks for the name'],
      ['moat rm churn1 --yes --no-wait', 'for scripts; the teardown continues by itself'],
    ],
  }).option('-y, --yes', 'do not ask');
  setAction<Options>(withWait(command), async ({ output, connect }, [name], { wait, yes }) => {
    await confirmName(name!, yes);
    const { api } = await connect();
    const { data } = await removeEnvironment({ ...api, path: { name: name! } });
    return finish({ api, output, wait }, data, ['deleted']);
  });
}

/** `moat cancel`: cancels the run in progress. */
export function addCancel(program: Command): void {
  const command = addCommand(program, 'cancel <name>', {
    summary: 'Cancel the run in progress',
    details: 'What it has created stays; moat up continues it.',
    examples: [
      ['moat cancel churn1', 'keeps the resources'],
      ['moat cancel churn1 --teardown --yes', 'also deletes them'],
    ],
  })
    .option('--teardown', 'also tear the environment down')
    .option('-y, --yes', 'do not ask before a teardown');
  setAction<Options>(withWait(command), async ({ output, connect }, [name], { wait, yes, teardown = false }) => {
    if (teardown) await confirmName(name!, yes);
    const { api } = await connect();
    const { data } = await cancelRun({ ...api, path: { name: name! }, body: { teardown } });
    return finish({ api, output, wait }, data, teardown ? ['deleted'] : ['cancelled', 'ready', 'deleted']);
  });
}
