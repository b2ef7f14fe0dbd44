import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The last version of the Temporal CLI that `go install` can build: later ones have replace directives, which it rejects. */
const cliModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

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

async function installed(): Promise<string | undefined> {
  if (await works('temporal')) return 'temporal';
  const directories = [...(await goBinaries()), join(homedir(), 'go', 'bin')];
  for (const command of [...directories.map((directory) => join(directory, 'temporal')), sdkDownload()]) {
    if (await works(command)) return command;
  }
  return undefined;
}

function goInstall(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('go', ['install', cliModule], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

/**
 * Path of the `temporal` command: on PATH, among Go's binaries, the SDK's cached download, or else built by `go install`.
 * Throws an error with the remedies when there is none and Go cannot build it.
 */
export async function temporalExecutable(log: (line: string) => void): Promise<string> {
  const found = await installed();
  if (found) return found;
  log(`Temporal CLI not found; building it with go install ${cliModule} (about 3 minutes, once).`);
  const built = (await goInstall()) ? await installed() : undefined;
  if (built) return built;
  throw new Error(
    'Temporal CLI not found. Do one of the following, then start again:\n' +
      '  install the temporal command: https://docs.temporal.io/cli#install\n' +
      `  install Go 1.24 or later, so that Moat can build it (${cliModule})\n` +
      '  set TEMPORAL_ADDRESS to a running Temporal server',
  );
}
