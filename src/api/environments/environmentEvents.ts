import { problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { lastEventIdOf, streamEvents } from '../sse.ts';
import { NameParams } from './params.ts';

/** GET /environments/{name}/events: progress as server-sent events, the current state first. */
export const watchEnvironment: Route = (app, { environments }) => {
  app.get(
    '/environments/:name/events',
    {
      sse: 'manual',
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchEnvironment',
        summary: 'Progress as server-sent events',
        description:
          'The event type is `progress`; the data is an `Environment`. The stream ends when no run is in progress; a reconnection with `Last-Event-ID` is then answered 204.',
        tags: ['environments'],
        params: NameParams,
        response: {
          200: {
            description: 'The current state, then each change.',
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `id: 7\nevent: progress\ndata: ${JSON.stringify(examples.provisioning)}\n\n`,
              },
            },
          },
          204: { description: 'No run in progress and no further events.', type: 'null' },
          ...problems('NotFound'),
        },
      },
    },
    (request, reply) =>
      streamEvents(request, reply, (signal) => environments.watch(request.params.name, lastEventIdOf(request), signal)),
  );
};
