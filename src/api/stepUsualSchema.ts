import Type from 'typebox';
import type { StepUsual as DomainStepUsual } from '../domain/stepDurations.ts';
import { named, oneOf, strictObject } from './schemaHelpers.ts';

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
