import { defineCommand } from 'just-bash';
import type { Command, ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Machine } from './machine.ts';
import { UsageError } from './commandOptions.ts';

export type Tool = (
  machine: Machine,
  args: string[],
  context: ResolvedCommandContext,
) => ExecResult | Promise<ExecResult>;

export const succeed = (stdout = ''): ExecResult => ({ stdout, stderr: '', exitCode: 0 });

/** An end with an exit code and a message on standard error. */
export const fail = (exitCode: number, message: string): ExecResult => ({
  stdout: '',
  stderr: `${message}\n`,
  exitCode,
});

/** A command of the machine. Unknown options end it with `usageExit`, as on a real command line. */
export function command(machine: Machine, name: string, tool: Tool, usageExit = 2): Command {
  return defineCommand(name, async (args, context) => {
    try {
      return await tool(machine, args, context);
    } catch (error) {
      if (error instanceof UsageError) return fail(usageExit, `${name}: ${error.message}`);
      throw error;
    }
  });
}
