import { createInterface } from 'node:readline/promises';
import { CliError } from './cliError.ts';
import { exitCodes } from './exitCodes.ts';

/** Asks for the name of the environment before it is deleted. Throws a CliError unless it is given. */
export async function confirmName(name: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new CliError(exitCodes.usage, `This deletes all resources of ${name}.`, { remedy: 'confirm it with --yes' });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`This deletes all resources of ${name}. Type its name to confirm: `);
  prompt.close();
  if (answer.trim() !== name) throw new CliError(exitCodes.usage, 'Not confirmed; nothing was deleted.');
}
