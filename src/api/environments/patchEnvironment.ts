import Type from 'typebox';
import type { Static } from 'typebox';
import { isProtectedTag, parseDuration } from '../../domain/lease.ts';
import { maxTagValueLength } from '../../domain/limits.ts';
import { Problem } from '../../domain/problem.ts';
import type { ValidationError } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { strictObject, ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { IdempotencyHeaders, NameParams } from './params.ts';

const LeaseChange = strictObject({
  ttl: NewEnvironment.properties.ttl,
  protected: Type.Optional(
    Type.Boolean({
      description: 'true: never torn down, neither by a sweep nor by DELETE; false: removes the protection',
    }),
  ),
  reason: Type.Optional(
    Type.String({
      pattern: `^[^\\s\\x00-\\x1f\\x7f]([^\\x00-\\x1f\\x7f]{0,${maxTagValueLength - 2}}[^\\s\\x00-\\x1f\\x7f])?$`,
      description:
        `1 to ${maxTagValueLength} UTF-16 code units on one line, the limit of an Azure tag; ` +
        'why the environment is protected',
    }),
  ),
});

/** Errors that a schema cannot express. A schema counts characters, Azure counts UTF-16 code units: an emoji has two. */
function errorsOf(change: Static<typeof LeaseChange>, maxTtl: string): ValidationError[] {
  const { ttl, reason } = change;
  const errors: ValidationError[] = [];
  if (ttl === undefined && change.protected === undefined)
    errors.push({ path: '', message: 'must have ttl or protected' });
  if (ttl !== undefined && parseDuration(ttl)! > parseDuration(maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${maxTtl}` });
  if (reason === undefined) return errors;
  if (change.protected !== true) errors.push({ path: '/reason', message: 'must come with protected: true' });
  if (reason.length > maxTagValueLength)
    errors.push({
      path: '/reason',
      message: `must have at most ${maxTagValueLength} UTF-16 code units; it has ${reason.length}`,
    });
  if (!isProtectedTag(reason))
    errors.push({ path: '/reason', message: 'must not be `false`: the tag would mean that nothing is protected' });
  return errors;
}

/** PATCH /environments/{name}: renews the lease from now, protects the environment or removes its protection. */
export const changeLease: Route = (app, { environments, config }) => {
  app.patch(
    '/environments/:name',
    {
      schema: {
        operationId: 'changeLease',
        summary: 'Renew the lease, protect or unprotect',
        description:
          "The answer is sent after the lease has been written to the tags of the environment's resource group. " +
          'A teardown that a sweep has requested is stopped as long as nothing has been deleted. ' +
          'With an `Idempotency-Key`, a repetition of the same PATCH with the same body returns the first result; ' +
          'the same key with another body or on another operation is refused with `IdempotencyKeyReused`.',
        tags: ['environments'],
        params: NameParams,
        headers: IdempotencyHeaders,
        body: { ...LeaseChange, examples: [{ protected: true, reason: 'demo on Friday' }] },
        response: {
          200: answer('The environment with its lease.', ref(Environment), examples.ready),
          ...problems(
            'InvalidBody',
            'ForbiddenByPolicy',
            'InvalidParameters',
            'NotFound',
            'BeingDeleted',
            'PayloadTooLarge',
            'UnsupportedMediaType',
            'IdempotencyKeyReused',
          ),
        },
      },
    },
    ({ params, body, headers, caller }) => {
      const errors = errorsOf(body, config.lease.maxTtl);
      if (errors.length > 0) throw new Problem('InvalidBody', 'Validation failed; the lease is unchanged.', { errors });
      return environments.as(caller).change(params.name, body, headers['idempotency-key']);
    },
  );
};
