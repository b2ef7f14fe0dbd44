import Type from 'typebox';
import { runKinds } from '../domain/run.ts';
import type * as domain from '../domain/run.ts';
import { named, nullable, oneOf, strictObject, text, time } from './schemaHelpers.ts';

/** Of every run. */
export const runMembers = {
  id: text('like `provision-1`'),
  kind: oneOf(runKinds),
  startedAt: time('start'),
  finishedAt: nullable(time('end; null while it is running')),
  requestedBy: Type.Optional(
    nullable(
      text(
        'name of the caller; null: Moat itself, because a lease ended, the spec says so, or a proof was repeated; absent: not recorded, by an earlier version',
      ),
    ),
  ),
};

export const Run = named<domain.Run>()(
  'Run',
  strictObject(runMembers, { description: 'One unit of work on an environment.' }),
);
