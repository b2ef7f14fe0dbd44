import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryKey } from '../../src/domain/sweep/entry.ts';
import { planSweep } from '../../src/domain/sweep/plan.ts';
import type { SweepInputs, SweepPolicy, EnvironmentView } from '../../src/domain/sweep/inputs.ts';
import { groupOf, hour, minute, start, subscriptionId, utc, viewOf, viewsOf } from './sweepFixtures.ts';
import type { TestEnvironment } from './sweepFixtures.ts';

/** Number of generated cases; `SWEEP_CASES=100000 npx vitest run test/domain/sweepProperties.test.ts` for the full number. */
const cases = Number(process.env['SWEEP_CASES'] ?? 4_000);
const most = { numRuns: Math.ceil(cases * 0.8) };
const few = { numRuns: Math.ceil(cases * 0.1) };

const minutesIn = (min: number, max: number) => fc.integer({ min, max }).map((minutes) => minutes * minute);
const spread = minutesIn(-72 * 60, 72 * 60);
/** `usual` is generated `times` times as often as `other`. */
const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>, times = 8): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight: times }, { arbitrary: other, weight: 1 });
const often = <T>(usual: T, ...others: T[]) => mostly(fc.constant(usual), fc.constantFrom(...others), 10);

const subscriptions = { ours: subscriptionId, unswept: 'unswept', foreign: subscriptionId };

/** An environment, and changes from outside to its group's tags or its workflow. */
const situation = fc.record({
  lease: fc.oneof(spread, minutesIn(-72 * 60, 0)),
  /** ms, relative to the end of the lease */
  mark: mostly<number | null>(minutesIn(0, 48 * 60), fc.constantFrom(null, -hour), 3),
  protected: often(false, true),
  sealed: often(true, false),
  renamed: often(false, true),
  subscription: often<keyof typeof subscriptions>('ours', 'unswept', 'foreign'),
  workflow: often('same', 'none', 'renewed', 'protected', 'elsewhere'),
  tag: often('same', 'renewed', 'shortened', 'unprotected', 'local', 'missing'),
  state: often<EnvironmentView['state']>('ready', 'expired', 'failed', 'provisioning', 'deleting', 'blocked'),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

interface GeneratedEnvironment {
  group: SweepInputs['found'][number];
  view: EnvironmentView | undefined;
  /** latest expiry among tag and workflow, ms */
  mayLiveUntil: number;
  /** time of the mark, ms; infinite without one */
  markedSince: number;
  untouchable: boolean;
}

function generate(one: Situation, i: number): GeneratedEnvironment {
  const environment: TestEnvironment = {
    name: `env${i}`,
    expiresAt: start + one.lease,
    markedAt: one.mark === null ? null : start + one.lease + one.mark,
    protected: one.protected,
    state: one.state,
  };
  const later = start + 999 * hour;
  const group = {
    ...groupOf(environment),
    subscriptionId: subscriptions[one.subscription],
    seal: one.sealed && one.subscription !== 'foreign' ? ('own' as const) : ('foreign' as const),
    ...(one.renamed ? { name: null } : {}),
    ...(one.tag === 'renewed' ? { expiresAt: utc(later) } : {}),
    ...(one.tag === 'shortened' ? { expiresAt: utc(start - 999 * hour) } : {}),
    ...(one.tag === 'unprotected' ? { protected: null } : {}),
    ...(one.tag === 'local' ? { expiresAt: utc(environment.expiresAt).slice(0, -1) } : {}),
    ...(one.tag === 'missing' ? { expiresAt: null } : {}),
  };
  const seen = {
    ...viewOf(environment),
    ...(one.workflow === 'renewed' ? { expiresAt: utc(later) } : {}),
    ...(one.workflow === 'protected' ? { protected: true } : {}),
    ...(one.workflow === 'elsewhere' ? { subscriptionId: 'elsewhere' } : {}),
  };
  const view = one.workflow === 'none' ? undefined : seen;
  const tagExpiresAt = one.tag === 'local' || one.tag === 'missing' ? Infinity : Date.parse(group.expiresAt!);
  return {
    group,
    view,
    mayLiveUntil: Math.max(tagExpiresAt, view ? Date.parse(view.expiresAt) : -Infinity),
    markedSince: environment.markedAt ?? Infinity,
    untouchable:
      group.seal !== 'own' ||
      one.renamed ||
      one.subscription !== 'ours' ||
      one.workflow === 'elsewhere' ||
      (group.protected !== null && group.protected !== '') ||
      view?.protected === true ||
      view?.state === 'deleting' ||
      view?.state === 'blocked',
  };
}

const policy: fc.Arbitrary<SweepPolicy> = fc.record({
  graceMs: fc.integer({ min: 0, max: 48 }).map((hours) => hours * hour),
  cap: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 2 }),
  dailyCap: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 4 }),
  subscriptionIds: fc.constant([subscriptionId]),
});
const timing = { intervalMs: hour, catchUpMs: hour };
const clock = mostly(minutesIn(-4, 4), spread);

const sweep = fc.record({
  all: fc.array(situation, { maxLength: 40, size: 'max' }),
  policy,
  lastPolicy: mostly<'same' | SweepPolicy | null>(fc.constant('same'), fc.option(policy), 4),
  skew: clock,
  last: mostly<number | null>(fc.constant(-hour), fc.option(spread)),
  approve: mostly<number[] | null>(fc.constant(null), fc.array(fc.nat({ max: 39 }), { maxLength: 40, size: 'max' }), 3),
});

it('no sweep marks or tears down what is unexpired, protected, foreign or unsealed', () => {
  fc.assert(
    fc.property(sweep, ({ all, policy: own, lastPolicy, skew, last, approve }) => {
      const generated = all.map(generate);
      const inputs: SweepInputs = {
        now: start,
        armNow: start + skew,
        policy: own,
        timing,
        last: last === null ? null : { at: start + last, timing },
        lastReal: last === null ? null : { at: start + last, timing, resumedAt: null },
        recentTeardowns: 0,
        lastPolicy: lastPolicy === 'same' ? own : lastPolicy,
        found: generated.map(({ group }) => group),
        views: viewsOf(generated.flatMap(({ view }) => view ?? [])),
        approved: approve && approve.map((i) => entryKey({ subscriptionId, name: `env${i}` })),
      };
      const plan = planSweep(inputs);
      const earliest = Math.min(inputs.now, inputs.armNow);
      const byName = new Map(generated.map((one) => [one.group.name ?? one.group.group, one]));
      const cap = own.cap ?? Math.max(5, generated.length / 5);

      expect(plan.tearDown.length).toBeLessThanOrEqual(cap);
      for (const entry of [...plan.mark, ...plan.tearDown]) {
        const one = byName.get(entry.name)!;
        expect([entry, one.untouchable]).toEqual([entry, false]);
        expect(one.mayLiveUntil).toBeLessThanOrEqual(earliest);
      }
      for (const { name } of plan.tearDown) {
        const { markedSince, mayLiveUntil } = byName.get(name)!;
        expect(markedSince).toBeGreaterThanOrEqual(mayLiveUntil);
        expect(markedSince + own.graceMs).toBeLessThanOrEqual(earliest);
      }
      for (const { name } of plan.recover)
        expect(byName.get(name)).toMatchObject({ group: { seal: 'own' }, view: undefined });
      if (approve) for (const entry of plan.tearDown) expect(inputs.approved).toContain(entryKey(entry));
      if (plan.stop) expect([plan.recover, plan.mark, plan.tearDown]).toEqual([[], [], []]);
      if (!approve && Math.abs(skew) > 5 * minute) expect(plan.stop).not.toBeNull();
      const due = plan.tearDown.length + plan.waiting.filter(({ reason }) => reason.includes('; deferred')).length;
      if (!approve && plan.stop === null) expect(due).toBeLessThanOrEqual(Math.max(10, plan.ownedCount / 2));
      expect(planSweep(inputs), 'the same inputs give the same plan').toEqual(plan);
    }),
    most,
  );
});

/** The lifetime of an environment: created, renewed, protected for a while. Times are in minutes from the first sweep. */
const lifetime = fc.record({
  createdAt: fc.integer({ min: 0, max: 3000 }),
  ttl: fc.integer({ min: 1, max: 1500 }),
  renewals: fc.array(fc.record({ at: fc.integer({ min: 0, max: 4000 }), ttl: fc.integer({ min: 1, max: 1500 }) }), {
    maxLength: 3,
  }),
  protection: fc.option(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 2000 })), { freq: 4 }),
  losesWorkflow: often(false, true),
});
const timings = fc.record({
  interval: fc.integer({ min: 10, max: 300 }),
  grace: fc.integer({ min: 0, max: 600 }),
  /** time of the first sweep: near a change of daylight saving time, or not */
  zero: fc
    .constantFrom('2026-03-29T00:00:00Z', '2026-10-25T00:00:00Z', '2026-11-23T00:00:00Z')
    .map((time) => Date.parse(time)),
});

interface Teardown {
  /** time of the teardown, minutes */
  at: number;
  /** when its last lease had expired and it was not protected, minutes */
  dueAt: number;
}

/** Runs sweeps at these minutes and applies their plans immediately. */
function simulate(
  lifetimes: (typeof lifetime extends fc.Arbitrary<infer T> ? T : never)[],
  sweeps: readonly number[],
  of: { interval: number; grace: number; zero: number },
) {
  const every = { intervalMs: of.interval * minute, catchUpMs: of.interval * minute };
  const own = { graceMs: of.grace * minute, cap: 100, dailyCap: 1000, subscriptionIds: [subscriptionId] };
  const marks = new Map<string, number>();
  const teardowns = new Map<string, Teardown>();
  const stops: string[] = [];
  let last: SweepInputs['last'] = null;
  for (const minuteOfSweep of sweeps) {
    const now = of.zero + minuteOfSweep * minute;
    const existing = lifetimes.flatMap((one, i) => {
      const name = `env${i}`;
      if (one.createdAt > minuteOfSweep || teardowns.has(name)) return [];
      const renewals = one.renewals
        .filter(({ at }) => at > one.createdAt && at <= minuteOfSweep)
        .toSorted((a, b) => a.at - b.at);
      const renewal = renewals.at(-1);
      const expires = renewal ? renewal.at + renewal.ttl : one.createdAt + one.ttl;
      if (renewal && (marks.get(name) ?? Infinity) < renewal.at) marks.delete(name);
      const isProtected =
        one.protection !== null &&
        minuteOfSweep >= one.protection[0] &&
        minuteOfSweep < one.protection[0] + one.protection[1];
      const markedAt = marks.get(name);
      const environment: TestEnvironment = {
        name,
        expiresAt: of.zero + expires * minute,
        markedAt: markedAt === undefined ? null : of.zero + markedAt * minute,
        protected: isProtected,
      };
      return [{ environment, expires, orphan: one.losesWorkflow, protection: one.protection }];
    });
    const plan = planSweep({
      now,
      armNow: now,
      policy: own,
      timing: every,
      last,
      lastReal: last && { ...last, resumedAt: null },
      recentTeardowns: 0,
      lastPolicy: last ? own : null,
      found: existing.map(({ environment }) => groupOf(environment)),
      views: viewsOf(existing.filter(({ orphan }) => !orphan).map(({ environment }) => viewOf(environment))),
      approved: null,
    });
    last = { at: now, timing: every };
    if (plan.stop) stops.push(...plan.stop.reasons.map(({ code }) => code));
    for (const { name } of plan.mark) marks.set(name, minuteOfSweep);
    for (const { name } of plan.tearDown) {
      const { expires, protection } = existing.find(({ environment }) => environment.name === name)!;
      const released = protection && protection[0] <= minuteOfSweep ? protection[0] + protection[1] : 0;
      teardowns.set(name, { at: minuteOfSweep, dueAt: Math.max(expires, released) });
    }
  }
  return { teardowns, stops };
}

it('an expired environment is torn down after its grace period, within two further intervals', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { minLength: 1, maxLength: 10 }), timings, (lifetimes, of) => {
      const sweeps = Array.from({ length: Math.ceil(9000 / of.interval) + 4 }, (_, i) => i * of.interval);
      const { teardowns, stops } = simulate(lifetimes, sweeps, of);
      expect(stops).toEqual([]);
      expect(teardowns.size).toBe(lifetimes.length);
      for (const { at, dueAt } of teardowns.values()) {
        expect(at - dueAt).toBeLessThanOrEqual(of.grace + 2 * of.interval);
        expect(at).toBeGreaterThanOrEqual(dueAt);
      }
    }),
    few,
  );
});

it('a schedule that was missed for a day stops one sweep; the next ones catch up', () => {
  fc.assert(
    fc.property(
      fc.array(lifetime, { minLength: 1, maxLength: 10 }),
      timings,
      fc.integer({ min: 1, max: 20 }),
      (lifetimes, of, after) => {
        const outage = 1440 + 2 * of.interval;
        const sweeps = Array.from(
          { length: Math.ceil(9000 / of.interval) + 8 },
          (_, i) => i * of.interval + (i > after ? outage : 0),
        );
        const { teardowns, stops } = simulate(lifetimes, sweeps, of);
        expect(stops).toEqual(['ClockJump']);
        expect(teardowns.size).toBe(lifetimes.length);
        for (const { at, dueAt } of teardowns.values()) {
          expect(at).toBeGreaterThanOrEqual(dueAt);
          expect(at - dueAt).toBeLessThanOrEqual(of.grace + 4 * of.interval + outage);
        }
      },
    ),
    few,
  );
});
