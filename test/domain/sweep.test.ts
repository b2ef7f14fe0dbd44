import { describe, expect, it } from 'vitest';
import { entryKey, planSweep } from '../../src/domain/sweep/plan.ts';
import type { SweepPlan } from '../../src/domain/sweep/plan.ts';
import {
  dueOnes,
  factsOf,
  groupOf,
  hour,
  minute,
  standing,
  start,
  subscriptionId,
  utc,
  viewOf,
  viewsOf,
} from './sweepFixtures.ts';
import type { Truth } from './sweepFixtures.ts';

const namesOf = (entries: SweepPlan['mark']): string[] => entries.map(({ name }) => name);
const planOf = (...args: Parameters<typeof factsOf>): SweepPlan => planSweep(factsOf(...args));
const churn1: Truth = { name: 'churn1', expiresAt: start - minute };
const codes = ({ stop }: SweepPlan): string[] => stop?.reasons.map(({ code }) => code) ?? [];

describe('the stages of a lease that is over', () => {
  it('is marked first, with the reason in words', () => {
    const { mark, tearDown } = planOf([churn1]);
    expect(mark).toEqual([
      expect.objectContaining({ name: 'churn1', reason: `its lease is over since ${utc(churn1.expiresAt)}` }),
    ]);
    expect(tearDown).toEqual([]);
  });

  it('waits out its grace, then is torn down', () => {
    const marked = { ...churn1, expiresAt: start - 3 * hour, markedAt: start - hour };
    expect(namesOf(planOf([marked]).waiting)).toEqual(['churn1']);
    const due = { ...marked, markedAt: start - 2 * hour };
    const plan = planOf([due]);
    expect(namesOf(plan.tearDown)).toEqual(['churn1']);
    expect(plan.tearDown[0]!.reason).toContain(`its grace since ${utc(start)}`);
  });

  it('is marked anew when its mark is one of an earlier lease', () => {
    const renewed = { ...churn1, expiresAt: start - minute, markedAt: start - 5 * hour };
    expect(namesOf(planOf([renewed]).mark)).toEqual(['churn1']);
  });

  it('ends nothing while it is protected, or torn down already', () => {
    expect(planOf([{ ...dueOnes(1)[0]!, protected: true }])).toMatchObject({
      tearDown: [],
      waiting: [{ reason: expect.stringContaining('protected') }],
    });
    for (const state of ['deleting', 'blocked'] as const)
      expect(planOf([{ ...dueOnes(1)[0]!, state }])).toMatchObject({
        tearDown: [],
        waiting: [{ reason: `it is ${state} already` }],
      });
  });

  it.each(['failed', 'cancelled', 'expired', 'provisioning'] as const)('ends a %s environment too', (state) => {
    expect(namesOf(planOf([{ ...dueOnes(1)[0]!, state }]).tearDown)).toEqual(['due0']);
  });
});

describe('what is not ours, or not certain', () => {
  it('is told as foreign and never touched: a copied tag, a renamed group, another key’s seal', () => {
    const truth = dueOnes(1)[0]!;
    const plan = planOf([], {
      found: [
        { ...groupOf(truth), sealed: false },
        { ...groupOf(truth), group: 'copy', name: null },
      ],
    });
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [], waiting: [], skipped: [], sealed: 0 });
    expect(plan.foreign).toHaveLength(2);
  });

  it('is skipped when tag and workflow tell different leases', () => {
    const truth = dueOnes(1)[0]!;
    const { views } = factsOf([{ ...truth, expiresAt: start + hour }]);
    expect(planOf([truth], { views })).toMatchObject({
      tearDown: [],
      skipped: [{ reason: expect.stringMatching(/^tag and workflow disagree/) }],
    });
    const keptByTag = { found: [groupOf({ ...truth, protected: true })] };
    expect(planOf([truth], keptByTag)).toMatchObject({ tearDown: [], skipped: [{ name: 'due0' }] });
  });

  it.each([null, '', 'soon', '2026-11-22T12:00:00', '22/11/2026'])(
    'is skipped when its tag is no time: %s',
    (expiresAt) => {
      const truth = dueOnes(1)[0]!;
      expect(planOf([truth], { found: [{ ...groupOf(truth), expiresAt }] })).toMatchObject({
        tearDown: [],
        mark: [],
        skipped: [{ name: 'due0' }],
      });
    },
  );

  it('is skipped when the environment of that name lives in another subscription', () => {
    const truth = dueOnes(1)[0]!;
    const views = viewsOf([{ ...viewOf(truth), subscriptionId: 'another' }]);
    expect(planOf([truth], { views })).toMatchObject({ recover: [], tearDown: [], skipped: [{ name: 'due0' }] });
  });
});

it('A sealed group without a workflow is adopted, and its lease goes on as its tags tell it', () => {
  const [due, stands] = [dueOnes(1)[0]!, standing(1)[0]!];
  const plan = planOf([due, churn1, stands], { views: new Map() });
  expect(namesOf(plan.recover)).toEqual(['due0', 'churn1', 'stands0']);
  expect(namesOf(plan.mark)).toEqual(['churn1']);
  expect(namesOf(plan.tearDown)).toEqual(['due0']);
});

describe('the blast radius', () => {
  it('is five, oldest first, the rest in later sweeps', () => {
    const plan = planOf([...dueOnes(8), ...standing(12)]);
    expect(namesOf(plan.tearDown)).toEqual(['due7', 'due6', 'due5', 'due4', 'due3']);
    expect(plan.waiting).toHaveLength(3);
    expect(plan.waiting[0]!.reason).toContain('later');
  });

  it('is a fifth of the sealed environments where that is more, or what the settings say', () => {
    const many = [...dueOnes(50), ...standing(150)];
    expect(planOf(many).tearDown).toHaveLength(40);
    const policy = { ...factsOf([]).policy, cap: 3 };
    expect(planOf(many, { policy }).tearDown).toHaveLength(3);
  });

  it('is shared by two schedules at once', () => {
    const truths = [...dueOnes(8), ...standing(12)];
    const first = planOf(truths);
    expect(planOf(truths).tearDown).toEqual(first.tearDown);
    const told = new Set(namesOf(first.tearDown));
    const later = truths.map((truth) => (told.has(truth.name) ? { ...truth, state: 'deleting' as const } : truth));
    expect(planOf(later).tearDown).toEqual([]);
  });
});

describe('what is unlike ordinary expiry stops the sweep and is shown', () => {
  it('more than half due at once', () => {
    const plan = planOf([...dueOnes(11), ...standing(10)]);
    expect(codes(plan)).toEqual(['TooManyDue']);
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [] });
    expect(plan.stop!.list).toHaveLength(11);
    expect(codes(planOf([...dueOnes(11), ...standing(11)]))).toEqual([]);
    expect(codes(planOf(dueOnes(10)))).toEqual([]);
  });

  it('a clock that differs from ARM’s, whichever is ahead', () => {
    for (const armNow of [start - 6 * minute, start + 6 * minute, NaN])
      expect(codes(planOf(dueOnes(1), { armNow }))).toEqual(['ClockJump']);
    expect(codes(planOf(dueOnes(1), { armNow: start + minute }))).toEqual([]);
  });

  it('a clock that jumped since the last sweep; the sweep after that goes on', () => {
    const { timing } = factsOf([]);
    const day = 24 * hour;
    expect(codes(planOf(dueOnes(1), { last: { at: start - day, timing } })), 'missed for a day').toEqual(['ClockJump']);
    expect(codes(planOf(dueOnes(1), { last: { at: start + hour, timing } })), 'set back').toEqual(['ClockJump']);
    expect(codes(planOf(dueOnes(1), { now: start + hour, armNow: start + hour, last: { at: start, timing } }))).toEqual(
      [],
    );
  });

  it('an interval that was a day until now does not look like a jump', () => {
    const day = { intervalMs: 24 * hour, catchUpMs: hour };
    expect(codes(planOf(dueOnes(1), { last: { at: start - 24 * hour, timing: day } }))).toEqual([]);
  });

  it('more than three leases whose tag and workflow disagree; fewer are skipped', () => {
    const truths = [...dueOnes(1), ...standing(20)];
    const views = (wrong: number) =>
      viewsOf(
        truths.map((truth, i) => viewOf(i > 0 && i <= wrong ? { ...truth, expiresAt: start + 9 * hour } : truth)),
      );
    expect(codes(planOf(truths, { views: views(4) }))).toEqual(['Disagreement']);
    const plan = planOf(truths, { views: views(3) });
    expect(codes(plan)).toEqual([]);
    expect(plan.skipped).toHaveLength(3);
    expect(namesOf(plan.tearDown)).toEqual(['due0']);
  });

  it.each([
    ['a shorter grace', { graceMs: minute }, [{ name: 'churn1', expiresAt: start - 2 * hour, markedAt: start - hour }]],
    ['a higher cap', { cap: 9 }, dueOnes(8)],
    ['another subscription', { subscriptionIds: [subscriptionId, 'other'] }, []],
  ])('%s that makes more due', (_, change, truths) => {
    const { policy } = factsOf([]);
    const elsewhere = dueOnes(1, 'other').map((truth) => ({ ...groupOf(truth), subscriptionId: 'other' }));
    const found = [...truths, ...standing(20)].map(groupOf);
    const facts = factsOf([...truths, ...standing(20)], {
      policy: { ...policy, ...change },
      found: 'subscriptionIds' in change ? [...found, ...elsewhere] : found,
    });
    expect(codes(planSweep(facts))).toEqual(['PolicyChanged']);
    expect(codes(planSweep({ ...facts, lastPolicy: facts.policy })), 'the next sweep').toEqual([]);
  });

  it('settings that make nothing more due do not', () => {
    const { policy } = factsOf([]);
    for (const change of [{ graceMs: 9 * hour }, { cap: 1 }, { cap: 100 }])
      expect(codes(planOf(dueOnes(5), { policy: { ...policy, ...change } }))).toEqual([]);
  });
});

it('An approved sweep is limited to its list, checks every entry again, and keeps the cap', () => {
  const truths = dueOnes(20);
  const stopped = planOf(truths);
  const approved = stopped.stop!.list.slice(0, 8).map(entryKey);
  const renewed = truths.map((truth) =>
    truth.name === 'due19' ? { ...truth, expiresAt: start + hour, markedAt: null } : truth,
  );
  const plan = planOf([...renewed, churn1], { approved });
  expect(namesOf(plan.tearDown)).toEqual(['due18', 'due17', 'due16', 'due15', 'due14']);
  expect(plan.mark).toEqual([]);
});

it('The accident of 737 live groups: a change that would match them all is stopped, and shown', () => {
  const live = Array.from({ length: 737 }, (_, i) => ({ name: `live${i}`, expiresAt: start + (i + 1) * hour }));
  const rewritten = live.map((truth) => ({ ...truth, expiresAt: start - 9 * hour, markedAt: start - 5 * hour }));

  const tagsOnly = planOf([], { found: rewritten.map(groupOf), views: viewsOf(live.map(viewOf)) });
  expect(codes(tagsOnly)).toEqual(['Disagreement']);

  const tagsAndWorkflows = planOf(rewritten);
  expect(codes(tagsAndWorkflows)).toEqual(['TooManyDue']);
  expect(tagsAndWorkflows.stop!.list).toHaveLength(737);
  expect(tagsAndWorkflows.stop!.reasons[0]!.message).toBe('737 of 737 environments are due at once');

  const justMarked = live.map((truth) => ({ ...truth, expiresAt: start - 2 * hour, markedAt: start - hour }));
  const { policy } = factsOf([]);
  const noGrace = planOf(justMarked, { policy: { ...policy, graceMs: 0, cap: 1000 }, lastPolicy: policy });
  expect(codes(noGrace)).toEqual(['PolicyChanged', 'TooManyDue']);

  const ahead = planOf(live, { now: start + 8000 * hour });
  expect(codes(ahead)).toEqual(['ClockJump']);

  for (const plan of [tagsOnly, tagsAndWorkflows, noGrace, ahead])
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [] });
});
