import Type from 'typebox';
import { environmentNamePattern } from '../../domain/naming.ts';
import type { RunKind } from '../../domain/environment.ts';

/** The parameter of every path below /environments. */
export const NameParams = Type.Object({ name: Type.String({ pattern: environmentNamePattern }) });

const kinds: readonly RunKind[] = ['provision', 'score', 'verify', 'teardown'];

export const RunParams = Type.Object({
  name: NameParams.properties.name,
  runId: Type.String({ pattern: `^(${kinds.join('|')})-[1-9][0-9]{0,8}$`, description: 'like provision-1' }),
});

/** Makes the repetition of a request safe. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description: '1 to 200 visible ASCII characters; the same key again answers the same result',
    }),
  ),
});
