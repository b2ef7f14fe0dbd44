import type { ExecResult } from 'just-bash';
import { diskSizeGb, diskUsedGb } from '../diskSpace.ts';
import type { Machine } from '../machine.ts';
import { parseOptions, UsageError } from '../commandOptions.ts';
import { succeed } from '../tool.ts';

/** `df --block-size=G --output=used,size`: the machine's one disk. */
export function df(machine: Machine, args: string[]): ExecResult {
  const { values } = parseOptions(args, { values: ['-B|--block-size', '--output'] });
  if (values['--block-size'] !== 'G' || values['--output'] !== 'used,size') throw new UsageError('unknown format');
  const cells = [diskUsedGb(machine), diskSizeGb(machine)].map((size) => `${Math.ceil(size)}G`.padStart(9));
  return succeed(` Used 1G-blocks\n${cells.join('')}\n`);
}
