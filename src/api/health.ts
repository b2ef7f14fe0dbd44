import Type from 'typebox';
import { Problem } from '../domain/problem.ts';
import { answer, problems } from './answers.ts';
import type { Route } from './route.ts';
import { strictObject, oneOf } from './schemaHelpers.ts';

const Health = strictObject({ status: oneOf(['ok']), target: oneOf(['emulator', 'azure']), version: Type.String() });
const Readiness = strictObject({ status: oneOf(['ready']) });

/** GET /healthz: this process is alive. */
export const healthz: Route = (app, { config, version }) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'healthz',
        summary: 'Liveness',
        tags: ['service'],
        response: {
          200: answer('Live.', Health, { status: 'ok', target: 'emulator', version: '0.1.0' }),
          ...problems(),
        },
      },
    },
    async () => ({ status: 'ok' as const, target: config.target.kind, version }),
  );
};

/** GET /readyz: Temporal is reachable and a worker polls; otherwise 503 with the cause. */
export const readyz: Route = (app, { environments }) => {
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        summary: 'Readiness',
        tags: ['service'],
        response: { 200: answer('Ready.', Readiness, { status: 'ready' }), ...problems() },
      },
    },
    async () => {
      const { temporal, worker } = await environments.readiness();
      if (!temporal) throw new Problem('Unavailable', 'Temporal is not reachable.', { retryAfter: 5 });
      if (!worker) throw new Problem('Unavailable', 'No worker polls the task queue.', { retryAfter: 5 });
      return { status: 'ready' as const };
    },
  );
};
