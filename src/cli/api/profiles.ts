import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CliError } from '../cliError.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Connection } from './moatClient.ts';

type Profiles = Record<string, Connection>;

/** Where profiles are kept: `$XDG_CONFIG_HOME/moat/config.yaml`, else `~/.config/moat/config.yaml`. */
export const profilesFile = (): string =>
  join(variable('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'moat', 'config.yaml');

const invalid = (file: string, problem: string): CliError =>
  new CliError(exitCodes.usage, `${file} ${problem}`, { remedy: 'correct it, or delete it and run: moat login' });

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string';

function profilesIn(text: string, file: string): Profiles {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw invalid(file, `is not YAML: ${(error as Error).message}`);
  }
  const { profiles = {} } = (document ?? {}) as { profiles?: unknown };
  if (typeof profiles !== 'object' || profiles === null || !Object.values(profiles).every(isConnection))
    throw invalid(file, 'has a profile without a url');
  return profiles as Profiles;
}

/** Throws a CliError where the file can be read by others, since it has keys. */
async function readProfiles(): Promise<Profiles> {
  const file = profilesFile();
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0)
      throw new CliError(exitCodes.usage, `${file} can be read by other users.`, { remedy: `chmod 600 ${file}` });
    return profilesIn(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The profile of that name; undefined where there is none. */
export async function readProfile(name: string): Promise<Connection | undefined> {
  const profiles = await readProfiles();
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}

/** Adds or replaces a profile. The file is replaced as a whole, readable by its owner only. */
export async function writeProfile(name: string, connection: Connection): Promise<void> {
  const file = profilesFile();
  const profiles = { ...(await readProfiles()), [name]: connection };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, stringify({ profiles }), { mode: 0o600 });
  await rename(temporary, file);
}
