import Type from 'typebox';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schema.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

const CancelRequest = strictObject({
  teardown: Type.Optional(Type.Boolean({ default: false, description: 'true: also takes everything down' })),
});

/** POST /environments/{name}/cancel: stops the run at work. */
export const cancelRun: Route = (app, { environments }) => {
  app.post(
    '/environments/:name/cancel',
    {
      schema: {
        operationId: 'cancelRun',
        summary: 'Stop the run at work',
        description: 'The body may be left out.',
        tags: ['environments'],
        params: NameParams,
        body: { ...CancelRequest, examples: [{ teardown: true }] },
        response: {
          202: answer('It is being stopped.', ref(Environment), examples.provisioning),
          ...problems('InvalidBody', 'NotFound', 'NothingRuns', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {};
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      return reply.code(202).send(await environments.cancel(name, { teardown: request.body.teardown ?? false }));
    },
  );
};
