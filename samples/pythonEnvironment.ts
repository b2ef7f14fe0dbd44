import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An interpreter on this machine. */
export interface Interpreter {
  executable: string;
  /** `3.12.1` */
  version: string;
}

const minorOf = (version: string): number => Number(version.split('.')[1]);

function interpreterAt(executable: string): Interpreter | undefined {
  const { status, stdout } = spawnSync(executable, ['-c', 'import platform, venv; print(platform.python_version())'], {
    encoding: 'utf8',
  });
  return status === 0 ? { executable, version: stdout.trim() } : undefined;
}

/** Interpreters on the PATH, of pyenv and of uv, of Python 3 only. */
function interpreters(): Interpreter[] {
  const installed = [join(homedir(), '.pyenv/versions'), join(homedir(), '.local/share/uv/python')].flatMap(
    (folder) => {
      try {
        return readdirSync(folder).map((name) => join(folder, name, 'bin/python3'));
      } catch {
        return [];
      }
    },
  );
  const named = Array.from({ length: 9 }, (_, index) => `python3.${index + 7}`);
  const found = [...named, ...installed, 'python3'].map(interpreterAt).filter((one) => one !== undefined);
  return found.filter(({ version }) => version.startsWith('3.'));
}

/**
 * The interpreter of a release of Python, or the nearest one that is installed: the same minor version, else the next newer one, else the
 * newest. Undefined where there is none.
 */
export function nearestInterpreter(release: string): Interpreter | undefined {
  const all = interpreters().toSorted((a, b) => minorOf(a.version) - minorOf(b.version));
  return all.find(({ version }) => minorOf(version) >= minorOf(release)) ?? all.at(-1);
}

/** Runs a command and shows its output as it comes. Throws with its last lines when it fails. */
export function runShown(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let [stdout, everything] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      everything += text;
      if (process.stdout.isTTY) process.stdout.write('.');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (everything += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (process.stdout.isTTY) process.stdout.write('\n');
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(
            `${command} ${args.join(' ')} ended with ${code}:\n${everything.split('\n').slice(-15).join('\n')}`,
          ),
        );
    });
  });
}

/** A virtual environment with the requirements installed by pip. Returns the directory of its programs. */
export async function makeEnvironment(
  { executable }: Interpreter,
  directory: string,
  requirements: string,
): Promise<string> {
  await runShown(executable, ['-m', 'venv', directory]);
  const programs = join(directory, 'bin');
  const options = ['--no-input', '--disable-pip-version-check', '--requirement', requirements];
  await runShown(join(programs, 'python'), ['-m', 'pip', 'install', ...options]);
  return programs;
}

/** The installed versions of packages. */
export async function versionsOf(programs: string, packages: readonly string[]): Promise<Record<string, string>> {
  const lines = (await runShown(join(programs, 'python'), ['-m', 'pip', 'freeze'])).split('\n');
  const all = new Map(lines.map((line) => line.toLowerCase().split('==') as [string, string]));
  return Object.fromEntries(packages.flatMap((name) => (all.has(name) ? [[name, all.get(name)!]] : [])));
}
