import { createHash } from 'node:crypto';
import type { Cloud, ErrorBody, Instant, Json, JsonObject, Resource } from '../arm/model.ts';
import { nameOf } from '../arm/ids.ts';
import type { PlannedResource } from './plan.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Surroundings } from './evaluate.ts';

export const deploymentType = 'Microsoft.Resources/deployments';

/** A resource of a deployment, and how far its request has come. */
export interface Step extends PlannedResource {
  /** `sending`: its PUT has not been answered; `running`: its operation has not ended */
  state: 'waiting' | 'sending' | 'running' | 'Succeeded' | 'Failed';
  startedAt?: Instant;
  endedAt?: Instant;
  /** that of the resource */
  operationId?: string;
  /** of the answer to the PUT */
  status?: number;
  error?: ErrorBody;
}

/** What a deployment works from: kept with it in the journal, never answered. */
export interface DeploymentState {
  template: JsonObject;
  parameters: JsonObject;
  steps: Step[];
}

const nothing: DeploymentState = { template: {}, parameters: {}, steps: [] };

export const stateOf = ({ secrets }: Resource): DeploymentState =>
  (secrets as unknown as DeploymentState | undefined) ?? nothing;

export const secretsOf = (state: DeploymentState): JsonObject => state as unknown as JsonObject;

/** The functions for the expressions of a deployment; `reference` is not among them. */
export function surroundingsOfDeployment(
  cloud: Cloud,
  { id }: { id: string },
  state: Omit<DeploymentState, 'steps'>,
): Surroundings {
  const groupId = id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.resources/'));
  return surroundingsOf({ cloud, groupId, name: nameOf(id), ...state });
}

/** ISO 8601, e.g. `PT12.5S`. */
export const durationOf = (from: Instant, to: Instant): string => `PT${(Math.max(0, to - from) / 1000).toString()}S`;

/** A template's hash in Azure's form. The value differs: Azure's is not published. */
export const templateHash = (template: Json): string =>
  createHash('sha256').update(JSON.stringify(template)).digest().readBigUInt64BE().toString();
