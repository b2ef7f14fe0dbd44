import Type from 'typebox';
import { environmentStates } from '../../domain/environment.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { ownerPattern } from '../newEnvironment.ts';
import { convertQuery } from '../query.ts';
import type { Route } from '../route.ts';
import { strictObject, nullable, oneOf, ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';

const Query = strictObject({
  state: Type.Optional(oneOf(environmentStates)),
  owner: Type.Optional(Type.String({ pattern: ownerPattern, description: 'a name or an e-mail address' })),
  expired: Type.Optional(Type.Boolean({ description: 'whether the lease has expired' })),
  marked: Type.Optional(Type.Boolean({ description: 'whether it is in its grace period' })),
  protected: Type.Optional(Type.Boolean({ description: 'whether it is protected' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: '`nextCursor` of the previous page' }),
  ),
});

const Page = strictObject({ items: Type.Array(ref(Environment)), nextCursor: nullable(Type.String()) });

/** GET /environments: a page of the environments that match the filters. */
export const listEnvironments: Route = (app, { environments }) => {
  app.get(
    '/environments',
    {
      schema: {
        operationId: 'listEnvironments',
        summary: 'List environments',
        tags: ['environments'],
        querystring: Query,
        response: {
          200: answer('A page.', Page, { items: [examples.ready], nextCursor: null }),
          ...problems('InvalidParameters'),
        },
      },
      preValidation: async (request) => {
        request.query = convertQuery(Query, request.query) as typeof request.query;
      },
    },
    (request) => environments.list({ ...request.query, limit: request.query.limit ?? 50 }),
  );
};
