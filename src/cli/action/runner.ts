import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createApi } from '../api/moatClient.ts';
import type { Api } from '../api/moatClient.ts';
import { parseUrl } from '../api/parseUrl.ts';
import { CliError } from '../cliError.ts';
import { variable } from '../environment.ts';
import { exitCodes } from '../exitCodes.ts';

/** An input of the action; undefined where it is empty. The runner passes it as a variable. */
export const input = (name: string): string | undefined => variable(`INPUT_${name.toUpperCase()}`)?.trim() || undefined;

export function requireInput(name: string): string {
  const value = input(name);
  if (value === undefined) throw new CliError(exitCodes.usage, `The input ${name} is missing.`);
  return value;
}

/** Appends a value, which may have several lines, to a file of the runner. */
function append(fileVariable: string, name: string, value: string): void {
  const file = variable(fileVariable);
  if (file === undefined) throw new CliError(exitCodes.usage, `${fileVariable} is not set: this runs in a GitHub job.`);
  const delimiter = randomUUID();
  appendFileSync(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

/** Sets an output of the step. */
export const setOutput = (name: string, value: string): void => append('GITHUB_OUTPUT', name, value);

/** Keeps a value for the post step. */
export const saveState = (name: string, value: string): void => append('GITHUB_STATE', name, value);

/** A value that the main step has kept. */
export const readState = (name: string): string | undefined => variable(`STATE_${name}`);

/** Prints a line in the log of the job. */
export const log = (line: string): void => void process.stdout.write(`${line}\n`);

/** A command of the runner, with a text that may have several lines. */
const command = (name: string, text: string): void =>
  log(`::${name}::${text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`);

/** The Moat of the inputs. Its key is masked in the log. */
export function connect(): Api {
  const apiKey = input('api-key');
  if (apiKey !== undefined) command('add-mask', apiKey);
  return createApi({ url: parseUrl(requireInput('url')), apiKey }, log);
}

/** Runs a step. An error is shown as an annotation, and fails the step. */
export async function runStep(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    const lines = error instanceof CliError ? error.lines() : [`Error: ${String(error)}`];
    command('error', lines.join('\n'));
    process.exitCode = exitCodes.failed;
  }
}
