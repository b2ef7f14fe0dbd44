import Type from 'typebox';
import { environmentStates } from '../../domain/environment.ts';
import { listedOf } from '../../domain/listedEnvironment.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { ownerPattern } from '../newEnvironment.ts';
import { convertQuery, Cursor, NextCursor } from '../query.ts';
import type { Route } from '../route.ts';
import { strictObject, oneOf, ref } from '../schemaHelpers.ts';
import { ListedEnvironment } from '../schemas.ts';

const Query = strictObject({
  state: Type.Optional(oneOf(environmentStates, { description: 'default: all but `deleted`' })),
  owner: Type.Optional(Type.String({ pattern: ownerPattern, description: 'a name or an e-mail address' })),
  q: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,32}$', description: 'the beginning of the name' })),
  expired: Type.Optional(Type.Boolean({ description: 'whether the lease has expired' })),
  marked: Type.Optional(Type.Boolean({ description: 'whether it is in its grace period' })),
  protected: Type.Optional(Type.Boolean({ description: 'whether it is protected' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Cursor,
});

const Page = strictObject({ items: Type.Array(ref(ListedEnvironment)), nextCursor: NextCursor });

/** GET /environments: a page of the environments that match the filters. */
export const listEnvironments: Route = (app, { environments }) => {
  app.get(
    '/environments',
    {
      schema: {
        operationId: 'listEnvironments',
        summary: 'List environments',
        description:
          'Newest first: by the start of their workflow; deleted ones by the time of their deletion. A list shows a change within a second. A page can have fewer items than `limit`.',
        tags: ['environments'],
        querystring: Query,
        response: {
          200: answer('A page.', Page, { items: [listedOf(examples.ready)], nextCursor: null }),
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
