import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

/** DELETE /environments/{name}: starts a teardown; a run in progress is cancelled first. */
export const removeEnvironment: Route = (app, { environments }) => {
  app.delete(
    '/environments/:name',
    {
      schema: {
        operationId: 'removeEnvironment',
        summary: 'Tear an environment down',
        description:
          'A run in progress is cancelled first. Repeating the request answers the same teardown. The operation takes no body.',
        tags: ['environments'],
        params: NameParams,
        response: {
          202: answer('Teardown started.', ref(Environment), examples.deleting),
          ...problems('InvalidBody', 'NotFound', 'PayloadTooLarge', 'UnsupportedMediaType', 'Protected'),
        },
      },
    },
    async (request, reply) => reply.code(202).send(await environments.as(request.caller).remove(request.params.name)),
  );
};
