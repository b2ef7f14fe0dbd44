import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const mainFile = join(root, 'src/cli/main.ts');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'moat-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The environment of a command: none of the variables that the command line reads, but these. */
export function cliEnvironment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(MOAT_|XDG_|NO_COLOR|FORCE_COLOR|GITHUB_)/.test(name),
  );
  return { ...Object.fromEntries(others), XDG_CONFIG_HOME: '/nonexistent', ...variables };
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  { env = {}, stdin = '', cwd = root }: { env?: Record<string, string>; stdin?: string; cwd?: string } = {},
): Promise<Finished> {
  const child = spawn(program, args, { env: cliEnvironment(env), cwd, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => undefined); // it may have ended without reading
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** Runs `moat` with these arguments. */
export const runMoat = (args: readonly string[], options: Parameters<typeof run>[2] = {}): Promise<Finished> =>
  run(process.execPath, [mainFile, ...args], options);
