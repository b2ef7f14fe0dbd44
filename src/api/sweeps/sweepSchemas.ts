import Type from 'typebox';
import type * as sweep from '../../domain/sweep/record.ts';
import { longestList, sweepLists, sweepStates } from '../../domain/sweep/record.ts';
import { Failure } from '../schemas.ts';
import { stopCodes } from '../../domain/sweep/stopReasons.ts';
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
