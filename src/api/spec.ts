import { createHash } from 'node:crypto';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { Spec } from '../domain/environment.ts';
import { instanceTypeOf } from '../domain/instanceTypes.ts';
import { parseDuration } from '../domain/lease.ts';
import { Problem } from '../domain/problem.ts';
import type { ValidationError } from '../domain/problem.ts';
import { maxRequestBytes } from './body.ts';
import { validationErrorsOf } from './validationErrors.ts';
import { specDefaults } from './newEnvironment.ts';
import type { NewEnvironment } from './newEnvironment.ts';
import type { ApiConfig } from './route.ts';

/** What a body is checked against and completed from. */
export interface SpecContext {
  caller: string;
  config: Pick<ApiConfig, 'lease' | 'subscriptionIds'>;
}

/**
 * The spec of a POST body, with defaults filled in. `schemaErrors` is what the schema found wrong with the body.
 * Throws Problem InvalidBody with every fault.
 */
export function specOf(
  body: unknown,
  schemaErrors: readonly FastifySchemaValidationError[],
  { caller, config }: SpecContext,
): Spec {
  const errors = [...validationErrorsOf(schemaErrors), ...meaninglessMembers(body, config.lease.maxTtl)];
  if (errors.length > 0) throw new Problem('InvalidBody', 'Validation failed; nothing was started.', { errors });
  const asked = body as NewEnvironment;
  return {
    ...specDefaults,
    owner: caller,
    ttl: config.lease.defaultTtl,
    suffix: defaultSuffix(config.subscriptionIds[0], asked.name),
    ...asked,
  };
}

/** What a schema cannot say. Members of a wrong type are left to the schema, so that everything is told at once. */
function meaninglessMembers(body: unknown, maxTtl: string): ValidationError[] {
  if (body === null || typeof body !== 'object') return [];
  const { ttl, instanceType, model } = body as Record<string, unknown>;
  const errors: ValidationError[] = [];
  if (typeof ttl === 'string' && (parseDuration(ttl) ?? 0) > parseDuration(maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${maxTtl}` });
  if (typeof instanceType === 'string' && !instanceTypeOf(instanceType))
    errors.push({
      path: '/instanceType',
      message: 'must be a virtual machine size that managed online endpoints allow, like Standard_DS3_v2',
    });
  if (model !== null && typeof model === 'object') {
    const { request, expected } = model as Record<string, unknown>;
    if (Buffer.byteLength(JSON.stringify([request, expected])) > maxRequestBytes)
      errors.push({ path: '/model', message: 'must have a request and an expected answer of at most 16 KiB together' });
  }
  return errors;
}

/** The same for a name every time, and unlike that of another subscription, because some of the names are unique in all of Azure. */
function defaultSuffix(subscriptionId: string, name: string): string {
  const hash = createHash('sha256').update(`${subscriptionId.toLowerCase()}/${name}`).digest('hex');
  return BigInt(`0x${hash}`).toString(36).slice(-8);
}
