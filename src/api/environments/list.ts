import Type from 'typebox';
import { Value } from 'typebox/value';
import { environmentStates } from '../../domain/environment.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { ownerPattern } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { strictObject, nullable, oneOf, ref } from '../schema.ts';
import { Environment } from '../schemas.ts';

const Query = strictObject({
  state: Type.Optional(oneOf(environmentStates)),
  owner: Type.Optional(Type.String({ pattern: ownerPattern, description: 'a name or an address' })),
  expired: Type.Optional(Type.Boolean({ description: 'whether the lease is over' })),
  marked: Type.Optional(Type.Boolean({ description: 'whether its grace runs' })),
  protected: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: '`nextCursor` of the page before this one' }),
  ),
});

const Page = strictObject({ items: Type.Array(ref(Environment)), nextCursor: nullable(Type.String()) });

/** GET /environments: all of them, or those of a state or an owner, page by page. */
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
      // Bodies are taken as they are; in a query everything is a string.
      preValidation: async (request) => {
        request.query = Value.Convert(Query, request.query) as typeof request.query;
      },
    },
    (request) => environments.list({ ...request.query, limit: request.query.limit ?? 50 }),
  );
};
