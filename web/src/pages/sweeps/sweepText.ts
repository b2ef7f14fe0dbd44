import type { Sweep, SweepSummary } from '../../../../src/client/index.ts';

/** Like `1 environment` and `12 environments`. */
export const countText = (count: number): string =>
  `${count.toLocaleString()} ${count === 1 ? 'environment' : 'environments'}`;

/** What kind of a sweep it is. */
export const kindOf = ({ dryRun, approvedSweepId }: Pick<SweepSummary, 'dryRun' | 'approvedSweepId'>): string =>
  dryRun ? 'dry run' : approvedSweepId === null ? 'sweep' : 'approved sweep';

/** Whether a person can approve what it would have deleted. */
export const isApprovable = ({ state, dryRun }: Pick<SweepSummary, 'state' | 'dryRun'>): boolean =>
  state === 'stopped' && !dryRun;

type List = keyof Sweep['lists'];

interface ListText {
  title: string;
  /** the title in a dry run */
  dryTitle: string;
  about: string;
}

/** What each list of a sweep has. */
export const listTexts: Record<List, ListText> = {
  tearDown: {
    title: 'Teardown requested',
    dryTitle: 'Teardown would be requested',
    about: 'The lease has expired, the environment was marked, and the grace period has ended.',
  },
  due: {
    title: 'Due',
    dryTitle: 'Due',
    about: 'The lease and the grace period have ended. They are deleted only after an approval.',
  },
  mark: {
    title: 'Marked',
    dryTitle: 'Would be marked',
    about: 'The lease has expired: the grace period begins.',
  },
  waiting: { title: 'Waiting', dryTitle: 'Would wait', about: 'The lease has expired, but it is not time to delete.' },
  skipped: {
    title: 'Skipped',
    dryTitle: 'Would be skipped',
    about: "The tags of the group and the environment's workflow do not agree.",
  },
  recover: {
    title: 'Workflow started again',
    dryTitle: 'Workflow would be started again',
    about: 'The group has valid tags, but the environment has no workflow.',
  },
  repair: {
    title: 'Tags written again',
    dryTitle: 'Tags would be written again',
    about: 'Tags of the group were removed or cannot be read.',
  },
  altered: {
    title: 'Seal missing or changed',
    dryTitle: 'Seal missing or changed',
    about: 'Moat never changes these groups: a person must examine them.',
  },
  foreign: {
    title: 'Of another installation',
    dryTitle: 'Of another installation',
    about: 'Moat never changes these groups.',
  },
};

/** The lists of what is deleted. */
export const deletedLists: readonly List[] = ['tearDown', 'due'];
/** The lists of what is repaired. */
export const repairedLists: readonly List[] = ['recover', 'repair'];
/** The lists of what is kept. */
export const keptLists: readonly List[] = ['mark', 'waiting', 'skipped', 'altered', 'foreign'];

/** How many environments were kept because their lease has not expired; undefined where the lists do not show it. */
export function activeCount({ ownedCount, counts, state, approvedSweepId }: SweepSummary): number | undefined {
  if (state !== 'completed' || approvedSweepId !== null) return undefined;
  const { repair, mark, tearDown, waiting, skipped } = counts;
  return Math.max(0, ownedCount - repair - mark - tearDown - waiting - skipped);
}
