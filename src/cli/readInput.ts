import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from './cliError.ts';
import { exitCodes } from './exitCodes.ts';

/** The text of a file, or of stdin where `path` is `-`. Throws a CliError where it cannot be read. */
export async function readInput(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(exitCodes.usage, `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
