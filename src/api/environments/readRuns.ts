import Type from 'typebox';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schemaHelpers.ts';
import { RunRecord } from '../schemas.ts';
import { NameParams, RunParams } from './params.ts';

const Runs = strictObject({ items: Type.Array(ref(RunRecord)) });

/** GET /environments/{name}/runs: the last 20 runs with their receipts. */
export const listRuns: Route = (app, { environments }) => {
  app.get(
    '/environments/:name/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'List the runs of an environment',
        description: 'The last 20 runs are kept.',
        tags: ['runs'],
        params: NameParams,
        response: { 200: answer('The runs.', Runs, { items: [examples.run] }), ...problems('NotFound') },
      },
    },
    async ({ params }) => ({ items: await environments.runs(params.name) }),
  );
};

/** GET /environments/{name}/runs/{runId}: one run with its receipt. */
export const getRun: Route = (app, { environments }) => {
  app.get(
    '/environments/:name/runs/:runId',
    {
      schema: {
        operationId: 'getRun',
        summary: 'Get a run with its receipt',
        tags: ['runs'],
        params: RunParams,
        response: { 200: answer('The run.', ref(RunRecord), examples.run), ...problems('NotFound') },
      },
    },
    (request) => environments.run(request.params.name, request.params.runId),
  );
};
