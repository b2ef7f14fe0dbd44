import type { Command } from 'commander';
import { getEnvironment, listEnvironments, watchEnvironments } from '../../client/index.ts';
import type { Environment, ListedEnvironment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction } from '../command.ts';
import { untilDetached } from '../detach.ts';
import { exitCodes } from '../exitCodes.ts';
import { followEnvironment } from '../followEnvironment.ts';
import type { Output } from '../output/output.ts';
import { changes } from '../progress/changes.ts';
import { statesOf } from '../progress/follow.ts';
import { outcomeLines } from '../progress/outcome.ts';

const printJson = (output: Output, environment: object): void => output.raw(`${JSON.stringify(environment)}\n`);

/** Prints each state of an environment as a line of JSON, and returns the last one. */
async function printStates(api: Api, name: string, output: Output): Promise<Environment> {
  let last: Environment | undefined;
  await untilDetached(`moat watch ${name}`, async (signal) => {
    for await (const environment of statesOf({ api, name, signal })) {
      printJson(output, environment);
      last = environment;
    }
  });
  return last!;
}

/** Prints what changes in all environments until Ctrl-C. */
async function printAll(api: Api, output: Output): Promise<void> {
  const known = new Map<string, ListedEnvironment>();
  const { data } = await listEnvironments({ ...api, query: { limit: 100 } });
  for (const environment of data.items) known.set(environment.name, environment);
  await untilDetached('moat watch', async (signal) => {
    const { stream } = await watchEnvironments({
      client: api.client,
      signal,
      sseDefaultRetryDelay: 500,
      sseMaxRetryDelay: 5_000,
      onSseError: (error) =>
        signal.aborted || output.note(`Connection lost: ${(error as Error).message} Reconnecting.`),
    });
    for await (const event of stream) {
      const environment = event as unknown as ListedEnvironment;
      const { name } = environment;
      const before = known.get(name);
      known.set(name, environment);
      if (output.isJson) printJson(output, environment);
      else changes(before, environment).forEach((line) => output.raw(`${name}  ${line.replace(`${name} is`, 'is')}\n`));
    }
    signal.throwIfAborted();
  });
}

/** `moat watch`: follows one environment to the end of its run, or all of them. */
export function addWatch(program: Command): void {
  const command = addCommand(program, 'watch [name]', {
    summary: 'Follow the run of an environment, or the changes of all environments',
    details:
      'Ctrl-C detaches; the run continues. The exit code is 1 where the environment has failed. With --json, each state is a line.',
    examples: [
      ['moat watch churn1', 'until its run has ended'],
      ['moat watch', 'all environments, until Ctrl-C'],
    ],
  });
  setAction(command, async ({ output, connect }, [name]) => {
    const { api } = await connect();
    if (name === undefined) return printAll(api, output);
    await getEnvironment({ ...api, path: { name } });
    const environment = output.isJson
      ? await printStates(api, name, output)
      : await followEnvironment(api, name, output);
    if (!output.isJson) output.result(environment, outcomeLines(environment, output.colors));
    const isBroken =
      environment.state === 'failed' || environment.state === 'blocked' || environment.state === 'cancelled';
    return isBroken ? exitCodes.failed : exitCodes.done;
  });
}
