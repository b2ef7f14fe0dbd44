import { choice, identity, map, object } from '../shapes.ts';

const probeSettings = object('failureThreshold:int initialDelay period successThreshold:int timeout');

export const deployment = object('kind location! tags:{} - id systemData type', {
  identity,
  'properties!': choice(
    'endpointComputeType',
    object(
      `
    appInsightsEnabled:bool egressPublicNetworkAccess:Enabled|Disabled description environmentId environmentVariables:{}
    instanceType model modelMountPath properties:{} - provisioningState`,
      {
        codeConfiguration: object('codeId scoringScript!'),
        dataCollector: object('rollingRate:Year|Month|Day|Hour|Minute', {
          'collections!': map(object('clientId dataCollectionMode:Enabled|Disabled dataId samplingRate:number')),
          requestLogging: object('captureHeaders:[]'),
        }),
        livenessProbe: probeSettings,
        readinessProbe: probeSettings,
        requestSettings: object('maxConcurrentRequestsPerInstance:int maxQueueWait requestTimeout'),
        scaleSettings: choice('scaleType', object(''), {
          Default: object(''),
          TargetUtilization: object(
            'maxInstances:int minInstances:int pollingInterval targetUtilizationPercentage:int',
          ),
        }),
        startupProbe: probeSettings,
      },
    ),
    {
      Kubernetes: object('', {
        containerResourceRequirements: object('', {
          containerResourceLimits: object('cpu gpu memory'),
          containerResourceRequests: object('cpu gpu memory'),
        }),
      }),
      Managed: object(''),
    },
  ),
  sku: object('capacity:int family name! size tier:Free|Basic|Standard|Premium'),
});
