import Type from 'typebox';
import { answer, problems } from '../answers.ts';
import { convertQuery, Cursor, NextCursor } from '../query.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schemaHelpers.ts';
import * as examples from './sweepExamples.ts';
import { Sweep, SweepSchedule, SweepSummary } from './sweepSchemas.ts';

const tags = ['sweeps'];
const SweepParams = Type.Object({ id: Type.String({ pattern: '^sweep-[0-9A-Za-z:.-]{1,100}$' }) });
const Query = strictObject({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Cursor,
});
const SweepRequest = strictObject({
  dryRun: Type.Optional(Type.Boolean({ default: false, description: 'true: only reports what a sweep would do' })),
});
const Page = strictObject({ items: Type.Array(ref(SweepSummary)), nextCursor: NextCursor });

/** GET /sweeps: a page of the sweeps, the newest first. */
const listSweeps: Route = (app, { sweeps }) => {
  app.get(
    '/sweeps',
    {
      schema: {
        operationId: 'listSweeps',
        summary: 'List sweeps',
        tags,
        querystring: Query,
        response: {
          200: answer('Newest first: running ones, then the last one that ended.', Page, {
            items: [examples.completed],
            nextCursor: null,
          }),
          ...problems('InvalidParameters'),
        },
      },
      preValidation: async (request) => {
        request.query = convertQuery(Query, request.query) as typeof request.query;
      },
    },
    (request) => sweeps.list({ ...request.query, limit: request.query.limit ?? 50 }),
  );
};

/** GET /sweeps/schedule: when sweeps run, and what they may do. */
const getSweepSchedule: Route = (app, { sweepSchedule }) => {
  app.get(
    '/sweeps/schedule',
    {
      schema: {
        operationId: 'getSweepSchedule',
        summary: 'Get the schedule and the policy of sweeps',
        description: 'By the settings of the API, which should be those of the workers.',
        tags,
        response: { 200: answer('The schedule.', ref(SweepSchedule), examples.schedule), ...problems() },
      },
    },
    () => sweepSchedule(),
  );
};

/** GET /sweeps/{id}: one sweep with its lists. */
const getSweep: Route = (app, { sweeps }) => {
  app.get(
    '/sweeps/:id',
    {
      schema: {
        operationId: 'getSweep',
        summary: 'Get a sweep with its lists',
        tags,
        params: SweepParams,
        response: { 200: answer('The sweep.', ref(Sweep), examples.sweep), ...problems('NotFound') },
      },
    },
    (request) => sweeps.get(request.params.id),
  );
};

/** POST /sweeps: starts a sweep now. */
const startSweep: Route = (app, { sweeps }) => {
  app.post(
    '/sweeps',
    {
      schema: {
        operationId: 'startSweep',
        summary: 'Start a sweep now',
        description: 'A dry run returns the plan that a real sweep would execute. The body is optional.',
        tags,
        body: { ...SweepRequest, examples: [{ dryRun: true }] },
        response: {
          202: {
            ...answer('Sweep started.', ref(SweepSummary), { ...examples.started, requestedBy: 'ops@example.com' }),
            headers: { Location: { type: 'string', description: 'path of the sweep' } },
          },
          ...problems('InvalidBody', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {};
      },
    },
    async (request, reply) => {
      const started = await sweeps.start(request.body.dryRun ?? false, request.caller.name);
      return reply.code(202).header('location', `/sweeps/${started.id}`).send(started);
    },
  );
};

/** POST /sweeps/{id}/approve: starts a sweep that is limited to the list `due` of a stopped sweep. */
const approveSweep: Route = (app, { sweeps }) => {
  app.post(
    '/sweeps/:id/approve',
    {
      schema: {
        operationId: 'approveSweep',
        summary: 'Approve the teardowns of a stopped sweep',
        description:
          'Starts a sweep that is limited to the list `due` of the stopped one. Every entry is checked again, and the cap applies. The operation takes no body.',
        tags,
        params: SweepParams,
        response: {
          202: {
            ...answer('Sweep started.', ref(SweepSummary), {
              ...examples.started,
              requestedBy: 'ops@example.com',
              approvedSweepId: examples.id,
            }),
            headers: { Location: { type: 'string', description: 'path of the sweep' } },
          },
          ...problems('InvalidBody', 'NotFound', 'NotStopped', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => {
      const started = await sweeps.approve(request.params.id, request.caller.name);
      return reply.code(202).header('location', `/sweeps/${started.id}`).send(started);
    },
  );
};

/** Everything below /sweeps, in the order of the OpenAPI document. */
export const sweepRoutes: readonly Route[] = [listSweeps, getSweepSchedule, getSweep, startSweep, approveSweep];
