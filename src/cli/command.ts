import type { Command } from 'commander';
import { exitCodes } from './exitCodes.ts';
import type { ExitCode } from './exitCodes.ts';
import { createSession } from './session.ts';
import type { CommonOptions, Session } from './session.ts';

interface Description {
  /** one line */
  summary: string;
  /** further sentences of the command's own help */
  details?: string;
  /** commands with a comment each */
  examples: readonly (readonly [command: string, comment: string])[];
}

function exampleLines(examples: Description['examples']): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  return examples.map(([command, comment]) => `  ${command.padEnd(width)}  # ${comment}`).join('\n');
}

/** Adds a command with its help, and the options that every command has. */
export function addCommand(parent: Command, usage: string, { summary, details, examples }: Description): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(details === undefined ? `${summary}.` : `${summary}. ${details}`)
    .option('--json', 'print JSON on stdout, everything else on stderr')
    .option('--profile <name>', 'use this profile of moat login, not MOAT_URL or MOAT_PROFILE')
    .addHelpText('after', `\nExamples:\n${exampleLines(examples)}`);
}

/** What a command does. It returns its exit code; none means 0. */
type Run<Options> = (
  session: Session,
  args: (string | undefined)[],
  options: Options,
) => Promise<ExitCode | undefined | void>;

/** Lets a command call `run`, and exit with what it returns. */
export function setAction<Options extends object>(command: Command, run: Run<Options>): void {
  command.action(async () => {
    const options = command.opts<Options & CommonOptions>();
    process.exitCode =
      (await run(createSession(options), command.processedArgs as string[], options)) ?? exitCodes.done;
  });
}

/** Adds the options of a command that starts a run. */
export const withWait = (command: Command): Command =>
  command
    .option('--wait', 'follow what has been started to its end', true)
    .option('--no-wait', 'return as soon as the request is accepted');
