import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Cloud, Instant, JsonObject, Resource } from '../arm/model.ts';
import { basic } from './compileDeployment.ts';
import { durationOf, stateOf } from './deploymentState.ts';
import type { Step } from './deploymentState.ts';

/** `NotFound` for 404. */
const statusName = (status: number): string => (STATUS_CODES[status] ?? String(status)).replaceAll(' ', '');

function operation(deployment: Resource, about: string, properties: JsonObject): JsonObject {
  const key = `${deployment.operation?.id} ${about}`;
  const operationId = createHash('sha256').update(key).digest('hex').slice(0, 16).toUpperCase();
  return { id: `${deployment.id}/operations/${operationId}`, operationId, properties };
}

function times(from: Instant, until: Instant): JsonObject {
  return { timestamp: new Date(until).toISOString(), duration: durationOf(from, until) };
}

function ofStep(cloud: Cloud, deployment: Resource, step: Step): JsonObject {
  const { state, status, error, startedAt = cloud.now(), endedAt = cloud.now() } = step;
  const provisioningState = state === 'Succeeded' || state === 'Failed' ? state : 'Running';
  return operation(deployment, step.id, {
    provisioningOperation: 'Create',
    provisioningState,
    ...times(startedAt, endedAt),
    ...(status === undefined ? {} : { statusCode: statusName(status) }),
    ...(error ? { statusMessage: { status: 'Failed', error: error as unknown as JsonObject } } : {}),
    targetResource: basic(step),
  });
}

/** The operations of a deployment: one for each resource that it has begun to create, and its end. */
export function operationsOf(cloud: Cloud, deployment: Resource): JsonObject[] {
  const begun = stateOf(deployment).steps.filter(({ state }) => state !== 'waiting');
  const lines = begun.map((step) => ofStep(cloud, deployment, step));
  const { operation: whole } = deployment;
  if (!whole?.settled || whole.outcome !== 'Succeeded') return lines;
  const end = whole.endsAt ?? cloud.now();
  const last = operation(deployment, 'outputs', {
    provisioningOperation: 'EvaluateDeploymentOutput',
    provisioningState: 'Succeeded',
    ...times(end, end),
    statusCode: 'OK',
  });
  return [...lines, last];
}
