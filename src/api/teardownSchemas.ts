import Type from 'typebox';
import type * as domain from '../domain/environment.ts';
import { named, oneOf, ref, strictObject, text } from './schemaHelpers.ts';

export const Blocker = named<domain.Blocker>()(
  'Blocker',
  strictObject(
    { resource: text('ARM id'), reason: Type.String(), command: text('the command that clears it') },
    { description: 'What prevents a teardown from finishing.' },
  ),
);

export const TeardownReceipt = named<domain.TeardownReceipt>()(
  'TeardownReceipt',
  strictObject({
    removed: Type.Array(strictObject({ id: Type.String(), proof: oneOf(['gone', 'purged', 'assumed']) })),
    remaining: Type.Array(Type.String()),
    blockers: Type.Array(ref(Blocker)),
  }),
);
