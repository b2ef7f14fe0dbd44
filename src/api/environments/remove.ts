import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schema.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

/** DELETE /environments/{name}: starts the teardown; a run at work is cancelled first. */
export const removeEnvironment: Route = (app, { environments }) => {
  app.delete(
    '/environments/:name',
    {
      schema: {
        operationId: 'removeEnvironment',
        summary: 'Tear an environment down',
        description: 'A run at work is cancelled first. Again: the same teardown.',
        tags: ['environments'],
        params: NameParams,
        response: {
          202: answer('It is being torn down.', ref(Environment), examples.deleting),
          ...problems('NotFound', 'Protected'),
        },
      },
    },
    async (request, reply) => reply.code(202).send(await environments.remove(request.params.name)),
  );
};
