import { CliError } from '../cliError.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Connection } from './moatClient.ts';
import { parseUrl } from './parseUrl.ts';
import { readProfile } from './profiles.ts';

/** The address of a Moat that `npm start` has started. */
export const localUrl = 'http://127.0.0.1:3000';

export const defaultProfile = 'default';

async function requireProfile(name: string): Promise<Connection> {
  const profile = await readProfile(name);
  if (profile) return profile;
  throw new CliError(exitCodes.usage, `There is no profile ${name}.`, { remedy: `moat login --profile ${name}` });
}

/** The profile that is used where MOAT_URL is not set. */
async function usualProfile(): Promise<Connection> {
  const chosen = variable('MOAT_PROFILE');
  if (chosen !== undefined) return requireProfile(chosen);
  return (await readProfile(defaultProfile)) ?? { url: localUrl };
}

/**
 * The Moat to use: the profile of `--profile`; else MOAT_URL and MOAT_API_KEY; else the profile of MOAT_PROFILE, or the default one, with
 * the key of MOAT_API_KEY where it is set; else a Moat on this machine. A profile's key is never sent to the address of MOAT_URL.
 */
export async function chooseConnection(profile: string | undefined): Promise<Connection> {
  if (profile !== undefined) return requireProfile(profile);
  const [url, apiKey] = [variable('MOAT_URL'), variable('MOAT_API_KEY')];
  if (url !== undefined) return { url: parseUrl(url), apiKey };
  const chosen = await usualProfile();
  return { url: parseUrl(chosen.url), apiKey: apiKey ?? chosen.apiKey };
}
