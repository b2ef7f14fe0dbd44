import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeError } from '../processErrors.ts';
import { cliArchive, cliVersion } from './cliRelease.ts';
import type { CliArchive } from './cliRelease.ts';
import { downloadCli } from './downloadCli.ts';
import { cliModule, goInstall } from './goInstall.ts';

const run = promisify(execFile);

/** The release to download, and the directory that it is unpacked into. */
export interface CliSource {
  /** undefined: there is none for this platform */
  archive: CliArchive | undefined;
  directory: string;
}

/** One directory for all data directories. */
const official: CliSource = {
  archive: cliArchive(process.platform, process.arch),
  directory: fileURLToPath(new URL(`../../../.moat/temporal-cli-${cliVersion}`, import.meta.url)),
};

/** Path of the Temporal CLI that the TypeScript SDK downloads for its test server. */
function sdkDownload(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  return join(tmpdir(), `temporal-sdk-typescript-${version}`);
}

async function goBinaries(): Promise<string[]> {
  try {
    const { stdout } = await run('go', ['env', 'GOBIN', 'GOPATH'], { timeout: 10_000 });
    const [gobin, gopath] = stdout.split('\n');
    return [...(gobin ? [gobin] : []), ...(gopath ? [join(gopath, 'bin')] : [])];
  } catch {
    return [];
  }
}

async function works(command: string): Promise<boolean> {
  try {
    await run(command, ['--version'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** On PATH, among Go's binaries, downloaded earlier, or downloaded by the SDK. */
async function installed(downloaded: string): Promise<string | undefined> {
  if (await works('temporal')) return 'temporal';
  const directories = [...(await goBinaries()), join(homedir(), 'go', 'bin'), downloaded];
  for (const command of [...directories.map((directory) => join(directory, 'temporal')), sdkDownload()]) {
    if (await works(command)) return command;
  }
  return undefined;
}

type Print = (line: string) => void;

/** Downloads the official release; where the network or the platform does not allow it, builds the CLI. Throws the error of the build. */
async function install({ archive, directory }: CliSource, log: Print, draw: Print): Promise<void> {
  try {
    if (!archive) throw new Error(`the release has no archive for ${process.platform} ${process.arch}`);
    log(`Temporal CLI not found; downloading version ${cliVersion} from ${new URL(archive.url).host} (once).`);
    return await downloadCli(archive, directory, draw);
  } catch (error) {
    log(`Temporal CLI cannot be downloaded: ${describeError(error)}`);
  }
  log(`Building it with go install ${cliModule} (about 3 minutes, once).`);
  await goInstall(draw);
}

const remedies =
  'Temporal CLI not found. Do one of the following, then start again:\n' +
  '  install the temporal command: https://docs.temporal.io/cli#install\n' +
  `  install Go 1.24 or later, so that Moat can build it (${cliModule})\n` +
  '  set TEMPORAL_ADDRESS to a running Temporal server';

/**
 * Path of the `temporal` command, which is downloaded or built when it is not installed. `draw` receives the progress in one line, which
 * replaces the previous one. Throws an error with the remedies when there is none.
 */
export async function temporalExecutable(
  log: Print,
  draw: Print = () => undefined,
  source: CliSource = official,
): Promise<string> {
  const present = await installed(source.directory);
  if (present) return present;
  const drawProgress = (text: string): void => draw(`Temporal CLI: ${text}`);
  await install(source, log, drawProgress).catch((error: unknown) => log(describeError(error)));
  const found = await installed(source.directory);
  if (found) return found;
  throw new Error(remedies);
}
