import Type from 'typebox';
import type { TOptional, TProperties, TSchema } from 'typebox';
import type { AnswerDifference as Difference } from '../../domain/answerDifference.ts';
import type { Json } from '../../domain/environment.ts';
import * as domain from '../../domain/move.ts';
import { environmentNamePattern } from '../../domain/naming.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import { named, nullable, oneOf, ref, strictObject, text, time } from '../schemaHelpers.ts';
import { Score } from '../schemas.ts';

const json = (description: string) => Type.Unsafe<Json>({ description });

export const AnswerDifference = named<Difference>()(
  'AnswerDifference',
  strictObject(
    { path: text('JSON path in the answers'), from: json("the old environment's"), to: json("the new environment's") },
    { description: 'The first difference between the answers.' },
  ),
);

export const MoveComparison = named<domain.MoveComparison>()(
  'MoveComparison',
  strictObject({
    request: json('scored by both environments'),
    from: ref(Score),
    to: ref(Score),
    difference: nullable(ref(AnswerDifference)),
  }),
);

export const Move = named<domain.Move>()(
  'Move',
  strictObject(
    {
      from: text('the old environment'),
      to: text('the new environment'),
      state: oneOf(domain.moveStates, {
        description:
          '`waiting`: the answers agree, and the move waits for its confirmation, a day at most; `handingOver`: the old environment is being torn down; `done`: it is deleted. In all other states both environments stay as they are',
      }),
      startedAt: time('when it was requested'),
      finishedAt: nullable(time('null: it has not ended')),
      requestedBy: nullable(text('name of the caller')),
      confirmedBy: nullable(text('who confirmed the hand-over; null: nobody yet')),
      scoringUris: strictObject(
        { from: nullable(Type.String()), to: nullable(Type.String()) },
        { description: 'the scoring addresses of both environments; null: not known yet' },
      ),
      comparison: nullable(ref(MoveComparison)),
      failure: nullable(strictObject({ message: Type.String(), remedy: Type.String() })),
    },
    { description: 'A move of an environment to a new one beside it.' },
  ),
);

/** Members that follow from the new name, or belong to an adoption. */
const fixed: readonly string[] = ['name', 'owner', 'adopt', 'resourceGroup', 'takeOver', 'adoptionDigest'];

type Changes = Omit<
  (typeof NewEnvironment)['properties'],
  'name' | 'owner' | 'adopt' | 'resourceGroup' | 'takeOver' | 'adoptionDigest'
>;

const changeable = (properties: TProperties) =>
  Object.fromEntries(
    Object.entries<TSchema>(properties)
      .filter(([name]) => !fixed.includes(name))
      .map(([name, schema]) => [name, Type.Optional(withoutDefault(schema))]),
  ) as { [Member in keyof Changes]: TOptional<Changes[Member]> };

/** What is not named stays as it is in the old environment. */
function withoutDefault(schema: TSchema): TSchema {
  const { default: _, ...others } = schema as TSchema & { default?: unknown };
  return others;
}

export const MoveRequest = Object.assign(
  strictObject(
    {
      to: Type.String({ pattern: environmentNamePattern, description: 'name of the new environment' }),
      changes: Type.Optional(
        strictObject(changeable(NewEnvironment.properties), {
          description: 'members of the spec in which the new environment differs from the old one',
        }),
      ),
      request: Type.Optional(json('scored by both environments; default: the sample request of the model')),
      confirm: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'true: the old environment is torn down as soon as the answers agree',
        }),
      ),
    },
    { examples: [{ to: 'churn2', changes: { isolation: 'managedNetwork' } }] },
  ),
  { $id: 'MoveRequest' },
);
