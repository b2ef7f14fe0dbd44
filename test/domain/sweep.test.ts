import { describe, expect, it } from 'vitest';
import { entryKey } from '../../src/domain/sweep/entry.ts';
import { planSweep } from '../../src/domain/sweep/plan.ts';
import type { SweepPlan } from '../../src/domain/sweep/plan.ts';
import {
  dueEnvironments,
  sweepInputsOf,
  groupOf,
  hour,
  minute,
  liveEnvironments,
  start,
  subscriptionId,
  utc,
  viewOf,
  viewsOf,
} from './sweepFixtures.ts';
import type { TestEnvironment } from './sweepFixtures.ts';

const namesOf = (entries: SweepPlan['mark']): string[] => entries.map(({ name }) => name);
const planOf = (...args: Parameters<typeof sweepInputsOf>): SweepPlan => planSweep(sweepInputsOf(...args));
const churn1: TestEnvironment = { name: 'churn1', expiresAt: start - minute };
const codes = ({ stop }: SweepPlan): string[] => stop?.reasons.map(({ code }) => code) ?? [];

describe('an environment whose lease has expired', () => {
  it('is marked first, with a reason', () => {
    const { mark, tearDown } = planOf([churn1]);
    expect(mark).toEqual([
      expect.objectContaining({ name: 'churn1', reason: `lease expired at ${utc(churn1.expiresAt)}` }),
    ]);
    expect(tearDown).toEqual([]);
  });

  it('is torn down after the grace period', () => {
    const marked = { ...churn1, expiresAt: start - 3 * hour, markedAt: start - hour };
    expect(namesOf(planOf([marked]).waiting)).toEqual(['churn1']);
    const due = { ...marked, markedAt: start - 2 * hour };
    const plan = planOf([due]);
    expect(namesOf(plan.tearDown)).toEqual(['churn1']);
    expect(plan.tearDown[0]!.reason).toContain(`grace period ended at ${utc(start)}`);
  });

  it('is marked again when its mark dates from an earlier lease', () => {
    const renewed = { ...churn1, expiresAt: start - minute, markedAt: start - 5 * hour };
    expect(namesOf(planOf([renewed]).mark)).toEqual(['churn1']);
  });

  it('is not torn down while it is protected or already being torn down', () => {
    expect(planOf([{ ...dueEnvironments(1)[0]!, protected: true }])).toMatchObject({
      tearDown: [],
      waiting: [{ reason: expect.stringContaining('protected') }],
    });
    for (const state of ['deleting', 'blocked'] as const)
      expect(planOf([{ ...dueEnvironments(1)[0]!, state }])).toMatchObject({
        tearDown: [],
        waiting: [{ reason: `it is already ${state}` }],
      });
  });

  it.each(['failed', 'cancelled', 'expired'] as const)('is torn down in the state %s', (state) => {
    expect(namesOf(planOf([{ ...dueEnvironments(1)[0]!, state }]).tearDown)).toEqual(['due0']);
  });
});

describe('a group that is foreign, or inconsistent with its workflow', () => {
  it('is listed as foreign and not changed: a copied tag, a renamed group, the seal of another key', () => {
    const environment = dueEnvironments(1)[0]!;
    const plan = planOf([], {
      found: [
        { ...groupOf(environment), seal: 'foreign' },
        { ...groupOf(environment), group: 'copy', name: null },
      ],
    });
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [], waiting: [], skipped: [], ownedCount: 0 });
    expect(plan.foreign).toHaveLength(2);
  });

  it('is skipped when tag and workflow have different leases', () => {
    const environment = dueEnvironments(1)[0]!;
    const { views } = sweepInputsOf([{ ...environment, expiresAt: start + hour }]);
    expect(planOf([environment], { views })).toMatchObject({
      tearDown: [],
      skipped: [{ reason: expect.stringMatching(/^tags and workflow hold different leases/) }],
    });
    const protectedByTag = { found: [groupOf({ ...environment, protected: true })] };
    expect(planOf([environment], protectedByTag)).toMatchObject({ tearDown: [], skipped: [{ name: 'due0' }] });
  });

  it.each([null, '', 'soon', '2026-11-22T12:00:00', '22/11/2026'])(
    'has its tags written again when its expiry tag is not a UTC time: %s',
    (expiresAt) => {
      const environment = dueEnvironments(1)[0]!;
      expect(planOf([environment], { found: [{ ...groupOf(environment), expiresAt }] })).toMatchObject({
        tearDown: [],
        mark: [],
        repair: [{ name: 'due0' }],
      });
    },
  );

  it('is skipped when its workflow has another subscription', () => {
    const environment = dueEnvironments(1)[0]!;
    const views = viewsOf([{ ...viewOf(environment), subscriptionId: 'another' }]);
    expect(planOf([environment], { views })).toMatchObject({ recover: [], tearDown: [], skipped: [{ name: 'due0' }] });
  });
});

it('a sealed group without a workflow is recovered with the lease in its tags', () => {
  const [due, live] = [dueEnvironments(1)[0]!, liveEnvironments(1)[0]!];
  const plan = planOf([due, churn1, live], { views: new Map() });
  expect(namesOf(plan.recover)).toEqual(['due0', 'churn1', 'live0']);
  expect(namesOf(plan.mark)).toEqual(['churn1']);
  expect(namesOf(plan.tearDown)).toEqual(['due0']);
});

describe('the cap', () => {
  it('is five, oldest first, the rest in later sweeps', () => {
    const plan = planOf([...dueEnvironments(8), ...liveEnvironments(12)]);
    expect(namesOf(plan.tearDown)).toEqual(['due7', 'due6', 'due5', 'due4', 'due3']);
    expect(plan.waiting).toHaveLength(3);
    expect(plan.waiting[0]!.reason).toContain('deferred');
  });

  it('is a fifth of the sealed environments if that is more, unless it is configured', () => {
    const many = [...dueEnvironments(50), ...liveEnvironments(150)];
    expect(planOf(many).tearDown).toHaveLength(40);
    const policy = { ...sweepInputsOf([]).policy, cap: 3 };
    expect(planOf(many, { policy }).tearDown).toHaveLength(3);
  });

  it('is shared by concurrent sweeps', () => {
    const environments = [...dueEnvironments(8), ...liveEnvironments(12)];
    const first = planOf(environments);
    expect(planOf(environments).tearDown).toEqual(first.tearDown);
    const tornDown = new Set(namesOf(first.tearDown));
    const later = environments.map((environment) =>
      tornDown.has(environment.name) ? { ...environment, state: 'deleting' as const } : environment,
    );
    expect(planOf(later).tearDown).toEqual([]);
  });
});

describe('a safety check stops the sweep and is reported:', () => {
  it('more than half of the environments due at once', () => {
    const plan = planOf([...dueEnvironments(11), ...liveEnvironments(10)]);
    expect(codes(plan)).toEqual(['TooManyDue']);
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [] });
    expect(plan.stop!.list).toHaveLength(11);
    expect(codes(planOf([...dueEnvironments(11), ...liveEnvironments(11)]))).toEqual([]);
    expect(codes(planOf(dueEnvironments(10)))).toEqual([]);
  });

  it('a clock that differs from ARM’s in either direction', () => {
    for (const armNow of [start - 6 * minute, start + 6 * minute, NaN])
      expect(codes(planOf(dueEnvironments(1), { armNow }))).toEqual(['ClockJump']);
    expect(codes(planOf(dueEnvironments(1), { armNow: start + minute }))).toEqual([]);
  });

  it('a clock that jumped since the last sweep; the next sweep continues', () => {
    const { timing } = sweepInputsOf([]);
    const day = 24 * hour;
    expect(codes(planOf(dueEnvironments(1), { last: { at: start - day, timing } })), 'missed for a day').toEqual([
      'ClockJump',
    ]);
    expect(codes(planOf(dueEnvironments(1), { last: { at: start + hour, timing } })), 'set back').toEqual([
      'ClockJump',
    ]);
    expect(
      codes(planOf(dueEnvironments(1), { now: start + hour, armNow: start + hour, last: { at: start, timing } })),
    ).toEqual([]);
  });

  it('but not an interval that was changed from a day to an hour', () => {
    const day = { intervalMs: 24 * hour, catchUpMs: hour };
    expect(codes(planOf(dueEnvironments(1), { last: { at: start - 24 * hour, timing: day } }))).toEqual([]);
  });

  it('more than three leases that differ between tag and workflow; fewer are skipped', () => {
    const environments = [...dueEnvironments(1), ...liveEnvironments(20)];
    const views = (wrong: number) =>
      viewsOf(
        environments.map((environment, i) =>
          viewOf(i > 0 && i <= wrong ? { ...environment, expiresAt: start + 9 * hour } : environment),
        ),
      );
    expect(codes(planOf(environments, { views: views(4) }))).toEqual(['Disagreement']);
    const plan = planOf(environments, { views: views(3) });
    expect(codes(plan)).toEqual([]);
    expect(plan.skipped).toHaveLength(3);
    expect(namesOf(plan.tearDown)).toEqual(['due0']);
  });

  it.each([
    ['a shorter grace', { graceMs: minute }, [{ name: 'churn1', expiresAt: start - 2 * hour, markedAt: start - hour }]],
    ['a higher cap', { cap: 9 }, dueEnvironments(8)],
    ['another subscription', { subscriptionIds: [subscriptionId, 'other'] }, []],
  ])('%s that makes more environments due', (_, change, environments) => {
    const { policy } = sweepInputsOf([]);
    const otherDue = dueEnvironments(1, 'other').map((environment) => ({
      ...groupOf(environment),
      subscriptionId: 'other',
    }));
    const found = [...environments, ...liveEnvironments(20)].map(groupOf);
    const inputs = sweepInputsOf([...environments, ...liveEnvironments(20)], {
      policy: { ...policy, ...change },
      found: 'subscriptionIds' in change ? [...found, ...otherDue] : found,
    });
    expect(codes(planSweep(inputs))).toEqual(['PolicyChanged']);
    expect(codes(planSweep({ ...inputs, lastPolicy: inputs.policy })), 'the next sweep').toEqual([]);
  });

  it('but not settings that make no more environments due', () => {
    const { policy } = sweepInputsOf([]);
    for (const change of [{ graceMs: 9 * hour }, { cap: 1 }, { cap: 100 }])
      expect(codes(planOf(dueEnvironments(5), { policy: { ...policy, ...change } }))).toEqual([]);
  });
});

it('an approved sweep is limited to the approved list, checks every entry again, and keeps the cap', () => {
  const environments = dueEnvironments(20);
  const stopped = planOf(environments);
  const approved = stopped.stop!.list.slice(0, 8).map(entryKey);
  const renewed = environments.map((environment) =>
    environment.name === 'due19' ? { ...environment, expiresAt: start + hour, markedAt: null } : environment,
  );
  const plan = planOf([...renewed, churn1], { approved });
  expect(namesOf(plan.tearDown)).toEqual(['due18', 'due17', 'due16', 'due15', 'due14']);
  expect(plan.mark).toEqual([]);
});

it('any single change that would make all of 737 live environments due stops the sweep', () => {
  const live = Array.from({ length: 737 }, (_, i) => ({ name: `live${i}`, expiresAt: start + (i + 1) * hour }));
  const expired = live.map((environment) => ({
    ...environment,
    expiresAt: start - 9 * hour,
    markedAt: start - 5 * hour,
  }));

  const tagsOnly = planOf([], { found: expired.map(groupOf), views: viewsOf(live.map(viewOf)) });
  expect(codes(tagsOnly)).toEqual(['Disagreement']);

  const tagsAndWorkflows = planOf(expired);
  expect(codes(tagsAndWorkflows)).toEqual(['TooManyDue']);
  expect(tagsAndWorkflows.stop!.list).toHaveLength(737);
  expect(tagsAndWorkflows.stop!.reasons[0]!.message).toBe('737 of 737 environments are due at once');

  const justMarked = live.map((environment) => ({
    ...environment,
    expiresAt: start - 2 * hour,
    markedAt: start - hour,
  }));
  const { policy } = sweepInputsOf([]);
  const noGrace = planOf(justMarked, { policy: { ...policy, graceMs: 0, cap: 1000 }, lastPolicy: policy });
  expect(codes(noGrace)).toEqual(['PolicyChanged', 'TooManyDue']);

  const clockAhead = planOf(live, { now: start + 8000 * hour });
  expect(codes(clockAhead)).toEqual(['ClockJump']);

  for (const plan of [tagsOnly, tagsAndWorkflows, noGrace, clockAhead])
    expect(plan).toMatchObject({ recover: [], mark: [], tearDown: [] });
});
