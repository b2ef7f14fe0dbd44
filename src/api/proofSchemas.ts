import Type from 'typebox';
import { proofOrigins } from '../domain/environment.ts';
import type * as domain from '../domain/environment.ts';
import type { ListedProof as DomainListedProof } from '../domain/listedEnvironment.ts';
import type { Repair as DomainRepair } from '../domain/repairRecord.ts';
import { strictObject, named, nullable, oneOf, ref, time, text } from './schemaHelpers.ts';

const verdicts = ['passed', 'failed', 'inconclusive'] as const;
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
    verdict: oneOf(verdicts, {
      description: 'passed only on positive evidence; inconclusive where there is neither that nor a finding',
    }),
  }),
);

export const ProofChange = named<domain.ProofChange>()(
  'ProofChange',
  strictObject({
    check: text('as in the row'),
    from: oneOf(proofOrigins),
    before: oneOf(verdicts, { description: 'in the previous proof' }),
    after: oneOf(verdicts),
  }),
);

export const Proof = named<domain.Proof>()(
  'Proof',
  strictObject(
    {
      at: time('end of the proof'),
      complete: Type.Boolean({ description: 'every row passed' }),
      rows: Type.Array(ref(ProofRow)),
      changes: Type.Array(ref(ProofChange), {
        description: "rows whose verdict changed since the environment's previous proof; empty in the first",
      }),
    },
    { description: 'A proof of isolation.' },
  ),
);

const count = () => Type.Integer({ minimum: 0 });

export const ListedProof = named<DomainListedProof>()(
  'ListedProof',
  strictObject(
    {
      at: time('end of the proof'),
      complete: Type.Boolean({ description: 'every row passed' }),
      counts: strictObject(
        { passed: count(), failed: count(), inconclusive: count() },
        { description: 'number of rows by verdict' },
      ),
      failed: Type.Array(ref(ProofRow), { description: 'the rows that failed' }),
    },
    { description: 'A proof of isolation in a list.' },
  ),
);

export const Repair = named<DomainRepair>()(
  'Repair',
  strictObject(
    {
      check: text('the failed row of the proof'),
      resource: text('ARM id of what was written or deleted'),
      action: oneOf(['written', 'deleted'], { description: 'written: its planned state' }),
      changedBy: nullable(
        strictObject(
          {
            caller: text("a user's name, or the id of an application"),
            operation: text('like `Microsoft.Storage/storageAccounts/write`'),
            at: time('when it was changed'),
          },
          { description: "the last change since the proof before, from Azure's activity log" },
        ),
      ),
      reason: nullable(text('why changedBy is null')),
      at: time('when it was closed'),
    },
    { description: 'What a verify run has closed again.' },
  ),
);
