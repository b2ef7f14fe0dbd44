import { parseInstant, isProtectedTag } from '../lease.ts';
import { capOf, defaultCap, defaultDailyCap } from './caps.ts';
import { entryKey } from './entry.ts';
import type { SweepEntry } from './entry.ts';
import { alteredEntry, foreignEntry, isAltered } from './foreignGroups.ts';
import type { FoundGroup, SweepInputs, SweepPolicy, EnvironmentView } from './inputs.ts';
import { longestGapMs, stopReasons } from './stopReasons.ts';
import type { StopReason } from './stopReasons.ts';

/** The actions of a sweep. An environment that is in no list remains unchanged. */
export interface SweepPlan {
  /** sealed groups without a workflow: one is started from their tags, before any other action */
  recover: SweepEntry[];
  /** environments whose workflow has the lease, but whose tags were removed or cannot be read: the workflow writes them */
  repair: SweepEntry[];
  /** environments with an expired lease: a webhook event is sent and their grace period starts */
  mark: SweepEntry[];
  /** environments whose teardown is requested, earliest expiry first, at most the cap */
  tearDown: SweepEntry[];
  /** expired, but not torn down by this sweep */
  waiting: SweepEntry[];
  /** tags and workflow hold different leases, or the expiry tag of an orphan is invalid */
  skipped: SweepEntry[];
  /** the seal of an environment's group is missing or was altered: never changed, a person must look */
  altered: SweepEntry[];
  /** groups of other installations: never changed */
  foreign: SweepEntry[];
  /** number of sealed groups */
  ownedCount: number;
  /** a safety check stopped the sweep: no action; `list` has the environments that are due */
  stop: { reasons: StopReason[]; list: SweepEntry[] } | null;
}

type Verdict = 'repair' | 'mark' | 'due' | 'waiting' | 'skipped' | 'active';

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
 * When sweeps last resumed after an interruption: now, if one was missed; null: never. Nobody saw a mark, or could renew, while Moat was
 * down, so a mark from before that time has no effect and the grace period restarts.
 */
export function resumedAt({ now, timing, lastReal }: SweepInputs): number | null {
  if (!lastReal) return null;
  return now - lastReal.at > longestGapMs(timing, lastReal.timing) ? now : lastReal.resumedAt;
}

/**
 * Plans a sweep. Pure: equal inputs give equal plans, and a dry run returns the plan without executing it. An environment is torn down
 * only if its group is sealed, it is not protected, no run is provisioning it, its lease has expired by the worker's clock and by ARM's,
 * in the tags and in the workflow, and it was marked at least one grace period ago.
 */
export function planSweep(inputs: SweepInputs): SweepPlan {
  const approved = inputs.approved && new Set(inputs.approved);
  const sealed = inputs.found.filter(({ seal, name }) => seal === 'own' && name !== null);
  const others = inputs.found.filter((group) => !sealed.includes(group));
  const since = approved ? null : resumedAt(inputs);
  const assessments = assessAll(inputs, inputs.policy, sealed, since);
  const chosen = approved ? assessments.filter(({ entry }) => approved.has(entryKey(entry))) : assessments;
  const due = oldestFirst(chosen);
  const budget = budgetOf(inputs, inputs.policy, assessments);
  const of = (verdict: Verdict): SweepEntry[] => chosen.filter((one) => one.verdict === verdict).map(entryOf);

  const plan: SweepPlan = {
    recover: chosen
      .filter(({ orphan }) => orphan)
      .map(({ entry }) => ({ ...entry, reason: 'the environment has no workflow' })),
    repair: of('repair'),
    mark: of('mark'),
    tearDown: due.slice(0, budget).map(entryOf),
    waiting: [
      ...of('waiting'),
      ...due.slice(budget).map(({ entry }) => ({
        ...entry,
        reason: `${entry.reason}; deferred: this sweep may tear down ${budget}`,
      })),
    ],
    skipped: of('skipped'),
    altered: others.filter((group) => isAltered(inputs.views, group)).map(alteredEntry),
    foreign: others.filter((group) => !isAltered(inputs.views, group)).map(foreignEntry),
    ownedCount: sealed.length,
    stop: null,
  };
  return approved ? plan : stopIfUnusual(inputs, plan, assessments, since);
}

/** The plan without its actions where a safety check stops the sweep. */
function stopIfUnusual(
  inputs: SweepInputs,
  plan: SweepPlan,
  assessments: readonly Assessment[],
  since: number | null,
): SweepPlan {
  const sealed = inputs.found.filter(({ seal, name }) => seal === 'own' && name !== null);
  // what an interruption has left to be torn down, although its grace period restarts
  const overdue = since === inputs.now ? oldestFirst(assessAll(inputs, inputs.policy, sealed, null)) : null;
  const due = overdue ?? oldestFirst(assessments);
  const { lastPolicy } = inputs;
  const before = lastPolicy && oldestFirst(assessAll(inputs, lastPolicy, sealed, since));
  const reasons = stopReasons(inputs, {
    ownedCount: sealed.length,
    due: due.length,
    disagreements: assessments.filter(({ disagrees }) => disagrees).length,
    tearDown: plan.tearDown.map(entryKey),
    tearDownBefore:
      lastPolicy && before
        ? before.slice(0, budgetOf(inputs, lastPolicy, assessments)).map(({ entry }) => entryKey(entry))
        : null,
  });
  if (reasons.length === 0) return plan;
  return { ...plan, recover: [], repair: [], mark: [], tearDown: [], stop: { reasons, list: due.map(entryOf) } };
}

const entryOf = ({ entry }: Assessment): SweepEntry => entry;
const oldestFirst = (assessments: readonly Assessment[]): Assessment[] =>
  assessments.filter(({ verdict }) => verdict === 'due').toSorted((a, b) => a.expiredAt - b.expiredAt);

/**
 * Number of teardowns that may start: the cap less the teardowns in progress, so that successive sweeps do not exceed it together; and at
 * most the remainder of the daily cap. A person who approves a list has decided about the day.
 */
function budgetOf(
  { recentTeardowns, approved }: SweepInputs,
  { cap, dailyCap }: SweepPolicy,
  assessments: readonly Assessment[],
): number {
  const { length } = assessments;
  const inProgress = assessments.filter(({ beingDeleted }) => beingDeleted).length;
  const thisSweep = (cap ?? capOf(defaultCap, length)) - inProgress;
  const thisDay = (dailyCap ?? capOf(defaultDailyCap, length + recentTeardowns)) - recentTeardowns;
  return Math.max(0, approved ? thisSweep : Math.min(thisSweep, thisDay));
}

/** Assesses every sealed group. Of two groups with one environment's name, the group of the workflow's subscription counts, else the first. */
function assessAll(
  inputs: SweepInputs,
  policy: SweepPolicy,
  sealed: readonly FoundGroup[],
  since: number | null,
): Assessment[] {
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
    return assessLease({ ...inputs, policy, since }, group, view, assess);
  });
}

function assessLease(
  { now, armNow, policy, since }: SweepInputs & { since: number | null },
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
    return assess(view ? 'repair' : 'skipped', `invalid expiry tag: ${group.expiresAt ?? 'missing'}`);
  if (view?.protected && group.protected === null)
    return assess('repair', 'the environment is protected, but the tag that says so is missing');
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
  if (view?.state === 'provisioning') return assess('waiting', `${expired}; a run is in progress`);
  const marks = [group.markedAt, ...(view ? [view.markedAt] : [])].map(parseInstant);
  // a mark that is older than the expiry belongs to an earlier lease
  const validFrom = Math.max(expiresAt, since ?? 0);
  if (!marks.every((mark) => mark !== undefined && mark >= validFrom)) return assess('mark', expired);
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
