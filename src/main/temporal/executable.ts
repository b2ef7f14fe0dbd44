import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Temporal CLI that `go install` can build: later ones have replace directives, which it refuses. */
const cliModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/** Where the TypeScript SDK keeps the Temporal CLI that it once downloaded for its test server. */
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
 * The `temporal` command: on the path, among Go's binaries, the SDK's cached download, or else built by `go install`.
 * `tell` hears what takes long. Throws an error that says what to do when there is none and Go cannot build it.
 */
export async function temporalExecutable(tell: (line: string) => void): Promise<string> {
  const found = await installed();
  if (found) return found;
  tell(`Temporal is not installed; building it with go install ${cliModule} (about 3 minutes, once).`);
  const built = (await goInstall()) ? await installed() : undefined;
  if (built) return built;
  throw new Error(
    'There is no Temporal to run on. Do one of these and start again:\n' +
      '  install the temporal command: https://docs.temporal.io/cli#install\n' +
      `  install Go 1.24 or later, which lets Moat build it (${cliModule})\n` +
      '  set TEMPORAL_ADDRESS to a Temporal server that answers',
  );
}
