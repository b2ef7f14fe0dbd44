import type { ExecResult } from 'just-bash';
import { diskSizeGb, diskUsedGb } from '../diskSpace.ts';
import type { Machine } from '../machine.ts';
import { parseOptions, UsageError } from '../commandOptions.ts';
import { fail, succeed } from '../tool.ts';

/** Of the disk, what the file system can hold: the rest is its own and that of the boot partitions. */
const usableShare = 0.96;

/** KiB as the chosen options print it. */
function cellOf(kib: number, human: boolean): string {
  if (!human || kib === 0) return String(Math.round(kib));
  const units = ['K', 'M', 'G', 'T'];
  let value = kib;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${units[unit]}`;
}

function rowsOf(machine: Machine): [string, number, number, string][] {
  const gb = 1024 ** 2;
  return [
    ['/dev/root', diskSizeGb(machine) * usableShare * gb, diskUsedGb(machine) * usableShare * gb, '/'],
    ['tmpfs', 2 * gb, 0, '/dev/shm'],
    ['/dev/sda15', 0.102 * gb, 0.006 * gb, '/boot/efi'],
  ];
}

/** `df [-h] [PATH]` of the machine's one disk, and `df --block-size=G --output=used,size`. */
export function df(machine: Machine, args: string[]): ExecResult {
  const { values, flags, operands } = parseOptions(args, {
    values: ['-B|--block-size', '--output'],
    flags: ['-h|--human-readable', '-k', '-T|--print-type', '-P|--portability'],
  });
  if (values['--output'] !== undefined || values['--block-size'] !== undefined) {
    if (values['--block-size'] !== 'G' || values['--output'] !== 'used,size') throw new UsageError('unknown format');
    const cells = [diskUsedGb(machine), diskSizeGb(machine)].map((size) => `${Math.ceil(size)}G`.padStart(9));
    return succeed(` Used 1G-blocks\n${cells.join('')}\n`);
  }
  if (flags.has('--print-type')) return fail(1, 'df: the types of file systems are not emulated');
  const human = flags.has('--human-readable');
  const size = human ? ' Size  Used Avail Use%' : '1K-blocks    Used Available Use%';
  const widths = human ? [5, 5, 5] : [10, 8, 10];
  const rows = rowsOf(machine).filter(([, , , mount]) => operands.length === 0 || mount === '/');
  const lines = rows.map(([source, total, used, mount]) => {
    const cells = [total, used, total - used].map((kib, index) => cellOf(kib, human).padStart(widths[index] ?? 0));
    const share = `${Math.ceil((used / total) * 100)}%`.padStart(4);
    return `${source.padEnd(14)}${cells.join(' ')} ${share} ${mount}`;
  });
  return succeed(`Filesystem    ${human ? size : ` ${size}`} Mounted on\n${lines.join('\n')}\n`);
}
