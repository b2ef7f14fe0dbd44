import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { vmSizeOf } from '../../providers/compute/vmSizes.ts';
import { textAt } from '../../dataPlane/jsonPath.ts';
import { vmSourceOf } from '../../dataPlane/vmSource.ts';
import type { Machine } from '../machine.ts';
import { hostNameOf, ubuntuReleaseOf } from '../ubuntuRelease.ts';
import { parseOptions } from '../commandOptions.ts';
import { fail, succeed } from '../tool.ts';

const users: Record<string, number> = { root: 0, daemon: 1, nobody: 65_534 };

/** Scripts of run commands run as root, unless `sudo -u` has changed that: it sets both variables. */
const userOf = ({ env }: ResolvedCommandContext): string =>
  env.has('SUDO_UID') ? (env.get('USER') ?? 'root') : 'root';

/** `id [-u|-g|-G|-n] [USER]`. */
export function id(_machine: Machine, args: string[], context: ResolvedCommandContext): ExecResult {
  const { flags, operands } = parseOptions(args, {
    flags: ['-u|--user', '-g|--group', '-G|--groups', '-n|--name', '-r|--real'],
  });
  const [name = userOf(context)] = operands;
  const number = users[name];
  if (number === undefined) return fail(1, `id: '${name}': no such user`);
  const group = name === 'nobody' ? 'nogroup' : name;
  if (!['--user', '--group', '--groups'].some((flag) => flags.has(flag)))
    return succeed(`uid=${number}(${name}) gid=${number}(${group}) groups=${number}(${group})\n`);
  if (!flags.has('--name')) return succeed(`${number}\n`);
  return succeed(`${flags.has('--user') ? name : group}\n`);
}

export const whoami = (_machine: Machine, _args: string[], context: ResolvedCommandContext): ExecResult =>
  succeed(`${userOf(context)}\n`);

/** `uname` with any of its usual letters. */
export function uname({ vm }: Machine, args: string[]): ExecResult {
  const { flags } = parseOptions(args, {
    flags: [
      '-a|--all',
      '-s|--kernel-name',
      '-n|--nodename',
      '-r|--kernel-release',
      '-v|--kernel-version',
      '-m|--machine',
      '-p|--processor',
      '-i|--hardware-platform',
      '-o|--operating-system',
    ],
  });
  const { kernel, kernelBuild } = ubuntuReleaseOf(vm);
  const parts: [string, string][] = [
    ['--kernel-name', 'Linux'],
    ['--nodename', hostNameOf(vm)],
    ['--kernel-release', kernel],
    ['--kernel-version', kernelBuild],
    ['--machine', 'x86_64'],
    ['--processor', 'x86_64'],
    ['--hardware-platform', 'x86_64'],
    ['--operating-system', 'GNU/Linux'],
  ];
  const wanted = flags.has('--all')
    ? parts
    : parts.filter(([flag]) => (flags.size === 0 ? flag === '--kernel-name' : flags.has(flag)));
  return succeed(`${wanted.map(([, value]) => value).join(' ')}\n`);
}

/** `hostname [-f|-s|-I|-i]`. */
export function hostname({ cloud, vm }: Machine, args: string[]): ExecResult {
  const { flags, operands } = parseOptions(args, {
    flags: ['-f|--fqdn', '-s|--short', '-I|--all-ip-addresses', '-i|--ip-address', '-d|--domain'],
  });
  if (operands.length > 0) return fail(1, 'hostname: setting the name is not emulated');
  const { address } = vmSourceOf(cloud, vm);
  if (flags.has('--all-ip-addresses')) return succeed(`${address} \n`);
  return succeed(`${flags.has('--ip-address') ? address : hostNameOf(vm)}\n`);
}

/** The memory of the machine's size, in KiB; what is in use is assumed. */
function memory({ vm }: Machine): { total: number; used: number; cache: number } {
  const size = vmSizeOf(textAt(vm.properties, 'hardwareProfile', 'vmSize'));
  const total = (size?.memoryGB ?? 4) * 1024 * 1024 - 120_000;
  return { total, used: 420_000, cache: 650_000 };
}

const human = (kib: number): string =>
  kib >= 1024 ** 2 ? `${(kib / 1024 ** 2).toFixed(1)}Gi` : kib === 0 ? '0B' : `${Math.round(kib / 1024)}Mi`;

/** `free [-h|-m|-g|-k]`. */
export function free(machine: Machine, args: string[]): ExecResult {
  const { flags } = parseOptions(args, { flags: ['-h|--human', '-m|--mebi', '-g|--gibi', '-k|--kibi'] });
  const { total, used, cache } = memory(machine);
  const unit = flags.has('--mebi') ? 1024 : flags.has('--gibi') ? 1024 ** 2 : 1;
  const cell = (kib: number): string => (flags.has('--human') ? human(kib) : String(Math.floor(kib / unit)));
  const row = (title: string, cells: number[]): string =>
    `${title.padEnd(8)}${cells.map((kib) => cell(kib).padStart(12)).join('')}\n`;
  const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((title) => title.padStart(12));
  return succeed(
    `        ${titles.join('')}\n${row('Mem:', [total, used, total - used - cache, 4000, cache, total - used])}${row('Swap:', [0, 0, 0])}`,
  );
}

export const nproc = ({ vm }: Machine): ExecResult =>
  succeed(`${vmSizeOf(textAt(vm.properties, 'hardwareProfile', 'vmSize'))?.cores ?? 2}\n`);

export const arch = (): ExecResult => succeed('x86_64\n');

/** `lsb_release` with any of its letters. */
export function lsbRelease({ vm }: Machine, args: string[]): ExecResult {
  const { flags } = parseOptions(args, {
    flags: ['-a|--all', '-i|--id', '-d|--description', '-r|--release', '-c|--codename', '-s|--short'],
  });
  const { version, point, codename } = ubuntuReleaseOf(vm);
  const rows: [string, string, string][] = [
    ['--id', 'Distributor ID', 'Ubuntu'],
    ['--description', 'Description', `Ubuntu ${point} LTS`],
    ['--release', 'Release', version],
    ['--codename', 'Codename', codename],
  ];
  const wanted = rows.filter(([flag]) => flags.has('--all') || flags.has(flag));
  const short = flags.has('--short');
  return {
    stdout: wanted.map(([, title, value]) => (short ? `${value}\n` : `${title}:\t${value}\n`)).join(''),
    stderr: short ? '' : 'No LSB modules are available.\n',
    exitCode: 0,
  };
}
