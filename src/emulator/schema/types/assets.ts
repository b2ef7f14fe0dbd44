import { list, map, object } from '../shapes.ts';

export const codeVersion = object('- id systemData type', {
  'properties!': object(
    'codeUri description isAnonymous:bool isArchived:bool properties:{} tags:{} - provisioningState',
  ),
});

export const environmentVersion = object('- id systemData type', {
  'properties!': object(
    `
    autoRebuild:Disabled|OnBaseImageUpdate condaFile description image isAnonymous:bool isArchived:bool
    osType:Linux|Windows properties:{} stage tags:{} - environmentType provisioningState`,
    {
      build: object('contextUri! dockerfilePath'),
      inferenceConfig: object('', {
        livenessRoute: object('path! port!:int'),
        readinessRoute: object('path! port!:int'),
        scoringRoute: object('path! port!:int'),
        startupRoute: object('path! port!:int'),
      }),
    },
  ),
});

export const modelVersion = object('- id systemData type', {
  'properties!': object(
    'description isAnonymous:bool isArchived:bool jobName modelType modelUri properties:{} stage tags:{} - provisioningState',
    {
      datasets: list(object('id name')),
      flavors: map(object('data:{}')),
    },
  ),
});
