import Type from 'typebox';
import type { Lease as DomainLease } from '../domain/environment.ts';
import { leaseChangeKinds } from '../domain/leaseChange.ts';
import type { LeaseChangeRecord } from '../domain/leaseChange.ts';
import { named, nullable, oneOf, ref, strictObject, text, time } from './schemaHelpers.ts';

export const LeaseChange = named<LeaseChangeRecord>()(
  'LeaseChange',
  strictObject(
    {
      kind: oneOf(leaseChangeKinds),
      at: time('when'),
      by: nullable(text('who sent it; null: a repeated POST renewed an expired lease')),
    },
    { description: 'The last request that changed a lease.' },
  ),
);

export const Lease = named<DomainLease>()(
  'Lease',
  strictObject({
    expiresAt: time('when the lease expires'),
    protected: Type.Boolean({ description: 'true: never torn down' }),
    reason: nullable(text('why it is protected')),
    markedAt: nullable(time('when a sweep found it expired and marked it')),
    lastChange: Type.Optional(ref(LeaseChange)),
  }),
);
