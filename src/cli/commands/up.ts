import type { Command } from 'commander';
import { createEnvironment } from '../../client/index.ts';
import { addCommand, setAction, withWait } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { followEnvironment } from '../followEnvironment.ts';
import { outcomeLines } from '../progress/outcome.ts';
import { hasRunInProgress } from '../progress/follow.ts';
import { readSpec, withSpecOptions } from '../spec/specOptions.ts';

type Options = Record<string, unknown> & { file?: string; wait: boolean };

/** `moat up`: provisions an environment and follows its run. */
export function addUp(program: Command): void {
  const command = addCommand(program, 'up [name]', {
    summary: 'Provision an environment, or continue its provisioning',
    details: 'The same name and spec again is the same environment; after a failed or cancelled run it continues.',
    examples: [
      ['moat up churn1 --location westus2', 'with the sample model, followed to its end'],
      ['moat up -f churn.yaml --ttl 4h', 'from a file, with another lease'],
      ['moat up churn1 --location westus2 --no-wait', 'returns at once'],
    ],
  });
  setAction<Options>(withSpecOptions(withWait(command)), async ({ output, connect }, [name], options) => {
    const body = await readSpec(name, options);
    const { api } = await connect();
    const { data: requested } = await createEnvironment({ ...api, body });
    const follows = options.wait && hasRunInProgress(requested);
    const environment = follows ? await followEnvironment(api, requested.name, output) : requested;
    output.result(environment, outcomeLines(environment, output.colors));
    if (!options.wait) return output.note(`Follow it with: moat watch ${environment.name}`);
    return environment.state === 'ready' ? exitCodes.done : exitCodes.failed;
  });
}
