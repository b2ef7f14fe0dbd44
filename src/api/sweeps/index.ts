import Type from 'typebox';
import { Value } from 'typebox/value';
import { answer, problems } from '../answers.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schema.ts';
import * as examples from './examples.ts';
import { Sweep, SweepSummary } from './schemas.ts';

const tags = ['sweeps'];
const SweepParams = Type.Object({ id: Type.String({ pattern: '^sweep-[0-9A-Za-z:.-]{1,100}$' }) });
const Query = strictObject({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })) });
const SweepRequest = strictObject({
  dryRun: Type.Optional(Type.Boolean({ default: false, description: 'true: it only tells what it would do' })),
});
const Page = strictObject({ items: Type.Array(ref(SweepSummary)) });

/** GET /sweeps: the newest sweeps. */
const listSweeps: Route = (app, { sweeps }) => {
  app.get(
    '/sweeps',
    {
      schema: {
        operationId: 'listSweeps',
        summary: 'The newest sweeps',
        tags,
        querystring: Query,
        response: { 200: answer('Newest first.', Page, { items: [examples.ended] }), ...problems('InvalidParameters') },
      },
      preValidation: async (request) => {
        request.query = Value.Convert(Query, request.query) as typeof request.query;
      },
    },
    (request) => sweeps.list(request.query.limit ?? 50).then((items) => ({ items })),
  );
};

/** GET /sweeps/{id}: one, with its lists. */
const getSweep: Route = (app, { sweeps }) => {
  app.get(
    '/sweeps/:id',
    {
      schema: {
        operationId: 'getSweep',
        summary: 'One sweep, with its lists',
        tags,
        params: SweepParams,
        response: { 200: answer('The sweep.', ref(Sweep), examples.sweep), ...problems('NotFound') },
      },
    },
    (request) => sweeps.get(request.params.id),
  );
};

/** POST /sweeps: a sweep by hand. */
const startSweep: Route = (app, { sweeps }) => {
  app.post(
    '/sweeps',
    {
      schema: {
        operationId: 'startSweep',
        summary: 'Sweep now',
        description: 'What a dry one tells is what a real one would do. The body may be left out.',
        tags,
        body: { ...SweepRequest, examples: [{ dryRun: true }] },
        response: {
          202: {
            ...answer('It is at work.', ref(SweepSummary), examples.begun),
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
      const begun = await sweeps.start(request.body.dryRun ?? false);
      return reply.code(202).header('location', `/sweeps/${begun.id}`).send(begun);
    },
  );
};

/** POST /sweeps/{id}/approve: a sweep that is limited to the list of one that stopped. */
const approveSweep: Route = (app, { sweeps }) => {
  app.post(
    '/sweeps/:id/approve',
    {
      schema: {
        operationId: 'approveSweep',
        summary: 'Approve what a stopped sweep would have torn down',
        description:
          'Starts a sweep that is limited to the list `due`. Every entry is checked again, and the cap holds.',
        tags,
        params: SweepParams,
        response: {
          202: {
            ...answer('It is at work.', ref(SweepSummary), { ...examples.begun, approvedSweepId: examples.id }),
            headers: { Location: { type: 'string', description: 'path of the sweep' } },
          },
          ...problems('NotFound', 'NotStopped', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => {
      const begun = await sweeps.approve(request.params.id);
      return reply.code(202).header('location', `/sweeps/${begun.id}`).send(begun);
    },
  );
};

/** Everything below /sweeps, in the order of the OpenAPI document. */
export const sweepRoutes: readonly Route[] = [listSweeps, getSweep, startSweep, approveSweep];
