import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { NameParams } from './params.ts';

/** GET /environments/{name}: one environment with its progress. */
export const getEnvironment: Route = (app, { environments }) => {
  app.get(
    '/environments/:name',
    {
      schema: {
        operationId: 'getEnvironment',
        summary: 'Get an environment with its progress',
        description: 'A deleted environment can be read for 30 days.',
        tags: ['environments'],
        params: NameParams,
        response: { 200: answer('The environment.', ref(Environment), examples.ready), ...problems('NotFound') },
      },
    },
    (request) => environments.get(request.params.name),
  );
};
