import Type from 'typebox';
import { Problem } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import { maxRequestBytes } from '../body.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schema.ts';
import { Score } from '../schemas.ts';
import type { Json } from '../../domain/environment.ts';
import { IdempotencyHeaders, NameParams } from './params.ts';

/** POST /environments/{name}/score: sends the body to the endpoint from inside the virtual network. */
export const scoreEnvironment: Route = (app, { environments }) => {
  app.post(
    '/environments/:name/score',
    {
      schema: {
        operationId: 'scoreEnvironment',
        summary: 'Score a request from inside the virtual network',
        description: 'Takes tens of seconds on Azure. At most 16 KiB.',
        tags: ['environments'],
        params: NameParams,
        headers: IdempotencyHeaders,
        body: Type.Unsafe<Json>({ description: 'what to score: any JSON', examples: [examples.scoreRequest] }),
        response: {
          200: answer("The endpoint's answer.", ref(Score), examples.score),
          ...problems(
            'InvalidBody',
            'InvalidParameters',
            'NotFound',
            'NotReady',
            'PayloadTooLarge',
            'UnsupportedMediaType',
            'AnswerTooLarge',
            'ScoreFailed',
          ),
        },
      },
      preValidation: async (request) => {
        if (request.body === undefined)
          throw new Problem('InvalidBody', 'There is nothing to score.', {
            errors: [{ path: '', message: 'is required' }],
          });
        // Written out, 1e20 is longer than it was read.
        if (Buffer.byteLength(JSON.stringify(request.body)) > maxRequestBytes)
          throw new Problem('PayloadTooLarge', 'The request to score is larger than 16 KiB.');
      },
    },
    (request) => environments.score(request.params.name, request.body, request.headers['idempotency-key']),
  );
};
