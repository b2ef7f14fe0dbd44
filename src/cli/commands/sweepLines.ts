import type { Sweep } from '../../client/index.ts';
import type { Colors } from '../output/colors.ts';
import { tableLines } from '../output/text.ts';
import { failureLines } from '../progress/outcome.ts';

const listTitles: Record<keyof Sweep['lists'], string> = {
  recover: 'recovered',
  repair: 'repaired',
  mark: 'marked',
  tearDown: 'torn down',
  waiting: 'in their grace period',
  skipped: 'skipped',
  altered: 'altered by others',
  foreign: 'not of this installation',
  due: 'due, waiting for approval',
};

function listLines({ lists, dryRun }: Sweep): string[] {
  return Object.entries(listTitles).flatMap(([key, title]) => {
    const entries = lists[key as keyof Sweep['lists']];
    if (entries.length === 0) return [];
    const rows = entries.map(({ name, owner, reason, outcome }) => [`  ${name}`, owner ?? '-', outcome ?? reason]);
    return [`${dryRun ? 'would be ' : ''}${title}:`, ...tableLines(rows)];
  });
}

/** A sweep with its lists, and why it stopped. */
export function sweepLines(sweep: Sweep, colors: Colors): string[] {
  const { id, state, dryRun, stopReasons, failure, ownedCount } = sweep;
  const approval = state === 'stopped' && !dryRun ? [`Approve its list with: moat sweep approve ${id}`] : [];
  return [
    `${id} is ${state}${dryRun ? ' (dry run)' : ''}; environments of this installation: ${ownedCount}`,
    ...listLines(sweep),
    ...stopReasons.map(({ code, message }) => colors.red(`${code}: ${message}`)),
    ...approval,
    ...(failure === null ? [] : failureLines(failure, colors)),
  ];
}
