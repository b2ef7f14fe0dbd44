import Type from 'typebox';
import { answer, problems } from './answers.ts';
import { HttpProblem } from './problems.ts';
import { ReadinessCheck } from './readinessCheck.ts';
import type { Route } from './route.ts';
import { strictObject, oneOf, ref } from './schemaHelpers.ts';

const Health = strictObject({ status: oneOf(['ok']), target: oneOf(['emulator', 'azure']), version: Type.String() });
const Readiness = strictObject({ status: oneOf(['ready']), checks: Type.Array(ref(ReadinessCheck)) });

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
          'Ready: Temporal answers, a worker polls its task queue, and the target cloud answers and (emulator) can write its state. Otherwise 503; `detail` names each part that is not ready, and `checks` has all of them.',
        tags: ['service'],
        response: {
          200: answer('Ready.', Readiness, { status: 'ready', checks: checksOf(true, true, true) }),
          ...problems(),
        },
      },
    },
    async () => {
      const [{ temporal, worker }, target] = await Promise.all([environments.readiness(), targetReady()]);
      const checks = checksOf(temporal, worker, target);
      if (checks.every(({ ready }) => ready)) return { status: 'ready' as const, checks };
      // whether a worker polls is asked of Temporal
      const missing = checks.filter(({ id, ready }) => !ready && (id !== 'worker' || temporal));
      const detail = missing.map(({ message }) => message).join(' ');
      throw new HttpProblem('Unavailable', detail, { checks });
    },
  );
};

const checkOf = (id: ReadinessCheck['id'], ready: boolean, good: string, bad: string): ReadinessCheck => ({
  id,
  ready,
  message: ready ? good : bad,
});

function checksOf(temporal: boolean, worker: boolean, target: boolean): ReadinessCheck[] {
  const noWorker = temporal ? 'No worker polls the task queue.' : 'Unknown, because Temporal is unavailable.';
  return [
    checkOf('temporal', temporal, 'Temporal answers.', 'Temporal is unavailable.'),
    checkOf('worker', temporal && worker, 'A worker polls the task queue.', noWorker),
    checkOf(
      'target',
      target,
      'The target answers and can write its state.',
      'The target does not answer or cannot write its state.',
    ),
  ];
}
