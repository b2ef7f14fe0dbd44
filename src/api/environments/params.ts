import Type from 'typebox';
import { environmentNamePattern } from '../../domain/naming.ts';
import { runKinds } from '../../domain/run.ts';

/** The parameter of every path below /environments. */
export const NameParams = Type.Object({ name: Type.String({ pattern: environmentNamePattern }) });

export const RunParams = Type.Object({
  name: NameParams.properties.name,
  runId: Type.String({ pattern: `^(${runKinds.join('|')})-[1-9][0-9]{0,8}$`, description: 'like provision-1' }),
});

/** Makes the repetition of a request safe. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description:
        '1 to 200 visible ASCII characters; a repetition of the operation with the same key and body returns the first result',
    }),
  ),
});
