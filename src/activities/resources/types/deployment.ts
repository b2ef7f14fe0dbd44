import type { ManagedOnlineDeployment, OnlineDeployment } from '../../../azure/clients.ts';
import type { Probe } from '../../../domain/environment.ts';
import { hasPublicEgress } from '../../../domain/isolationSpec.ts';
import { defineResourceType } from '../resourceType.ts';
import type { EnsureOptions } from '../resourceType.ts';

/** An ISO 8601 duration as Azure returns it: `PT1M30S`, not `PT90S`. Another spelling would look like a change. */
const duration = (seconds: number): string => {
  const parts = { H: Math.floor(seconds / 3600), M: Math.floor(seconds / 60) % 60, S: seconds % 60 };
  return `PT${Object.entries(parts)
    .filter(([, value]) => value > 0)
    .map(([unit, value]) => `${value}${unit}`)
    .join('')}`;
};

/** A probe in ARM's form. Its timeout and success threshold are Azure's defaults. */
const probeOf = ({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe) => ({
  initialDelay: duration(initialDelaySeconds),
  period: duration(periodSeconds),
  timeout: 'PT2S',
  successThreshold: 1,
  failureThreshold,
});

/** The uploaded model's directory below its mount path, which an image with an MLflow server reads. */
const mlflowModelFolder = 'model';

/** What serves the model: an image with code, or without both the image of Azure for MLflow models. */
function servedBy({ versions, format, serving }: EnsureOptions): Partial<ManagedOnlineDeployment> {
  if (serving === 'noCode') return {};
  if (versions?.codeId === undefined || versions.environmentId === undefined)
    throw new RangeError('a deployment of a built image needs versions of code and environment');
  return {
    environmentId: versions.environmentId,
    codeConfiguration: { codeId: versions.codeId, scoringScript: 'score.py' },
    ...(format === 'mlflow' ? { environmentVariables: { MLFLOW_MODEL_FOLDER: mlflowModelFolder } } : {}),
  };
}

/** PF-13: fixed at creation. In a managed virtual network the flag does not apply, and is not sent (PF-14). */
const egress = (options: EnsureOptions): Partial<ManagedOnlineDeployment> =>
  options.isolation === 'managedNetwork'
    ? {}
    : { egressPublicNetworkAccess: hasPublicEgress(options) ? 'Enabled' : 'Disabled' };

export const deployment = defineResourceType<OnlineDeployment>({
  type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
  get: ({ clients, group, names }) =>
    clients.machineLearning.onlineDeployments.get(group, names[0]!, names[1]!, names[2]!),
  delete: ({ clients, group, names }) =>
    clients.machineLearning.onlineDeployments.beginDelete(group, names[0]!, names[1]!, names[2]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.machineLearning.onlineDeployments.beginCreateOrUpdate(group, names[0]!, names[1]!, names[2]!, body),
    body: ({ ref, options }) => {
      const { versions, instanceType, instanceCount, probe, requestTimeoutSeconds, maxConcurrentRequests } = options;
      if (!versions || !instanceType || !instanceCount || !probe || !requestTimeoutSeconds || !maxConcurrentRequests) {
        throw new RangeError(
          'a deployment needs versions, instanceType, instanceCount, probe, requestTimeoutSeconds and maxConcurrentRequests',
        );
      }
      const properties: ManagedOnlineDeployment = {
        endpointComputeType: 'Managed',
        ...egress(options),
        instanceType,
        model: versions.modelId,
        ...servedBy(options),
        livenessProbe: probeOf(probe),
        readinessProbe: probeOf(probe),
        requestSettings: {
          requestTimeout: duration(requestTimeoutSeconds),
          maxConcurrentRequestsPerInstance: maxConcurrentRequests,
        },
        scaleSettings: { scaleType: 'Default' },
      };
      return {
        location: ref.location,
        kind: 'Managed',
        sku: { name: 'Default', capacity: instanceCount },
        properties,
      };
    },
  },
  recreateWhenFailed: true,
});
