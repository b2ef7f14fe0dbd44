import type { ManagedOnlineDeployment, OnlineDeployment } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

/** The time that the container has to start: 10 s + 30 × 10 s. */
const probe = { initialDelay: 'PT10S', period: 'PT10S', timeout: 'PT2S', successThreshold: 1, failureThreshold: 30 };

/** The uploaded model's directory below its mount path, which an image with an MLflow server reads. */
const mlflowModelFolder = 'model';

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
      const { versions, instanceType, instanceCount, format } = options;
      if (!versions || !instanceType || !instanceCount) {
        throw new RangeError('a deployment needs versions, instanceType and instanceCount');
      }
      const properties: ManagedOnlineDeployment = {
        endpointComputeType: 'Managed',
        egressPublicNetworkAccess: 'Disabled', // PF-13: fixed at creation
        instanceType,
        model: versions.modelId,
        environmentId: versions.environmentId,
        codeConfiguration: { codeId: versions.codeId, scoringScript: 'score.py' },
        ...(format === 'mlflow' ? { environmentVariables: { MLFLOW_MODEL_FOLDER: mlflowModelFolder } } : {}),
        livenessProbe: probe,
        readinessProbe: probe,
        requestSettings: { requestTimeout: 'PT1M', maxConcurrentRequestsPerInstance: 1 },
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
