import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the packages of a requirements file into a virtual environment unless they are there. Returns its Python. Throws an Error when
 * a command fails; its output has been printed.
 */
export function prepareClient(directory: string, requirementsFile: string): string {
  const python = join(directory, 'bin/python');
  const marker = join(directory, 'installed.txt');
  const requirements = readFileSync(requirementsFile, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === requirements) return python;
  console.error(`Installing the clients of ${requirementsFile} into ${directory} (a minute or two, once).`);
  mkdirSync(directory, { recursive: true });
  run('python3', ['-m', 'venv', directory]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile]);
  writeFileSync(marker, requirements);
  return python;
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
