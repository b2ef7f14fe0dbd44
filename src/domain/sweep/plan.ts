import { parseInstant, isProtectedTag } from '../lease.ts';
import type { FoundGroup, SweepInputs, SweepPolicy, EnvironmentView } from './inputs.ts';
import { stopReasons } from './stopReasons.ts';
import type { StopReason } from './stopReasons.ts';

/** One environment in a sweep, and why it is in that list. */
export interface SweepEntry {
  /** the environment's name, or the group's where it tells none */
  name: string;
  subscriptionId: string;
  owner: string | null;
  expiresAt: string | null;
  reason: string;
}

/** What a sweep does. Whatever is in no list stands untouched. */
export interface SweepPlan {
  /** sealed groups without a workflow, which get one from their tags before anything else */
  recover: SweepEntry[];
  /** leases that are over: told, and given their grace */
  mark: SweepEntry[];
  /** environments told to tear themselves down, oldest lease first, no more than the cap */
  tearDown: SweepEntry[];
  /** over, and yet left for now */
  waiting: SweepEntry[];
  /** tag and workflow disagree, or the tag cannot be read */
  skipped: SweepEntry[];
  /** not this installation's: never touched */
  foreign: SweepEntry[];
  /** sealed groups in all */
  ownedCount: number;
  /** unlike ordinary expiry: nothing is done; the list is what was due */
  stop: { reasons: StopReason[]; list: SweepEntry[] } | null;
}

/** Names an entry across sweeps. */
export const entryKey = ({ subscriptionId, name }: Pick<SweepEntry, 'subscriptionId' | 'name'>): string =>
  `${subscriptionId.toLowerCase()}/${name}`;

type Verdict = 'mark' | 'due' | 'waiting' | 'skipped' | 'standing';

interface Judged {
  verdict: Verdict;
  orphan: boolean;
  /** tag and workflow tell different leases */
  disagrees: boolean;
  /** a teardown is at work on it */
  leaving: boolean;
  /** since when the lease is over, ms */
  overSince: number;
  entry: SweepEntry;
}

const utc = (instant: number): string => new Date(instant).toISOString();

/**
 * Decides what a sweep does. Pure: the same facts give the same plan, and a dry run is this plan without its deeds.
 * What is deleted for its age is sealed, not protected, over by our clock and ARM's, by its tag and its workflow, and
 * was marked a whole grace ago.
 */
export function planSweep(facts: SweepInputs): SweepPlan {
  const approved = facts.approved && new Set(facts.approved);
  const foreign = facts.found.filter(({ sealed, name }) => !sealed || name === null).map(foreignEntry);
  const sealed = facts.found.filter((group) => group.sealed && group.name !== null);
  const judged = judgeAll(facts, facts.policy, sealed);
  const chosen = approved ? judged.filter(({ entry }) => approved.has(entryKey(entry))) : judged;
  const due = oldestFirst(chosen);
  const budget = budgetOf(facts.policy, judged);
  const tearDown = due.slice(0, budget);
  const of = (verdict: Verdict): SweepEntry[] => chosen.filter((one) => one.verdict === verdict).map(entryOf);

  const plan: SweepPlan = {
    recover: chosen.filter(({ orphan }) => orphan).map(({ entry }) => ({ ...entry, reason: 'it has no workflow' })),
    mark: of('mark'),
    tearDown: tearDown.map(entryOf),
    waiting: [
      ...of('waiting'),
      ...due.slice(budget).map(({ entry }) => ({
        ...entry,
        reason: `${entry.reason}; later: a sweep tears down ${budget} now`,
      })),
    ],
    skipped: of('skipped'),
    foreign,
    ownedCount: sealed.length,
    stop: null,
  };
  if (approved) return plan;

  const before = facts.lastPolicy && oldestFirst(judgeAll(facts, facts.lastPolicy, sealed));
  const reasons = stopReasons(facts, {
    ownedCount: sealed.length,
    due: due.length,
    disagreements: judged.filter(({ disagrees }) => disagrees).length,
    tearDown: tearDown.map(({ entry }) => entryKey(entry)),
    tearDownBefore:
      facts.lastPolicy && before
        ? before.slice(0, budgetOf(facts.lastPolicy, judged)).map(({ entry }) => entryKey(entry))
        : null,
  });
  if (reasons.length === 0) return plan;
  return { ...plan, recover: [], mark: [], tearDown: [], stop: { reasons, list: due.map(entryOf) } };
}

const entryOf = ({ entry }: Judged): SweepEntry => entry;
const oldestFirst = (judged: readonly Judged[]): Judged[] =>
  judged.filter(({ verdict }) => verdict === 'due').toSorted((a, b) => a.overSince - b.overSince);

/** How many teardowns may begin: the cap, less those at work, so that sweeps side by side keep it together. */
function budgetOf({ cap }: SweepPolicy, judged: readonly Judged[]): number {
  const most = cap ?? Math.max(5, Math.floor(judged.length / 5));
  return Math.max(0, most - judged.filter(({ leaving }) => leaving).length);
}

function foreignEntry({ name, group, subscriptionId, owner, expiresAt, sealed }: FoundGroup): SweepEntry {
  const reason = sealed
    ? `${group} is not the name of an environment's group`
    : `${group} does not carry this installation's seal for this subscription and name`;
  return { name: name ?? group, subscriptionId, owner, expiresAt, reason };
}

/** A verdict on every sealed group. Of two groups with one environment's name the one with the workflow, else the first, has it. */
function judgeAll(facts: SweepInputs, policy: SweepPolicy, sealed: readonly FoundGroup[]): Judged[] {
  const swept = new Set(policy.subscriptionIds.map((id) => id.toLowerCase()));
  const taken = new Set<string>();
  return sealed.map((group) => {
    const name = group.name!;
    const view = facts.views.get(name);
    const other = view?.subscriptionId && !same(view.subscriptionId, group.subscriptionId);
    const elsewhere = other || taken.has(name);
    if (!elsewhere) taken.add(name);
    const { subscriptionId, owner, expiresAt } = group;
    const judge = (verdict: Verdict, reason: string, more: Partial<Judged> = {}): Judged => ({
      verdict,
      orphan:
        view === undefined &&
        !elsewhere &&
        swept.has(subscriptionId.toLowerCase()) &&
        parseInstant(expiresAt) !== undefined,
      disagrees: false,
      leaving: false,
      overSince: parseInstant(expiresAt) ?? Infinity,
      entry: { name, subscriptionId, owner, expiresAt, reason },
      ...more,
    });
    if (!swept.has(subscriptionId.toLowerCase())) return judge('standing', 'its subscription is not swept');
    if (elsewhere) return judge('skipped', 'an environment of this name lives in another subscription');
    return judgeLease({ ...facts, policy }, group, view, judge);
  });
}

function judgeLease(
  { now, armNow, policy }: SweepInputs,
  group: FoundGroup,
  view: EnvironmentView | undefined,
  judge: (verdict: Verdict, reason: string, more?: Partial<Judged>) => Judged,
): Judged {
  // over by both clocks
  const time = Math.min(now, armNow);
  if (view && (view.state === 'deleting' || view.state === 'blocked'))
    return judge('waiting', `it is ${view.state} already`, { leaving: view.state === 'deleting' });
  const expiresAt = parseInstant(group.expiresAt);
  if (expiresAt === undefined)
    return judge('skipped', `its tag does not tell when its lease is over: ${group.expiresAt ?? 'there is none'}`, {
      disagrees: view !== undefined,
    });
  if (view && (parseInstant(view.expiresAt) !== expiresAt || view.protected !== isProtectedTag(group.protected)))
    return judge(
      'skipped',
      `tag and workflow disagree: ${told(group)} by its tags, ${toldByWorkflow(view)} by its workflow`,
      {
        disagrees: true,
      },
    );
  if (expiresAt > time) return judge('standing', `its lease lasts until ${utc(expiresAt)}`);
  const over = `its lease is over since ${utc(expiresAt)}`;
  if (isProtectedTag(group.protected)) return judge('waiting', `${over}; protected: ${group.protected}`);
  const marks = [group.markedAt, ...(view ? [view.markedAt] : [])].map(parseInstant);
  // a mark from before the lease's end is one of an earlier lease
  if (!marks.every((mark) => mark !== undefined && mark >= expiresAt)) return judge('mark', over);
  const graceOver = Math.max(...marks.map(Number)) + policy.graceMs;
  return graceOver > time
    ? judge('waiting', `${over}; its grace lasts until ${utc(graceOver)}`)
    : judge('due', `${over}, its grace since ${utc(graceOver)}`);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const lease = (expiresAt: string | null, isProtected: boolean): string =>
  `until ${expiresAt}${isProtected ? ', protected' : ''}`;
const told = (group: FoundGroup): string => lease(group.expiresAt, isProtectedTag(group.protected));
const toldByWorkflow = (view: EnvironmentView): string => lease(view.expiresAt, view.protected);
