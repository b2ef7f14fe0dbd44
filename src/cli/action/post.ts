import { removeEnvironment } from '../../client/index.ts';
import { CliError, isNotFound } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';
import { followJob } from './followJob.ts';
import { connect, input, log, readState, runStep } from './runner.ts';

await runStep(async () => {
  const name = readState('name');
  if (name === undefined) return log('No environment was requested.');
  const api = connect();
  const requested = await removeEnvironment({ ...api, path: { name } }).catch((error: unknown) => {
    // the request of the main step has never reached Moat
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (requested === undefined) return log(`${name} does not exist.`);
  log(`The teardown of ${name} has started.`);
  if (input('wait-for-teardown') !== 'true') return;
  const { state } = await followJob(api, name);
  if (state !== 'deleted') throw new CliError(exitCodes.failed, `The teardown of ${name} is ${state}.`);
});
