import Type from 'typebox';
import type { Static } from 'typebox';
import { oneOf, strictObject, text } from './schemaHelpers.ts';

/** Whether one part that Moat needs is ready. */
export const ReadinessCheck = Object.assign(
  strictObject({
    id: oneOf(['temporal', 'worker', 'target']),
    ready: Type.Boolean(),
    message: text('for people'),
  }),
  { $id: 'ReadinessCheck' },
);
export type ReadinessCheck = Static<typeof ReadinessCheck>;
