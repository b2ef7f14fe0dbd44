import { map, object } from '../shapes.ts';

export const codeVersion = object('- id systemData type', {
  'properties!': object('codeUri description isAnonymous:bool isArchived:bool properties:{} tags:{}'),
});

export const environmentVersion = object('- id systemData type', {
  'properties!': object(
    `
    autoRebuild:Disabled|OnBaseImageUpdate condaFile description image isAnonymous:bool isArchived:bool
    osType:Linux|Windows properties:{} tags:{} - environmentType`,
    {
      build: object('contextUri! dockerfilePath'),
      inferenceConfig: object('', {
        livenessRoute: object('path! port!:int'),
        readinessRoute: object('path! port!:int'),
        scoringRoute: object('path! port!:int'),
      }),
    },
  ),
});

export const modelVersion = object('- id systemData type', {
  'properties!': object(
    'description isAnonymous:bool isArchived:bool jobName modelType modelUri properties:{} tags:{}',
    {
      flavors: map(object('data:{}')),
    },
  ),
});
