import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { getAbout, getEnvironment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { CliError } from '../cliError.ts';
import { addCommand, setAction } from '../command.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';

async function temporalAddress(api: Api, name: string | undefined): Promise<string> {
  const address =
    name === undefined
      ? (await getAbout(api)).data.temporal.ui
      : (await getEnvironment({ ...api, path: { name } })).data.links.temporal;
  if (address !== null) return address;
  throw new CliError(exitCodes.failed, 'This Moat does not know the address of its Temporal UI.', {
    remedy: 'set MOAT_TEMPORAL_UI for its API',
  });
}

/** Opens an address in the browser of the user. Returns false where there is none. */
async function openBrowser(address: string): Promise<boolean> {
  const command = variable('BROWSER') ?? (process.platform === 'darwin' ? 'open' : 'xdg-open');
  const browser = spawn(command, [address], { stdio: 'ignore', detached: true });
  browser.unref();
  return once(browser, 'spawn').then(
    () => true,
    () => false,
  );
}

/** `moat open`: opens the console or the Temporal UI. */
export function addOpen(program: Command): void {
  const command = addCommand(program, 'open [name]', {
    summary: 'Open the console or the Temporal UI in the browser',
    details: 'The address is printed as well. BROWSER names the command that opens it.',
    examples: [
      ['moat open churn1', 'the page of an environment in the console'],
      ['moat open churn1 --temporal', 'its workflow in the Temporal UI'],
      ['moat open --print', 'only prints the address'],
    ],
  })
    .option('--temporal', 'the Temporal UI')
    .option('--print', 'do not open it');
  setAction<{ temporal?: boolean; print?: boolean }>(command, async ({ output, connect }, [name], options) => {
    const { api, connection } = await connect();
    if (name !== undefined) await getEnvironment({ ...api, path: { name } });
    const page = name === undefined ? '' : `environments/${name}`;
    const address = options.temporal ? await temporalAddress(api, name) : `${connection.url}/console/${page}`;
    output.result({ url: address }, [address]);
    if (!options.print && !(await openBrowser(address)))
      output.note('No browser was found; open the address yourself.');
  });
}
