import type { Spec } from '../../domain/environment.ts';
import { Problem } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import { NameParams } from '../environments/params.ts';
import type { ApiConfig, Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { specOf } from '../spec.ts';
import { move as example } from './moveExample.ts';
import { Move, MoveRequest } from './moveSchemas.ts';

/** The spec of the new environment: that of the old one with the changes, under names of its own. */
function movedSpec(old: Spec, changes: object, to: string, { caller, config }: { caller: string; config: ApiConfig }) {
  const {
    name: _,
    suffix: __,
    adopt: ___,
    resourceGroup: ____,
    takeOver: _____,
    adoptionDigest: ______,
    ...kept
  } = old;
  return specOf({ ...kept, ...changes, name: to }, [], { caller, config });
}

const sameName = (): Problem =>
  new Problem('InvalidBody', 'Validation failed; nothing was started.', {
    errors: [{ path: '/to', message: 'must be another name: the new environment is beside the old one' }],
  });

/** POST /environments/{name}/move: provisions another environment beside this one, compares their answers, and hands over. */
const moveEnvironment: Route = (app, { moves, config }) => {
  app.post(
    '/environments/:name/move',
    {
      schema: {
        operationId: 'moveEnvironment',
        summary: 'Move an environment to a new one',
        description:
          'Provisions an environment of the same spec with the changes beside this one, scores the same request at both and compares the answers. ' +
          'When they agree and the move is confirmed, the old environment is torn down. In every other case it stays as it is; so does the new one, which DELETE removes. ' +
          'Repeating the request returns the same move.',
        tags: ['environments'],
        params: NameParams,
        body: ref(MoveRequest),
        response: {
          202: {
            ...answer('The move.', ref(Move), example),
            headers: { Location: { type: 'string', description: 'path of the move' } },
          },
          ...problems(
            'InvalidBody',
            'ForbiddenByPolicy',
            'NotFound',
            'NotReady',
            'BeingDeleted',
            'MoveRefused',
            'TooManyEnvironments',
            'SpecConflict',
            'SuffixInUse',
            'PayloadTooLarge',
            'UnsupportedMediaType',
          ),
        },
      },
    },
    async (request, reply) => {
      const { to, changes = {}, request: scored, confirm = false } = request.body;
      const { name } = request.params;
      if (to === name) throw sameName();
      const move = await moves.as(request.caller).start(name, {
        to,
        newSpec: (old) => movedSpec(old, changes, to, { caller: request.caller.name, config }),
        ...(scored !== undefined && { request: scored }),
        confirmed: confirm,
      });
      return reply.code(202).header('location', `/environments/${name}/move`).send(move);
    },
  );
};

/** GET /environments/{name}/move: the last move of the environment. */
const getMove: Route = (app, { moves }) => {
  app.get(
    '/environments/:name/move',
    {
      schema: {
        operationId: 'getMove',
        summary: 'Get the last move of an environment',
        tags: ['environments'],
        params: NameParams,
        response: { 200: answer('The move.', ref(Move), example), ...problems('NotFound') },
      },
    },
    (request) => moves.get(request.params.name),
  );
};

/** POST /environments/{name}/move/confirm: tears the old environment down once the answers agree. */
const confirmMove: Route = (app, { moves }) => {
  app.post(
    '/environments/:name/move/confirm',
    {
      schema: {
        operationId: 'confirmMove',
        summary: 'Confirm a move',
        description:
          'The old environment is torn down as soon as the answers agree. A protected one is not. The operation takes no body.',
        tags: ['environments'],
        params: NameParams,
        response: {
          202: answer('Confirmed.', ref(Move), { ...example, confirmedBy: 'ana@example.com', state: 'handingOver' }),
          ...problems('InvalidBody', 'NotFound', 'MoveRefused', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => reply.code(202).send(await moves.as(request.caller).confirm(request.params.name)),
  );
};

/** DELETE /environments/{name}/move: ends a move; both environments stay. */
const cancelMove: Route = (app, { moves }) => {
  app.delete(
    '/environments/:name/move',
    {
      schema: {
        operationId: 'cancelMove',
        summary: 'Cancel a move',
        description:
          'Both environments stay as they are: DELETE the new one where it is not wanted. A hand-over that has begun is not cancelled. The operation takes no body.',
        tags: ['environments'],
        params: NameParams,
        response: {
          202: answer('Cancelled.', ref(Move), { ...example, state: 'cancelled' }),
          ...problems('InvalidBody', 'NotFound', 'MoveRefused', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => reply.code(202).send(await moves.as(request.caller).cancel(request.params.name)),
  );
};

/** Everything below /environments/{name}/move. */
export const moveRoutes: readonly Route[] = [moveEnvironment, getMove, confirmMove, cancelMove];
