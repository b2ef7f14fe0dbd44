import type { Command } from 'commander';
import { getMe } from '../../client/index.ts';
import { defaultProfile, localUrl } from '../api/connection.ts';
import { createApi } from '../api/moatClient.ts';
import type { Connection } from '../api/moatClient.ts';
import { parseUrl } from '../api/parseUrl.ts';
import { profilesFile, writeProfile } from '../api/profiles.ts';
import { CliError } from '../cliError.ts';
import { addCommand, setAction } from '../command.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';
import { askAll } from '../prompt.ts';

/** The address of MOAT_URL, else the first answer; then the key. */
async function askConnection(): Promise<Connection> {
  const known = variable('MOAT_URL');
  const address = { text: `Address of Moat [${localUrl}]: ` };
  const key = { text: 'API key (empty for none): ', hidden: true };
  const answers = await askAll(known === undefined ? [address, key] : [key]);
  const url = parseUrl(known ?? (answers[0] || localUrl));
  const apiKey = answers.at(-1);
  return { url, ...(apiKey && { apiKey }) };
}

const isUnsafe = ({ url, apiKey }: Connection): boolean => {
  const { protocol, hostname } = new URL(url);
  return apiKey !== undefined && protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};

/** `moat login`: checks an address and a key, and keeps them in a profile. */
export function addLogin(program: Command): void {
  const command = addCommand(program, 'login', {
    summary: 'Check an address and an API key, and keep them in a profile',
    details:
      'Asks for both; the key is not shown. Where stdin is not a terminal, its first line is the address and its second one the key. ' +
      'MOAT_URL replaces the question for the address.',
    examples: [
      ['moat login', 'the default profile'],
      ['moat login --profile prod', 'another one: moat ls --profile prod, or MOAT_PROFILE=prod'],
      ['printf "%s\\n" "$URL" "$KEY" | moat login', 'in a script'],
    ],
  });
  setAction(command, async ({ output, profile = defaultProfile }) => {
    const connection = await askConnection();
    if (isUnsafe(connection))
      throw new CliError(exitCodes.usage, 'The key would be sent over http without encryption.', {
        remedy: 'use an https address',
      });
    const { data: caller } = await getMe(createApi(connection, output.note));
    await writeProfile(profile, connection);
    output.result({ profile, url: connection.url, file: profilesFile(), ...caller }, [
      `Signed in to ${connection.url} as ${caller.name} (${caller.role}). Profile ${profile} is in ${profilesFile()}.`,
    ]);
  });
}
