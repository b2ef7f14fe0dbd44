import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { getAbout, getEnvironment, scoreEnvironment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { CliError } from '../cliError.ts';
import { addCommand, setAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { readInput } from '../readInput.ts';

interface Options {
  data?: string;
  file?: string;
  sample?: boolean;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(exitCodes.usage, `The request is not JSON: ${(error as Error).message}`);
  }
}

/** The sample request of the environment's model. */
async function sampleOf(api: Api, name: string): Promise<unknown> {
  const { data: environment } = await getEnvironment({ ...api, path: { name } });
  const model = environment.spec?.model;
  if (typeof model === 'object' && model.request !== undefined) return model.request;
  const { data: about } = await getAbout(api);
  const sample = about.samples.find((one) => one.model === model);
  if (sample) return sample.request;
  throw new CliError(exitCodes.usage, `The spec of ${name} has no request.`, { remedy: 'use --data or --file' });
}

async function requestOf(api: Api, name: string, { data, file, sample }: Options): Promise<unknown> {
  if (data !== undefined) return parseJson(data);
  if (file !== undefined) return parseJson(await readInput(file));
  if (sample) return sampleOf(api, name);
  if (!process.stdin.isTTY) return parseJson(await readInput('-'));
  throw new CliError(exitCodes.usage, 'There is no request to score.', { remedy: 'use --data, --file or --sample' });
}

/** `moat score`: sends a request to the endpoint from inside the network. */
export function addScore(program: Command): void {
  const command = addCommand(program, 'score <name>', {
    summary: 'Score a request from inside the virtual network',
    details: "Takes tens of seconds on Azure. The exit code is 1 where the endpoint's status is not below 400.",
    examples: [
      ['moat score churn1 --sample', 'the request that the provisioning run scored'],
      ['moat score churn1 --data \'{"data":[[1,2,3,4,5,6,7,8,9,10]]}\'', 'a request'],
      ['moat score churn1 < request.json', 'a request on stdin'],
    ],
  })
    .option('-d, --data <json>', 'the request')
    .option('-f, --file <path>', 'a file with the request, - for stdin')
    .option('--sample', "the sample request of the environment's model");
  setAction<Options>(command, async ({ output, connect }, [name], options) => {
    const { api } = await connect();
    const body = await requestOf(api, name!, options);
    const headers = { 'idempotency-key': randomUUID() };
    const { data: score } = await scoreEnvironment({ ...api, path: { name: name! }, body, headers });
    output.result(score, [JSON.stringify(score.body)]);
    output.note(`status ${score.status} in ${score.latencyMs} ms`);
    return score.status < 400 ? exitCodes.done : exitCodes.failed;
  });
}
