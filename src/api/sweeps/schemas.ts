import Type from 'typebox';
import type * as sweep from '../../domain/sweep/record.ts';
import { sweepLists, sweepStates } from '../../domain/sweep/record.ts';
import { Failure } from '../schemas.ts';
import { stopCodes } from '../../domain/sweep/stopReasons.ts';
import type { StopReason as DomainStopReason } from '../../domain/sweep/stopReasons.ts';
import { strictObject, named, nullable, oneOf, ref, time } from '../schema.ts';

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
    name: Type.String({ description: "the environment's name, or the group's where it tells none" }),
    subscriptionId: Type.String(),
    owner: nullable(Type.String()),
    expiresAt: nullable(Type.String({ description: "as the group's tag tells it" })),
    reason: Type.String({ description: 'why it is in this list' }),
    outcome: nullable(Type.String({ description: 'what came of it; null where it was only told' })),
  }),
);

const summaryMembers = {
  id: Type.String(),
  startedAt: time('start'),
  finishedAt: nullable(time('end; null while it is at work')),
  dryRun: Type.Boolean({ description: 'it only tells' }),
  state: oneOf(sweepStates, {
    description: 'stopped: it met what is unlike ordinary expiry and did nothing; off: sweeps are switched off',
  }),
  approvedSweepId: nullable(Type.String({ description: 'the stopped sweep whose list it works on' })),
  ownedCount: Type.Integer({ description: "this installation's environments in all" }),
  counts: strictObject(ofLists(Type.Integer())),
  stopReasons: Type.Array(ref(StopReason), { description: 'why it stopped' }),
  failure: nullable(ref(Failure)),
};

export const SweepSummary = named<sweep.SweepSummary>()(
  'SweepSummary',
  strictObject(summaryMembers, { description: 'One search for environments whose lease is over.' }),
);

export const Sweep = named<sweep.Sweep>()(
  'Sweep',
  strictObject(
    { ...summaryMembers, lists: strictObject(ofLists(Type.Array(ref(SweptEntry)))) },
    { description: 'A sweep with its lists, each cut at 400 entries; there once it has ended.' },
  ),
);
