import { Bash, latin1FromBytes } from 'just-bash';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Machine } from '../machine.ts';

/** `jq`, once it is installed. */
export function jq(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const shell = new Bash({ fs: machine.fs, commands: ['jq'], defenseInDepth: false });
  return shell.exec('jq', { args, cwd: context.cwd, stdin: latin1FromBytes(context.stdin), stdinKind: 'bytes' });
}
