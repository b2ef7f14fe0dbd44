import { latin1FromBytes } from 'just-bash';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Machine } from '../machine.ts';
import { fail, succeed } from '../tool.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Runs a command line of the machine's shell, with this command's standard input. */
async function runCommandLine(
  words: string[],
  context: ResolvedCommandContext,
  more: { signal?: AbortSignal; env?: Record<string, string> } = {},
): Promise<ExecResult> {
  if (!context.exec) return fail(126, 'no shell');
  return context.exec(words.map(quoted).join(' '), {
    cwd: context.cwd,
    stdin: latin1FromBytes(context.stdin),
    stdinKind: 'bytes',
    ...more,
  });
}

const valued = new Set(['-u', '--user', '-g', '--group', '-h', '--host', '-p', '--prompt']);

/** `sudo [OPTION…] [NAME=VALUE…] COMMAND`: the script is root's already. */
export async function sudo(_machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const rest = [...args];
  const env: Record<string, string> = { SUDO_UID: '0', SUDO_USER: 'root', USER: 'root', LOGNAME: 'root' };
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift() ?? '';
    if (option === '--') break;
    const value = valued.has(option) ? (rest.shift() ?? '') : '';
    if (/^(-u|--user)$/.test(option)) env['USER'] = env['LOGNAME'] = value;
  }
  for (
    let name = /^([A-Za-z_]\w*)=(.*)$/s.exec(rest[0] ?? '');
    name;
    name = /^([A-Za-z_]\w*)=(.*)$/s.exec(rest[0] ?? '')
  ) {
    env[name[1] ?? ''] = name[2] ?? '';
    rest.shift();
  }
  const [word] = rest;
  if (word === undefined) {
    // A shell that reads the rest of the input, or only a renewal of the credentials.
    const shell = args.some((arg) => /^(-i|-s|--login|--shell)$/.test(arg));
    if (shell) return runCommandLine(['bash'], context);
    return args.some((arg) => /^(-v|-k|-n|-l)$/.test(arg)) ? succeed() : fail(1, 'usage: sudo -h | -K | -k | -V');
  }
  const ran = await runCommandLine(rest, context, { env });
  if (ran.exitCode !== 127 || !/command not found/.test(ran.stderr)) return ran;
  return fail(1, `sudo: ${word}: command not found`);
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `timeout [-k SECONDS] [-s SIGNAL] SECONDS COMMAND`: the command is stopped at that virtual time. */
export async function timeout(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const rest = [...args];
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift() ?? '';
    if (/^(-k|-s|--kill-after|--signal)$/.test(option)) rest.shift();
  }
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(rest.shift() ?? '') ?? [];
  if (amount === undefined || rest.length === 0) return fail(125, "Try 'timeout --help' for more information.");
  const controller = new AbortController();
  let ran: ExecResult = succeed();
  const stopped = await machine.limited(
    Number(amount) * (units[unit || 's'] ?? 1),
    () => controller.abort(),
    async () => {
      ran = await runCommandLine(rest, context, { signal: controller.signal });
    },
  );
  return stopped ? { stdout: ran.stdout, stderr: '', exitCode: 124 } : ran;
}
