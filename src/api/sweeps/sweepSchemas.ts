import Type from 'typebox';
import type * as sweep from '../../domain/sweep/record.ts';
import { longestList, sweepLists, sweepStates } from '../../domain/sweep/record.ts';
import { Failure } from '../schemas.ts';
import { stopCodes } from '../../domain/sweep/stopReasons.ts';
import { sweepModes } from '../../domain/sweep/gateway.ts';
import type * as schedule from '../../domain/sweep/schedule.ts';
import type { StopReason as DomainStopReason } from '../../domain/sweep/stopReasons.ts';
import { strictObject, named, nullable, oneOf, ref, time } from '../schemaHelpers.ts';

const ofLists = <T>(schema: T): Record<sweep.SweepList, T> =>
  Object.fromEntries(sweepLists.map((list) => [list, schema])) as Record<sweep.SweepList, T>;

export const StopReason = named<DomainStopReason>()(
  'StopReason',
  strictObject({
    code: oneOf(stopCodes, { description: 'for programs' }),
    message: Type.String({ description: 'for people' }),
  }),
);

export const SweptEntry = named<sweep.SweepResult>()(
  'SweptEntry',
  strictObject({
    name: Type.String({ description: "the environment's name; the group's where the tags have none" }),
    subscriptionId: Type.String(),
    owner: nullable(Type.String()),
    expiresAt: nullable(Type.String({ description: "from the group's tag" })),
    reason: Type.String({ description: 'why it is in this list' }),
    outcome: nullable(Type.String({ description: 'what the sweep did; null where it only reported' })),
  }),
);

const summaryMembers = {
  id: Type.String(),
  startedAt: time('start'),
  finishedAt: nullable(time('end; null while it is running')),
  dryRun: Type.Boolean({ description: 'true: it only reports' }),
  state: oneOf(sweepStates, {
    description: 'stopped: a safety check stopped it before it did anything; off: sweeps are switched off',
  }),
  approvedSweepId: nullable(Type.String({ description: 'the stopped sweep whose list it is limited to' })),
  requestedBy: Type.Optional(
    nullable(
      Type.String({
        description:
          'name of the caller who started or approved it; null: the schedule; absent: not recorded, by an earlier version',
      }),
    ),
  ),
  ownedCount: Type.Integer({ description: "number of this installation's environments" }),
  counts: strictObject(ofLists(Type.Integer())),
  stopReasons: Type.Array(ref(StopReason), { description: 'why it stopped' }),
  failure: nullable(ref(Failure)),
};

export const SweepSummary = named<sweep.SweepSummary>()(
  'SweepSummary',
  strictObject(summaryMembers, { description: 'One search for environments whose lease has expired.' }),
);

export const Sweep = named<sweep.Sweep>()(
  'Sweep',
  strictObject(
    { ...summaryMembers, lists: strictObject(ofLists(Type.Array(ref(SweptEntry)))) },
    {
      description: `A sweep with its lists, each truncated to ${longestList} entries. The lists are empty until the sweep has ended.`,
    },
  ),
);

const caps = 'null: by the number of environments';

export const SweepSchedule = named<schedule.SweepSchedule>()(
  'SweepSchedule',
  strictObject(
    {
      mode: oneOf(sweepModes, { description: 'dry: sweeps only report' }),
      paused: Type.Boolean({ description: 'the schedule is paused in Temporal: as the mode `off`' }),
      nextRunAt: nullable(time('when the next sweep is due; null: none is')),
      interval: Type.String({ description: 'a duration like `1h`' }),
      timeZone: Type.String({ description: 'of daily sweeps, which start at midnight' }),
      grace: Type.String({ description: 'from the marking of an environment to its teardown, a duration like `2h`' }),
      cap: nullable(Type.Integer({ description: `maximum number of teardowns of a sweep; ${caps}` })),
      dailyCap: nullable(Type.Integer({ description: `maximum number of teardowns in 24 hours; ${caps}` })),
      policy: strictObject(
        {
          timing: Type.String(),
          grace: Type.String(),
          cap: Type.String(),
          dailyCap: Type.String(),
          stop: Type.String({ description: 'when a sweep stops and waits for an approval' }),
        },
        { description: 'the same in sentences, for people' },
      ),
    },
    { description: 'When sweeps run, and what they may do.' },
  ),
);
