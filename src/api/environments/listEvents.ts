import { listedOf } from '../../domain/listedEnvironment.ts';
import { problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { lastEventIdOf, streamEvents } from '../sse.ts';

/** GET /events: changes of all environments as server-sent events. */
export const watchEnvironments: Route = (app, { environments }) => {
  app.get(
    '/events',
    {
      sse: 'manual',
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchEnvironments',
        summary: 'Changes of all environments as server-sent events',
        description:
          'The event type is `progress`; the data is a `ListedEnvironment`, like an item of the list. The stream begins with the environments that have a run in progress or have changed in the last 15 seconds; then follows one event for each environment that has changed, within about a second: it is new, its state, lease or progress is another one, or it is deleted. Open the stream first, then read the list. The stream does not end by itself. A reconnection with `Last-Event-ID` also receives what has changed since, an hour at most: after a longer time read the list again. An event may be repeated. What a step waits for on Azure is in `GET /environments/{name}/events`.',
        tags: ['environments'],
        response: {
          200: {
            description: 'What is active, then each change.',
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `id: 2026-11-23T18:04:12.000Z\nevent: progress\ndata: ${JSON.stringify(listedOf(examples.provisioning))}\n\n`,
              },
            },
          },
          ...problems(),
        },
      },
    },
    (request, reply) => streamEvents(request, reply, (signal) => environments.watchAll(lastEventIdOf(request), signal)),
  );
};
