import Type from 'typebox';
import { proofOrigins } from '../domain/environment.ts';
import type * as domain from '../domain/environment.ts';
import { strictObject, named, oneOf, ref, time } from './schemaHelpers.ts';

const text = (description: string) => Type.String({ description });

export const ProofRow = named<domain.ProofRow>()(
  'ProofRow',
  strictObject({
    check: text('what was checked; the same text in every proof'),
    from: oneOf(proofOrigins, {
      description: 'from the Internet, inside the virtual network, in ARM, or from the network to the Internet',
    }),
    expected: Type.String(),
    observed: text('what was observed'),
    at: time('when it was observed'),
    verdict: oneOf(['passed', 'failed', 'inconclusive'], {
      description: 'passed only on positive evidence; inconclusive where there is neither that nor a finding',
    }),
  }),
);

export const Proof = named<domain.Proof>()(
  'Proof',
  strictObject(
    {
      at: time('end of the proof'),
      complete: Type.Boolean({ description: 'every row passed' }),
      rows: Type.Array(ref(ProofRow)),
    },
    { description: 'A proof of isolation.' },
  ),
);
