import type { Command } from 'commander';
import { readLog } from '../../client/index.ts';
import type { ReadLogData } from '../../client/index.ts';
import { addCommand, setAction } from '../command.ts';
import { parameterOf } from '../spec/openapi.ts';
import { schemaOption } from '../spec/schemaOption.ts';

type Options = NonNullable<ReadLogData['query']>;

/** `moat logs`: the end of the container's log. */
export function addLogs(program: Command): void {
  const command = addCommand(program, 'logs <name>', {
    summary: "Print the end of the deployment's container log",
    examples: [
      ['moat logs churn1 --tail 100', 'the last 100 lines'],
      ['moat logs churn1 --container storage-initializer', 'of the container that downloads the model'],
    ],
  });
  for (const name of ['tail', 'container'])
    command.addOption(schemaOption(name, parameterOf('/environments/{name}/logs', name)));
  setAction<Options>(command, async ({ output, connect }, [name], { tail, container }) => {
    const { api } = await connect();
    const query = { ...(tail !== undefined && { tail }), ...(container !== undefined && { container }) };
    const { data } = await readLog({ ...api, path: { name: name! }, query, parseAs: 'text' });
    const text = data.trimEnd();
    output.result({ name, log: data }, text === '' ? [] : text.split('\n'));
    if (text === '') output.note('The container has no log.');
  });
}
