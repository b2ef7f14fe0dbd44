import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

/** POST /environments/{name}/verify: proves the isolation of a ready environment now. */
export const verifyEnvironment: Route = (app, { environments }) => {
  app.post(
    '/environments/:name/verify',
    {
      schema: {
        operationId: 'verifyEnvironment',
        summary: 'Prove the isolation now',
        description:
          'Starts a run of kind `verify`; it takes a minute or two on Azure. When it has ended, `proof` of the environment is the new one. ' +
          'A failed row fails the run with `IsolationBroken`; the environment stays ready. The operation takes no body.',
        tags: ['environments'],
        params: NameParams,
        response: {
          202: answer('Proof started.', ref(Environment), examples.verifying),
          ...problems('InvalidBody', 'NotFound', 'NotReady', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => reply.code(202).send(await environments.as(request.caller).verify(request.params.name)),
  );
};
