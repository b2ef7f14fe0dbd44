import Type from 'typebox';
import type * as adoption from '../../domain/adoption.ts';
import type * as cost from '../../domain/cost.ts';
import type { Json } from '../../domain/environment.ts';
import { methods } from '../../domain/methodComparison.ts';
import type { MethodFigures as MethodFiguresOf } from '../../domain/methodComparison.ts';
import type * as domain from '../../domain/plan.ts';
import { stepIds } from '../../domain/steps.ts';
import { Finding } from '../findingSchema.ts';
import { named, nullable, oneOf, ref, strictObject } from '../schemaHelpers.ts';

const text = (description: string) => Type.String({ description });
const dollars = (description: string) => Type.Number({ description });

export const ResourceCost = named<cost.ResourceCost>()(
  'ResourceCost',
  strictObject({
    perHour: nullable(dollars('null where no price is known in advance')),
    sku: nullable(text('what it is billed as')),
    meter: nullable(text("Azure's meter, with how often it counts")),
    reason: nullable(text('why there is no price, or why it is 0')),
  }),
);

export const MemberDifference = named<adoption.MemberDifference>()(
  'MemberDifference',
  strictObject(
    {
      member: text('names of the members, joined by dots; list items by their name'),
      actual: Type.Unsafe<Json>({ description: 'null: absent' }),
      desired: Type.Unsafe<Json>({ description: 'null: removed' }),
    },
    { description: 'A member that the run changes, from `actual` to `desired`.' },
  ),
);

export const PlannedAction = named<domain.PlannedAction>()(
  'PlannedAction',
  strictObject({
    step: oneOf(stepIds),
    type: text('ARM type'),
    title: text('for people, like `virtual network`'),
    name: text('one segment for each segment of the type'),
    id: text('ARM id'),
    action: oneOf(['create', 'adopt', 'change', 'use'], {
      description:
        '`adopt`: it exists as requested; `change`: it exists otherwise, and is written or recreated; `create`: it does not exist; `use`: an existing resource that the spec names, which is never written',
    }),
    differences: Type.Optional(
      Type.Array(ref(MemberDifference), { description: 'of an adopted resource: what the run changes' }),
    ),
    cost: ref(ResourceCost),
  }),
);

export const OtherResource = named<adoption.OtherResource>()(
  'OtherResource',
  strictObject({
    id: text('ARM id'),
    type: text('ARM type'),
    teardown: oneOf(['deleted', 'stays'], {
      description: '`deleted`: it is taken over; `stays`: it is neither changed nor deleted, and blocks the teardown',
    }),
    command: nullable(text('deletes what stays; null for what is taken over')),
  }),
);

export const PlannedAdoption = named<domain.PlannedAdoption>()(
  'PlannedAdoption',
  strictObject(
    {
      digest: text('to POST the environment with, as `adoptionDigest`'),
      others: Type.Array(ref(OtherResource), { description: 'resources of the group that Moat would not create' }),
      moreOthers: Type.Integer({ description: 'number of others that are not in the list' }),
    },
    { description: 'What the spec adopts beside the resources of the environment.' },
  ),
);

export const Cost = named<cost.Cost>()(
  'Cost',
  strictObject(
    {
      currency: Type.String(),
      perHour: dollars('sum of the known prices; what is charged by use comes on top'),
      unpriced: Type.Integer({ description: 'number of resources without a price' }),
      priceList: strictObject({
        date: text('day on which the list was compiled'),
        region: text('the region whose prices they are'),
        source: Type.String(),
      }),
    },
    { description: 'What the environment costs while it exists, at retail prices.' },
  ),
);

export const UsualDuration = named<domain.UsualDuration>()(
  'UsualDuration',
  strictObject(
    {
      minSeconds: Type.Number(),
      maxSeconds: Type.Number(),
      source: oneOf(['history', 'table'], {
        description:
          "`history`: by this installation's successful first runs, so that 80 of 100 runs end in the range; `table`: estimates, summed along the critical path",
      }),
      runs: Type.Integer({ description: 'number of runs in `history`, else 0' }),
    },
    { description: 'How long the run usually takes.' },
  ),
);

export const MethodFigures = named<MethodFiguresOf>()(
  'MethodFigures',
  strictObject({
    isolation: oneOf(methods),
    perHour: dollars('sum of the known prices'),
    minSeconds: Type.Number({ description: 'an estimate' }),
    maxSeconds: Type.Number({ description: 'an estimate' }),
  }),
);

export const Plan = named<domain.Plan>()(
  'Plan',
  strictObject(
    {
      ok: Type.Boolean({ description: 'nothing blocks' }),
      findings: Type.Array(ref(Finding)),
      steps: Type.Array(strictObject({ id: oneOf(stepIds), title: Type.String(), needs: Type.Array(oneOf(stepIds)) })),
      resources: Type.Array(ref(PlannedAction)),
      cost: ref(Cost),
      duration: ref(UsualDuration),
      adoption: Type.Optional(ref(PlannedAdoption)),
      methods: Type.Array(ref(MethodFigures), {
        description:
          'what a new environment of the same spec costs and takes with each method of isolation; empty where an environment is adopted',
      }),
    },
    { description: 'What a POST of the same body to /environments would do.' },
  ),
);
