import Type from 'typebox';
import type { Static } from 'typebox';
import { parseDuration } from '../../domain/lease.ts';
import { Problem } from '../../domain/problem.ts';
import type { ValidationError } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schema.ts';
import { Environment } from '../schemas.ts';
import { IdempotencyHeaders, NameParams } from './params.ts';

/** What a tag's value can hold, with room to spare (Azure docs: tag limits). */
const longestReason = 200;

const LeaseChange = strictObject({
  ttl: NewEnvironment.properties.ttl,
  protected: Type.Optional(
    Type.Boolean({ description: 'true: nothing is torn down, neither by age nor by DELETE; false: released' }),
  ),
  reason: Type.Optional(
    Type.String({
      pattern: `^[^\\s\\x00-\\x1f\\x7f]([^\\x00-\\x1f\\x7f]{0,${longestReason - 2}}[^\\s\\x00-\\x1f\\x7f])?$`,
      description: `1 to ${longestReason} characters on one line; why it is protected`,
    }),
  ),
});

/** What a schema cannot say. */
function faultsIn(change: Static<typeof LeaseChange>, maxTtl: string): ValidationError[] {
  const { ttl, reason } = change;
  const errors: ValidationError[] = [];
  if (ttl === undefined && change.protected === undefined)
    errors.push({ path: '', message: 'must have ttl or protected' });
  if (ttl !== undefined && parseDuration(ttl)! > parseDuration(maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${maxTtl}` });
  if (reason !== undefined && change.protected !== true)
    errors.push({ path: '/reason', message: 'must come with protected: true' });
  return errors;
}

/** PATCH /environments/{name}: renews the lease from now, protects the environment or releases it. */
export const changeLease: Route = (app, { environments, config }) => {
  app.patch(
    '/environments/:name',
    {
      schema: {
        operationId: 'changeLease',
        summary: 'Renew, protect or release',
        description:
          'The lease is written to the tags of the resource group before it is answered. A sweep that is about to take the environment down gives way to it.',
        tags: ['environments'],
        params: NameParams,
        headers: IdempotencyHeaders,
        body: { ...LeaseChange, examples: [{ protected: true, reason: 'demo on Friday' }] },
        response: {
          200: answer('The environment with its lease.', ref(Environment), examples.ready),
          ...problems(
            'InvalidBody',
            'InvalidParameters',
            'NotFound',
            'BeingDeleted',
            'PayloadTooLarge',
            'UnsupportedMediaType',
          ),
        },
      },
    },
    (request) => {
      const errors = faultsIn(request.body, config.lease.maxTtl);
      if (errors.length > 0) throw new Problem('InvalidBody', 'Validation failed; nothing was changed.', { errors });
      return environments.change(request.params.name, request.body, request.headers['idempotency-key']);
    },
  );
};
