import Type from 'typebox';
import { maxScoreRequestBytes } from '../../domain/limits.ts';
import { Problem } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { Score } from '../schemas.ts';
import type { Json } from '../../domain/environment.ts';
import { IdempotencyHeaders, NameParams } from './params.ts';

const bodyHelp =
  'Send JSON of at most 16 KiB (content-type application/json). Other content types and larger requests are proved as the sample of a model: put the sample request into the repository and name it as "requestFile" in "model".';

/** POST /environments/{name}/score: sends the body to the endpoint from inside the virtual network. */
export const scoreEnvironment: Route = (app, { environments }) => {
  app.post(
    '/environments/:name/score',
    {
      config: { bodyHelp },
      schema: {
        operationId: 'scoreEnvironment',
        summary: 'Score a request from inside the virtual network',
        description:
          'Takes tens of seconds on Azure; while another score or proof runs, it waits for that; where six scores run or wait, a further one is answered 503 after 30 s. The body has at most 16 KiB, 32 levels of nesting and 4,000 values. ' +
          'With an `Idempotency-Key`, a repetition of the same request with the same body returns the first answer; ' +
          'the same key with another body or on another operation is refused with `IdempotencyKeyReused`.',
        tags: ['environments'],
        params: NameParams,
        headers: IdempotencyHeaders,
        body: Type.Unsafe<Json>({
          description: 'the request to score: any JSON value',
          examples: [examples.scoreRequest],
        }),
        response: {
          200: answer("The endpoint's answer.", ref(Score), examples.score),
          ...problems(
            'InvalidBody',
            'InvalidParameters',
            'NotFound',
            'NotReady',
            'PayloadTooLarge',
            'UnsupportedMediaType',
            'IdempotencyKeyReused',
            'AnswerTooLarge',
            'ScoreFailed',
            'Cancelled',
          ),
        },
      },
      preValidation: async (request) => {
        if (request.body === undefined)
          throw new Problem('InvalidBody', 'The body is missing.', {
            errors: [{ path: '', message: 'is required' }],
          });
        // JSON.stringify writes 1e20 with 21 digits.
        if (Buffer.byteLength(JSON.stringify(request.body)) > maxScoreRequestBytes)
          throw new Problem('PayloadTooLarge', `The request to score is larger than 16 KiB. ${bodyHelp}`);
      },
    },
    ({ params, body, headers, caller }) => environments.as(caller).score(params.name, body, headers['idempotency-key']),
  );
};
