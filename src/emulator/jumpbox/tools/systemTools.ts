import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** `flock` on a descriptor: scripts of one machine run one after the other here, so the lock is always free. */
export function flock(_machine: Machine, args: string[]): ExecResult {
  const { operands } = parseOptions(args, { values: ['-w|--wait'], flags: ['-n|--nonblock'] });
  return /^\d+$/.test(operands[0] ?? '') ? succeed() : fail(64, 'flock: bad file descriptor');
}

/** `install -d`: directories. */
export async function install(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const { flags, operands } = parseOptions(args, { values: ['-m|--mode'], flags: ['-d|--directory'] });
  if (!flags.has('--directory')) return fail(1, 'install: only directories are emulated (-d)');
  for (const directory of operands) {
    await machine.fs.mkdir(machine.fs.resolvePath(context.cwd, directory), { recursive: true });
  }
  return succeed();
}

/** `systemctl enable --now` and `is-active` of a unit. */
export function systemctl(machine: Machine, args: string[]): ExecResult {
  const { operands, flags } = parseOptions(args, { flags: ['--now', '-q|--quiet'] });
  const [verb, unit = ''] = operands;
  if (verb === 'is-active') {
    const active = machine.state.services.includes(unit);
    const word = `${active ? 'active' : 'inactive'}\n`;
    return { stdout: flags.has('--quiet') ? '' : word, stderr: '', exitCode: active ? 0 : 3 };
  }
  if (verb !== 'enable') return fail(1, `Unknown command verb '${verb}'.`);
  const packages: Record<string, string> = { docker: 'docker.io' };
  if (!machine.state.packages.includes(packages[unit] ?? unit)) {
    return fail(1, `Failed to enable unit: Unit file ${unit}.service does not exist.`);
  }
  if (!machine.state.services.includes(unit)) machine.state.services.push(unit);
  return succeed();
}

/** `dpkg --print-architecture`. */
export function dpkg(_machine: Machine, args: string[]): ExecResult {
  return args.length === 1 && args[0] === '--print-architecture'
    ? succeed('amd64\n')
    : fail(2, 'dpkg: error: unknown option');
}

/** `gpg --show-keys` and `gpg --dearmor` of one file. */
export async function gpg(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const { values, flags, operands } = parseOptions(args, {
    values: ['-o|--output'],
    flags: ['--show-keys', '--with-colons', '--batch', '--yes', '--dearmor'],
  });
  const file = machine.fs.resolvePath(context.cwd, operands[0] ?? '');
  const text = (await machine.fs.exists(file)) ? await machine.fs.readFile(file) : '';
  const fingerprint = /^Comment: fingerprint ([0-9A-F]{40})$/m.exec(text)?.[1];
  if (fingerprint === undefined) return fail(2, 'gpg: no valid OpenPGP data found.');
  if (flags.has('--show-keys'))
    return succeed(`pub:-:2048:1:${fingerprint.slice(-16)}:::::::\nfpr:::::::::${fingerprint}:\n`);
  const output = values['--output'];
  if (!flags.has('--dearmor') || output === undefined) return fail(2, 'gpg: no command given');
  await machine.fs.writeFile(machine.fs.resolvePath(context.cwd, output), `dearmored ${fingerprint}\n`);
  return succeed();
}
