import Type from 'typebox';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

const CancelRequest = strictObject({
  teardown: Type.Optional(
    Type.Boolean({ default: false, description: 'true: also tears the environment down once the run has ended' }),
  ),
});

/** POST /environments/{name}/cancel: cancels the run in progress. */
export const cancelRun: Route = (app, { environments }) => {
  app.post(
    '/environments/:name/cancel',
    {
      schema: {
        operationId: 'cancelRun',
        summary: 'Cancel the run in progress',
        description: 'The body is optional.',
        tags: ['environments'],
        params: NameParams,
        body: { ...CancelRequest, examples: [{ teardown: true }] },
        response: {
          202: answer('Cancellation requested.', ref(Environment), examples.provisioning),
          ...problems('InvalidBody', 'NotFound', 'NothingRuns', 'PayloadTooLarge', 'UnsupportedMediaType', 'Protected'),
        },
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {};
      },
    },
    async (request, reply) => {
      const { params, body, caller } = request;
      const teardown = body.teardown ?? false;
      return reply.code(202).send(await environments.as(caller).cancel(params.name, { teardown }));
    },
  );
};
