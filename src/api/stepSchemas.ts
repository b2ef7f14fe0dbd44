import Type from 'typebox';
import type * as domain from '../domain/environment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { ResourceProgress as DomainResourceProgress } from '../domain/progress.ts';
import type { StepUsual as DomainStepUsual } from '../domain/stepDurations.ts';
import { stepIds } from '../domain/steps.ts';
import { named, nullable, oneOf, ref, strictObject, time, text } from './schemaHelpers.ts';

export const StepUsual = named<DomainStepUsual>()(
  'StepUsual',
  strictObject(
    {
      minSeconds: Type.Number(),
      maxSeconds: Type.Number(),
      source: oneOf(['history', 'table'], {
        description:
          "`history`: by this installation's successful first runs, so that 80 of 100 steps end in the range; `table`: estimates",
      }),
      runs: Type.Integer({ description: 'number of runs in `history`, else 0' }),
      unusual: Type.Boolean({
        description:
          'it has been running for longer than 95 of 100 do; never true of estimates, nor of fewer than 19 runs',
      }),
    },
    { description: 'How long the step usually takes, from its `since` on; only while it is running.' },
  ),
);

export const ResourceProgress = named<DomainResourceProgress>()(
  'ResourceProgress',
  strictObject({
    id: text('ARM id'),
    state: text("ARM's provisioning state as last observed; Deleted or Blocked in a teardown"),
    since: time('when the state was first observed'),
    attempt: Type.Optional(
      Type.Integer({ description: 'attempts of its operation, where more than one; polling is not counted' }),
    ),
  }),
);

const step = {
  id: oneOf(stepIds),
  state: oneOf(['pending', 'running', 'retrying', 'succeeded', 'failed', 'skipped']),
  reason: nullable(text('for programs')),
  message: nullable(text('for people')),
  since: nullable(time('when it entered this state')),
  finishedAt: nullable(time('end')),
  attempt: Type.Integer({ description: 'attempts; polling is not counted' }),
  usual: Type.Optional(ref(StepUsual)),
};

export const StepProgress = named<domain.ShownStep>()(
  'StepProgress',
  strictObject({ ...step, resources: Type.Array(ref(ResourceProgress)) }),
);

export const ListedStep = named<ListedEnvironment['steps'][number]>()('ListedStep', strictObject(step));
