import { CommanderError } from 'commander';
import { CliError } from './cliError.ts';
import { candidatesFor } from './completion/candidates.ts';
import { exitCodes } from './exitCodes.ts';
import { colorsOf } from './output/output.ts';
import { createProgram } from './program.ts';

/** The command that completion scripts call. It is parsed here, because its words are not its own options. */
const completionCommand = '__complete';

async function complete(words: readonly string[]): Promise<void> {
  const candidates = await candidatesFor(createProgram(), words).catch(() => []);
  for (const { word, description } of candidates) process.stdout.write(`${word}\t${description}\n`);
}

/** Prints an error on stderr and returns the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const known = error instanceof CliError ? error : new CliError(exitCodes.failed, String(error), { cause: error });
  const [first = '', ...others] = known.lines();
  const { red } = colorsOf(process.stderr);
  const isError = known.exitCode !== exitCodes.detached;
  process.stderr.write(`${[isError ? red(first) : first, ...others].join('\n')}\n`);
  return known.exitCode;
}

// `moat ls | head` closes the pipe early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const [command, ...words] = process.argv.slice(2);
if (command === completionCommand) {
  await complete(words);
} else {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}
