import { createHash } from 'node:crypto';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { Probe, Spec } from '../domain/environment.ts';
import { instanceTypeOf } from '../domain/instanceTypes.ts';
import { parseDuration } from '../domain/lease.ts';
import { nameErrors } from '../domain/nameCheck.ts';
import { environmentNamePattern, suffixPattern } from '../domain/naming.ts';
import { startSeconds } from '../domain/probe.ts';
import { assertWithinLimits, limitsOf, shorterOf } from '../domain/ownerLimits.ts';
import { maxScoreRequestBytes } from '../domain/limits.ts';
import { Problem } from '../domain/problem.ts';
import type { ValidationError } from '../domain/problem.ts';
import { existingErrors } from './existingErrors.ts';
import { repositoryAddressError } from './repositoryAddress.ts';
import { validationErrorsOf } from './validationErrors.ts';
import { specDefaults } from './newEnvironment.ts';
import type { NewEnvironment } from './newEnvironment.ts';
import type { ApiConfig } from './route.ts';

/** The caller and settings from which a body is validated and completed. */
export interface SpecContext {
  caller: string;
  config: Pick<ApiConfig, 'lease' | 'subscriptionIds' | 'allowPrivateRepositories' | 'policy'>;
}

/**
 * The spec of a POST body, with defaults filled in. `schemaErrors` are the body's errors against the schema.
 * Throws Problem InvalidBody with every error; ForbiddenByPolicy for what the policy does not allow for the environment's owner.
 */
export function specOf(
  body: unknown,
  schemaErrors: readonly FastifySchemaValidationError[],
  { caller, config }: SpecContext,
): Spec {
  const errors = [...validationErrorsOf(schemaErrors), ...semanticErrors(body, config)];
  if (errors.length > 0) throw new Problem('InvalidBody', 'Validation failed; no run was started.', { errors });
  const request = body as NewEnvironment;
  const owner = request.owner ?? caller;
  const { maxTtl } = limitsOf(config.policy, owner);
  const spec: Spec = {
    ...specDefaults,
    owner,
    ttl: shorterOf(config.lease.defaultTtl, maxTtl),
    suffix: defaultSuffix(config.subscriptionIds[0], request.name),
    ...request,
    probe: { ...specDefaults.probe, ...request.probe },
    jumpbox: { ...specDefaults.jumpbox, ...request.jumpbox },
  };
  assertWithinLimits(config.policy, owner, spec);
  return spec;
}

/** Errors that a schema cannot express. Skips members of a wrong type, which the schema reports, so that every error is reported at once. */
function semanticErrors(
  body: unknown,
  { lease: { maxTtl }, allowPrivateRepositories, subscriptionIds }: SpecContext['config'],
): ValidationError[] {
  if (body === null || typeof body !== 'object') return [];
  const { name, suffix, ttl, instanceType, model, probe } = body as Record<string, unknown>;
  const errors: ValidationError[] = [
    ...derivedNameErrors(name, suffix),
    ...adoptionErrors(body),
    ...existingErrors(body, subscriptionIds),
  ];
  if (typeof ttl === 'string' && (parseDuration(ttl) ?? 0) > parseDuration(maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${maxTtl}` });
  if (typeof instanceType === 'string' && !instanceTypeOf(instanceType))
    errors.push({
      path: '/instanceType',
      message: 'must be a virtual machine size that managed online endpoints allow, like Standard_DS2_v2',
    });
  if (startSeconds({ ...specDefaults.probe, ...(probe as Partial<Probe> | undefined) }) > maxStartSeconds)
    errors.push({
      path: '/probe',
      message: `must allow the container at most ${maxStartSeconds} seconds (initialDelaySeconds + periodSeconds × failureThreshold)`,
    });
  if (model !== null && typeof model === 'object')
    errors.push(...modelErrors(model as Record<string, unknown>, allowPrivateRepositories));
  return errors;
}

const membersOfAdoption = ['resourceGroup', 'takeOver', 'adoptionDigest'];

/** Errors of the members about an environment that exists already: its names follow from its own suffix. */
function adoptionErrors(body: object): ValidationError[] {
  const { adopt, suffix, isolation, existing } = body as Record<string, unknown>;
  if (adopt !== true)
    return membersOfAdoption
      .filter((member) => member in body)
      .map((member) => ({ path: `/${member}`, message: 'must be given with `adopt` only' }));
  const errors: ValidationError[] = [];
  if (suffix === undefined)
    errors.push({
      path: '/suffix',
      message: 'is required with `adopt`: the suffix in the names of the existing resources',
    });
  if (isolation === 'managedNetwork')
    errors.push({
      path: '/isolation',
      message: 'must be `privateEndpoints` with `adopt`: a workspace keeps its method. Adopt it, then move it',
    });
  if (existing !== undefined)
    errors.push({
      path: '/existing',
      message: 'must not be given with `adopt`: all resources are in the adopted group',
    });
  return errors;
}

/** With the time that Azure itself needs, a deployment stays below the two hours after which Moat stops to poll. */
const maxStartSeconds = 3600;

/** Errors of the names that follow from name and suffix. What the schema refuses is checked no further. */
function derivedNameErrors(name: unknown, suffix: unknown = neutralSuffix): ValidationError[] {
  if (typeof name !== 'string' || !new RegExp(environmentNamePattern).test(name)) return [];
  if (typeof suffix !== 'string' || !new RegExp(suffixPattern).test(suffix)) return [];
  return nameErrors({ name, suffix }).map(({ member, message }) => ({ path: `/${member}`, message }));
}

/** Stands for the default suffix, which has no reserved word. */
const neutralSuffix = '00000000';

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

/**
 * Deterministic per subscription and name: some resource names must be unique in all of Azure. One that makes a name Azure refuses
 * is replaced by the next in a fixed order.
 */
export function defaultSuffix(subscriptionId: string, name: string, draw = suffixOf): string {
  const seed = `${subscriptionId.toLowerCase()}/${name}`;
  for (let n = 0; ; n++) {
    const suffix = draw(n === 0 ? seed : `${seed}/${n}`);
    if (!nameErrors({ name, suffix }).some(({ member }) => member === 'suffix')) return suffix;
  }
}

const suffixOf = (seed: string): string =>
  BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`)
    .toString(36)
    .slice(-8);
