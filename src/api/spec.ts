import { createHash } from 'node:crypto';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { Probe, Spec } from '../domain/environment.ts';
import { instanceTypeOf } from '../domain/instanceTypes.ts';
import { parseDuration } from '../domain/lease.ts';
import { maxScoreRequestBytes } from '../domain/limits.ts';
import { Problem } from '../domain/problem.ts';
import type { ValidationError } from '../domain/problem.ts';
import { repositoryAddressError } from './repositoryAddress.ts';
import { validationErrorsOf } from './validationErrors.ts';
import { specDefaults } from './newEnvironment.ts';
import type { NewEnvironment } from './newEnvironment.ts';
import type { ApiConfig } from './route.ts';

/** The caller and settings from which a body is validated and completed. */
export interface SpecContext {
  caller: string;
  config: Pick<ApiConfig, 'lease' | 'subscriptionIds' | 'allowPrivateRepositories'>;
}

/**
 * The spec of a POST body, with defaults filled in. `schemaErrors` are the body's errors against the schema.
 * Throws Problem InvalidBody with every error.
 */
export function specOf(
  body: unknown,
  schemaErrors: readonly FastifySchemaValidationError[],
  { caller, config }: SpecContext,
): Spec {
  const errors = [...validationErrorsOf(schemaErrors), ...semanticErrors(body, config)];
  if (errors.length > 0) throw new Problem('InvalidBody', 'Validation failed; no run was started.', { errors });
  const request = body as NewEnvironment;
  return {
    ...specDefaults,
    owner: caller,
    ttl: config.lease.defaultTtl,
    suffix: defaultSuffix(config.subscriptionIds[0], request.name),
    ...request,
    probe: { ...specDefaults.probe, ...request.probe },
    jumpbox: { ...specDefaults.jumpbox, ...request.jumpbox },
  };
}

/** Errors that a schema cannot express. Skips members of a wrong type, which the schema reports, so that every error is reported at once. */
function semanticErrors(
  body: unknown,
  { lease: { maxTtl }, allowPrivateRepositories }: SpecContext['config'],
): ValidationError[] {
  if (body === null || typeof body !== 'object') return [];
  const { ttl, instanceType, model, probe } = body as Record<string, unknown>;
  const errors: ValidationError[] = [];
  if (typeof ttl === 'string' && (parseDuration(ttl) ?? 0) > parseDuration(maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${maxTtl}` });
  if (typeof instanceType === 'string' && !instanceTypeOf(instanceType))
    errors.push({
      path: '/instanceType',
      message: 'must be a virtual machine size that managed online endpoints allow, like Standard_DS2_v2',
    });
  if (startSeconds(probe) > maxStartSeconds)
    errors.push({
      path: '/probe',
      message: `must allow the container at most ${maxStartSeconds} seconds (initialDelaySeconds + periodSeconds × failureThreshold)`,
    });
  if (model !== null && typeof model === 'object')
    errors.push(...modelErrors(model as Record<string, unknown>, allowPrivateRepositories));
  return errors;
}

/** Azure ends a deployment that takes much longer; so does Moat's own timeout. */
const maxStartSeconds = 3600;

/** The time that a probe gives the container to start; NaN where a member is not a number. */
function startSeconds(probe: unknown): number {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = {
    ...specDefaults.probe,
    ...(probe as Partial<Probe> | undefined),
  };
  return Number(initialDelaySeconds) + Number(periodSeconds) * Number(failureThreshold);
}

function modelErrors(model: Record<string, unknown>, allowPrivate: boolean): ValidationError[] {
  const { request, expected, requestFile, requestContentType, repository } = model;
  const errors: ValidationError[] = [];
  for (const half of ['request', 'expected'] as const) {
    const [inline, file] = [model[half] !== undefined, model[`${half}File`] !== undefined];
    if (!inline && !file) errors.push({ path: `/model/${half}`, message: `is required, or \`${half}File\`` });
    if (inline && file) errors.push({ path: `/model/${half}File`, message: `must not be given beside \`${half}\`` });
  }
  if (requestContentType !== undefined && requestFile === undefined)
    errors.push({ path: '/model/requestContentType', message: 'must be given with `requestFile` only' });
  if (Buffer.byteLength(JSON.stringify([request, expected])) > maxScoreRequestBytes)
    errors.push({
      path: '/model',
      message:
        'must have a request and an expected answer of at most 16 KiB together; put the sample request into the repository (`requestFile`, `expectedFile`)',
    });
  const wrongAddress = typeof repository === 'string' ? repositoryAddressError(repository, allowPrivate) : undefined;
  if (wrongAddress !== undefined) errors.push({ path: '/model/repository', message: wrongAddress });
  return errors;
}

/** Deterministic per subscription and name: some resource names must be unique in all of Azure. */
function defaultSuffix(subscriptionId: string, name: string): string {
  const hash = createHash('sha256').update(`${subscriptionId.toLowerCase()}/${name}`).digest('hex');
  return BigInt(`0x${hash}`).toString(36).slice(-8);
}
