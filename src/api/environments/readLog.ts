import Type from 'typebox';
import { logContainers, maxLogLines } from '../../domain/containerLog.ts';
import { problems } from '../answers.ts';
import { convertQuery } from '../query.ts';
import type { Route } from '../route.ts';
import { oneOf, strictObject } from '../schemaHelpers.ts';
import { NameParams } from './params.ts';

const defaultTail = 200;

const Query = strictObject({
  container: Type.Optional(
    oneOf(logContainers, {
      default: 'inference-server',
      description: '`inference-server` runs the model; `storage-initializer` downloads it before',
    }),
  ),
  tail: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maxLogLines, default: defaultTail, description: 'number of last lines' }),
  ),
});

/** GET /environments/{name}/logs: the end of the deployment's container log. */
export const readLog: Route = (app, { environments }) => {
  app.get(
    '/environments/:name/logs',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'readLog',
        summary: "Read the end of the deployment's container log",
        description:
          'At most 200,000 bytes, the last ones. Values that look like keys, tokens, passwords or signed URLs are replaced. Empty where the container has no log. Needs a worker.',
        tags: ['environments'],
        params: NameParams,
        querystring: Query,
        response: {
          200: {
            description: 'The last lines, oldest first.',
            content: {
              'text/plain': {
                schema: { type: 'string' },
                example: '2026-11-23T18:35:02.114Z Azure ML Inferencing HTTP server',
              },
            },
          },
          ...problems('InvalidParameters', 'NotFound', 'NoDeployment', 'LogFailed'),
        },
      },
      preValidation: async (request) => {
        request.query = convertQuery(Query, request.query) as typeof request.query;
      },
    },
    async ({ params, query }, reply) => {
      const { container = 'inference-server', tail = defaultTail } = query;
      const text = await environments.log(params.name, { container, tail });
      return reply.type('text/plain; charset=utf-8').send(text);
    },
  );
};
