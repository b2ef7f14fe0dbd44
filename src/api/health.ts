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

/** GET /readyz: Temporal and the target answer, and a worker polls; 503 names each part that is not ready. */
export const readyz: Route = (app, { environments, targetReady }) => {
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        summary: 'Readiness',
        description:
          'Ready: Temporal answers, a worker polls its task queue, and the target cloud answers and (emulator) can write its state. Otherwise 503; `detail` names each part that is not ready.',
        tags: ['service'],
        response: { 200: answer('Ready.', Readiness, { status: 'ready' }), ...problems() },
      },
    },
    async () => {
      const [{ temporal, worker }, target] = await Promise.all([environments.readiness(), targetReady()]);
      const missing = [
        ...(temporal ? [] : ['Temporal is unavailable.']),
        ...(temporal && !worker ? ['No worker polls the task queue.'] : []),
        ...(target ? [] : ['The target does not answer or cannot write its state.']),
      ];
      if (missing.length > 0) throw new Problem('Unavailable', missing.join(' '), { retryAfter: 5 });
      return { status: 'ready' as const };
    },
  );
};
