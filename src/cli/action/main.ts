import { readFileSync } from 'node:fs';
import { createEnvironment, getEnvironment } from '../../client/index.ts';
import type { NewEnvironment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { CliError, isNotFound } from '../cliError.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';
import { followJob } from './followJob.ts';
import { connect, input, log, requireInput, runStep, saveState, setOutput } from './runner.ts';

function parseSpec(text: string, source: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new CliError(exitCodes.usage, `${source} is not JSON: ${(error as Error).message}`);
  }
}

/** The spec of the inputs: the file, over it the input `spec`, over both the other inputs. */
function specOf(name: string): NewEnvironment {
  const file = input('spec-file');
  const inFile = file === undefined ? {} : parseSpec(readFileSync(file, 'utf8'), file);
  const spec: Partial<NewEnvironment> = { ...inFile, ...parseSpec(input('spec') ?? '{}', 'The input spec') };
  const location = input('location') ?? spec.location ?? requireInput('location');
  const ttl = input('ttl');
  return { ...spec, name, location, ...(ttl !== undefined && { ttl }) };
}

const defaultName = (): string => `ci-${variable('GITHUB_RUN_ID') ?? 'local'}-${variable('GITHUB_RUN_ATTEMPT') ?? '1'}`;

/** The post step deletes what this job has created, so an environment that exists already must not be used. */
async function requireNew(api: Api, name: string): Promise<void> {
  const existing = await getEnvironment({ ...api, path: { name } }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (existing !== undefined && existing.data.state !== 'deleted')
    throw new CliError(exitCodes.refused, `The environment ${name} exists already.`, { remedy: 'choose another name' });
}

await runStep(async () => {
  const api = connect();
  const name = input('name') ?? defaultName();
  const body = specOf(name);
  await requireNew(api, name);
  // Before the request: its answer may be lost.
  saveState('name', name);
  setOutput('name', name);
  await createEnvironment({ ...api, body });
  log(`Provisioning ${name}.`);
  const environment = await followJob(api, name);
  setOutput('environment', JSON.stringify(environment));
  setOutput('scoring-uri', environment.outputs.scoringUri ?? '');
  const { state, failure } = environment;
  if (state !== 'ready')
    throw new CliError(exitCodes.failed, `${name} is ${state}${failure === null ? '' : `: ${failure.message}`}`, {
      remedy: failure?.remedy || undefined,
      correlationId: failure?.correlationId ?? undefined,
    });
});
