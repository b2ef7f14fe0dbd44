import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expiresAfter, parseInstant } from '../../src/domain/lease.ts';
import { planSweep, resumedAt } from '../../src/domain/sweep/plan.ts';
import type { SweepPlan } from '../../src/domain/sweep/plan.ts';
import {
  dueEnvironments,
  groupOf,
  hour,
  liveEnvironments,
  minute,
  start,
  sweepInputsOf,
  utc,
  viewOf,
  viewsOf,
} from '../domain/sweepFixtures.ts';
import type { TestEnvironment } from '../domain/sweepFixtures.ts';

const namesOf = (entries: SweepPlan['mark']): string[] => entries.map(({ name }) => name);
const planOf = (...args: Parameters<typeof sweepInputsOf>): SweepPlan => planSweep(sweepInputsOf(...args));
const codes = ({ stop }: SweepPlan): string[] => stop?.reasons.map(({ code }) => code) ?? [];

describe('W01', () => {
  test('W01 300 groups that a settings change makes due stop the sweep; the list awaits a person', () => {
    const { policy } = sweepInputsOf([]);
    const plan = planOf([...dueEnvironments(300), ...liveEnvironments(400)], {
      lastPolicy: { ...policy, graceMs: 48 * hour },
    });
    expect([codes(plan), plan.tearDown, plan.mark, plan.stop!.list.length]).toEqual([['PolicyChanged'], [], [], 300]);
  });

  test('W01 all sweeps of a day together tear down half of the environments at most', () => {
    const all = [...dueEnvironments(40), ...liveEnvironments(60)];
    expect(planOf(all).tearDown).toHaveLength(20);
    expect(planOf(all, { recentTeardowns: 65 }).tearDown).toHaveLength(17);
    const used = planOf(all, { recentTeardowns: 100 });
    expect([used.tearDown, used.waiting.length]).toEqual([[], 40]);
    expect(used.waiting[0]!.reason).toContain('this sweep may tear down 0');
    const { policy } = sweepInputsOf([]);
    const capped = { ...policy, dailyCap: 3 };
    expect(planOf(all, { policy: capped, lastPolicy: capped, recentTeardowns: 1 }).tearDown).toHaveLength(2);
  });

  test.each([
    ['missing', 'seal missing'],
    ['altered', 'seal altered'],
    ['foreign', 'seal altered'],
  ] as const)('W01 a group whose seal is %s is reported as "%s" and never touched', (seal, reason) => {
    const environment = dueEnvironments(1)[0]!;
    const plan = planOf([environment], { found: [{ ...groupOf(environment), seal }] });
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [], foreign: [] });
    expect(plan.altered).toMatchObject([{ name: 'due0', reason: expect.stringContaining(reason) as string }]);
  });
});

test('W03 an environment that a run is provisioning waits, even with a lease that expired long ago', () => {
  const plan = planOf([{ ...dueEnvironments(1)[0]!, state: 'provisioning' }]);
  expect([plan.tearDown, plan.mark]).toEqual([[], []]);
  expect(plan.waiting).toMatchObject([{ name: 'due0', reason: expect.stringContaining('a run is in progress') }]);
});

test('W06 a removed or unreadable expiry tag is written again from the workflow, and never means deletion', () => {
  const environment = dueEnvironments(1)[0]!;
  for (const expiresAt of [null, '2026-11-2']) {
    const found = [{ ...groupOf(environment), expiresAt }];
    expect(planOf([environment], { found })).toMatchObject({ repair: [{ name: 'due0' }], tearDown: [], stop: null });
    expect(planOf([environment], { found, views: new Map() })).toMatchObject({
      skipped: [{ name: 'due0' }],
      recover: [],
      tearDown: [],
    });
  }
  const unprotected = { ...environment, protected: true };
  const found = [{ ...groupOf(unprotected), protected: null }];
  expect(planOf([unprotected], { found })).toMatchObject({ repair: [{ name: 'due0' }], tearDown: [] });
});

describe('W10', () => {
  const before = process.env['TZ'];
  beforeAll(() => void (process.env['TZ'] = 'Europe/Berlin'));
  afterAll(() => void (before === undefined ? delete process.env['TZ'] : (process.env['TZ'] = before)));

  test('W10 the end of summer time in Berlin neither shortens a ttl nor a grace period', () => {
    const change = Date.parse('2026-10-25T00:30:00Z');
    expect(new Date(change + hour).getTimezoneOffset()).not.toBe(new Date(change).getTimezoneOffset());
    expect(parseInstant(expiresAfter(change, '2h'))).toBe(Date.parse('2026-10-25T02:30:00Z'));
    const { timing, policy } = sweepInputsOf([]);
    const environment: TestEnvironment = { name: 'churn1', expiresAt: change - minute };
    const outcomes: string[] = [];
    for (let now = change; now <= change + 2 * hour; now += hour) {
      const last = { at: now - hour, timing };
      const plan = planOf([environment], { now, armNow: now, last, lastReal: { ...last, resumedAt: null }, policy });
      expect(plan.stop).toBeNull();
      outcomes.push(plan.mark.length > 0 ? 'mark' : plan.tearDown.length > 0 ? 'tearDown' : 'wait');
      if (plan.mark.length > 0) environment.markedAt = now;
    }
    expect(outcomes).toEqual(['mark', 'wait', 'tearDown']);
  });
});

describe('W11', () => {
  const timing = { intervalMs: hour, catchUpMs: hour };
  const outage = { at: start - 72 * hour, timing };
  const interrupted = { last: outage, lastReal: { ...outage, resumedAt: null } };
  /** marked before the outage, and due during it */
  const marked = Array.from({ length: 12 }, (_, i) => ({
    name: `due${i}`,
    expiresAt: start - 74 * hour,
    markedAt: start - 73 * hour,
  }));

  test('W11 the first sweep after three days of outage stops, and lists what is overdue', () => {
    const plan = planOf(marked, interrupted);
    expect(codes(plan)).toEqual(['ClockJump', 'TooManyDue']);
    expect([plan.tearDown, plan.mark, plan.stop!.list.length]).toEqual([[], [], 12]);
    expect(resumedAt(sweepInputsOf(marked, interrupted))).toBe(start);
  });

  const at = (now: number, environments: readonly TestEnvironment[]): SweepPlan => {
    const last = { at: now - hour, timing };
    return planOf(environments, { now, armNow: now, last, lastReal: { ...last, resumedAt: start } });
  };

  test('W11 the next sweeps restart the grace period, and tear down only after it', () => {
    const next = at(start + hour, marked);
    expect([next.stop, next.mark.length, next.tearDown]).toEqual([null, 12, []]);
    const again = marked.slice(0, 3).map((one) => ({ ...one, markedAt: start + hour }));
    expect(at(start + 2 * hour, again).tearDown).toEqual([]);
    expect(namesOf(at(start + 3 * hour, again).tearDown)).toEqual(['due0', 'due1', 'due2']);
  });

  test('W11 a person who approves the list has seen it: its environments are torn down, up to the cap', () => {
    const approved = marked.map(({ name }) => `${groupOf(marked[0]!).subscriptionId}/${name}`);
    expect(planOf(marked, { ...interrupted, approved }).tearDown).toHaveLength(5);
  });
});

test('W07 the plan of a dry run is that of a real sweep at the same instant: there is one function', () => {
  const inputs = sweepInputsOf([...dueEnvironments(8), ...liveEnvironments(12)], {
    views: viewsOf(dueEnvironments(8).slice(2).map(viewOf)),
  });
  expect(planSweep(inputs)).toEqual(planSweep(structuredClone(inputs)));
  expect(utc(inputs.now)).toBe(utc(start));
});
