import { parseInstant, isProtectedTag } from '../lease.ts';
import type { FoundGroup, SweepInputs, SweepPolicy, EnvironmentView } from './inputs.ts';
import { stopReasons } from './stopReasons.ts';
import type { StopReason } from './stopReasons.ts';

/** One environment in a sweep, with the reason why it is in its list. */
export interface SweepEntry {
  /** the environment's name, or the group's where that is not the name of an environment's group */
  name: string;
  subscriptionId: string;
  owner: string | null;
  expiresAt: string | null;
  reason: string;
}

/** The actions of a sweep. An environment that is in no list remains unchanged. */
export interface SweepPlan {
  /** sealed groups without a workflow: one is started from their tags, before any other action */
  recover: SweepEntry[];
  /** environments with an expired lease: a webhook event is sent and their grace period starts */
  mark: SweepEntry[];
  /** environments whose teardown is requested, earliest expiry first, at most the cap */
  tearDown: SweepEntry[];
  /** expired, but not torn down by this sweep */
  waiting: SweepEntry[];
  /** tags and workflow hold different leases, or the expiry tag is invalid */
  skipped: SweepEntry[];
  /** groups of other installations: never changed */
  foreign: SweepEntry[];
  /** number of sealed groups */
  ownedCount: number;
  /** a safety check stopped the sweep: no action; `list` has the environments that are due */
  stop: { reasons: StopReason[]; list: SweepEntry[] } | null;
}

/** Identifies an entry across sweeps. */
export const entryKey = ({ subscriptionId, name }: Pick<SweepEntry, 'subscriptionId' | 'name'>): string =>
  `${subscriptionId.toLowerCase()}/${name}`;

type Verdict = 'mark' | 'due' | 'waiting' | 'skipped' | 'active';

interface Assessment {
  verdict: Verdict;
  orphan: boolean;
  /** tags and workflow hold different leases */
  disagrees: boolean;
  /** its teardown is in progress */
  beingDeleted: boolean;
  /** ms since the epoch */
  expiredAt: number;
  entry: SweepEntry;
}

const utc = (instant: number): string => new Date(instant).toISOString();

/**
 * Plans a sweep. Pure: equal inputs give equal plans, and a dry run returns the plan without executing it. An environment is torn down
 * only if its group is sealed, it is not protected, its lease has expired by the worker's clock and by ARM's, in the tags and in the
 * workflow, and it was marked at least one grace period ago.
 */
export function planSweep(inputs: SweepInputs): SweepPlan {
  const approved = inputs.approved && new Set(inputs.approved);
  const foreign = inputs.found.filter(({ sealed, name }) => !sealed || name === null).map(foreignEntry);
  const sealed = inputs.found.filter((group) => group.sealed && group.name !== null);
  const assessments = assessAll(inputs, inputs.policy, sealed);
  const chosen = approved ? assessments.filter(({ entry }) => approved.has(entryKey(entry))) : assessments;
  const due = oldestFirst(chosen);
  const budget = budgetOf(inputs.policy, assessments);
  const tearDown = due.slice(0, budget);
  const of = (verdict: Verdict): SweepEntry[] => chosen.filter((one) => one.verdict === verdict).map(entryOf);

  const plan: SweepPlan = {
    recover: chosen
      .filter(({ orphan }) => orphan)
      .map(({ entry }) => ({ ...entry, reason: 'the environment has no workflow' })),
    mark: of('mark'),
    tearDown: tearDown.map(entryOf),
    waiting: [
      ...of('waiting'),
      ...due.slice(budget).map(({ entry }) => ({
        ...entry,
        reason: `${entry.reason}; deferred: this sweep may tear down ${budget}`,
      })),
    ],
    skipped: of('skipped'),
    foreign,
    ownedCount: sealed.length,
    stop: null,
  };
  if (approved) return plan;

  const before = inputs.lastPolicy && oldestFirst(assessAll(inputs, inputs.lastPolicy, sealed));
  const reasons = stopReasons(inputs, {
    ownedCount: sealed.length,
    due: due.length,
    disagreements: assessments.filter(({ disagrees }) => disagrees).length,
    tearDown: tearDown.map(({ entry }) => entryKey(entry)),
    tearDownBefore:
      inputs.lastPolicy && before
        ? before.slice(0, budgetOf(inputs.lastPolicy, assessments)).map(({ entry }) => entryKey(entry))
        : null,
  });
  if (reasons.length === 0) return plan;
  return { ...plan, recover: [], mark: [], tearDown: [], stop: { reasons, list: due.map(entryOf) } };
}

const entryOf = ({ entry }: Assessment): SweepEntry => entry;
const oldestFirst = (assessments: readonly Assessment[]): Assessment[] =>
  assessments.filter(({ verdict }) => verdict === 'due').toSorted((a, b) => a.expiredAt - b.expiredAt);

/** Number of teardowns that may start: the cap less the teardowns in progress, so that successive sweeps do not exceed it together. */
function budgetOf({ cap }: SweepPolicy, assessments: readonly Assessment[]): number {
  const maximum = cap ?? Math.max(5, Math.floor(assessments.length / 5));
  return Math.max(0, maximum - assessments.filter(({ beingDeleted }) => beingDeleted).length);
}

function foreignEntry({ name, group, subscriptionId, owner, expiresAt, sealed }: FoundGroup): SweepEntry {
  const reason = sealed
    ? `${group} is not the name of an environment's group`
    : `${group} does not carry this installation's seal for this subscription and name`;
  return { name: name ?? group, subscriptionId, owner, expiresAt, reason };
}

/** Assesses every sealed group. Of two groups with one environment's name, the group of the workflow's subscription counts, else the first. */
function assessAll(inputs: SweepInputs, policy: SweepPolicy, sealed: readonly FoundGroup[]): Assessment[] {
  const swept = new Set(policy.subscriptionIds.map((id) => id.toLowerCase()));
  const taken = new Set<string>();
  return sealed.map((group) => {
    const name = group.name!;
    const view = inputs.views.get(name);
    const inOtherSubscription = view && !same(view.subscriptionId, group.subscriptionId);
    const isDuplicate = inOtherSubscription || taken.has(name);
    if (!isDuplicate) taken.add(name);
    const { subscriptionId, owner, expiresAt } = group;
    const assess = (verdict: Verdict, reason: string, more: Partial<Assessment> = {}): Assessment => ({
      verdict,
      orphan:
        view === undefined &&
        !isDuplicate &&
        swept.has(subscriptionId.toLowerCase()) &&
        parseInstant(expiresAt) !== undefined,
      disagrees: false,
      beingDeleted: false,
      expiredAt: parseInstant(expiresAt) ?? Infinity,
      entry: { name, subscriptionId, owner, expiresAt, reason },
      ...more,
    });
    if (!swept.has(subscriptionId.toLowerCase())) return assess('active', 'sweeps do not cover its subscription');
    if (isDuplicate) return assess('skipped', 'an environment of this name exists in another subscription');
    return assessLease({ ...inputs, policy }, group, view, assess);
  });
}

function assessLease(
  { now, armNow, policy }: SweepInputs,
  group: FoundGroup,
  view: EnvironmentView | undefined,
  assess: (verdict: Verdict, reason: string, more?: Partial<Assessment>) => Assessment,
): Assessment {
  // a lease has expired only if it has by both clocks
  const time = Math.min(now, armNow);
  if (view && (view.state === 'deleting' || view.state === 'blocked'))
    return assess('waiting', `it is already ${view.state}`, { beingDeleted: view.state === 'deleting' });
  const expiresAt = parseInstant(group.expiresAt);
  if (expiresAt === undefined)
    return assess('skipped', `invalid expiry tag: ${group.expiresAt ?? 'missing'}`, {
      disagrees: view !== undefined,
    });
  if (view && (parseInstant(view.expiresAt) !== expiresAt || view.protected !== isProtectedTag(group.protected)))
    return assess(
      'skipped',
      `tags and workflow hold different leases: ${leaseOfTags(group)} in the tags, ${leaseOfWorkflow(view)} in the workflow`,
      {
        disagrees: true,
      },
    );
  if (expiresAt > time) return assess('active', `lease expires at ${utc(expiresAt)}`);
  const expired = `lease expired at ${utc(expiresAt)}`;
  if (isProtectedTag(group.protected)) return assess('waiting', `${expired}; protected: ${group.protected}`);
  const marks = [group.markedAt, ...(view ? [view.markedAt] : [])].map(parseInstant);
  // a mark that is older than the expiry belongs to an earlier lease
  if (!marks.every((mark) => mark !== undefined && mark >= expiresAt)) return assess('mark', expired);
  const graceEndsAt = Math.max(...marks.map(Number)) + policy.graceMs;
  return graceEndsAt > time
    ? assess('waiting', `${expired}; grace period ends at ${utc(graceEndsAt)}`)
    : assess('due', `${expired}; grace period ended at ${utc(graceEndsAt)}`);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const leaseText = (expiresAt: string | null, isProtected: boolean): string =>
  `until ${expiresAt}${isProtected ? ', protected' : ''}`;
const leaseOfTags = (group: FoundGroup): string => leaseText(group.expiresAt, isProtectedTag(group.protected));
const leaseOfWorkflow = (view: EnvironmentView): string => leaseText(view.expiresAt, view.protected);
