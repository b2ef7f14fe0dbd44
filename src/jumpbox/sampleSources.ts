import type { ModelSource } from './commands.ts';

const examples = {
  repository: 'https://github.com/Azure/azureml-examples',
  ref: '5fa318d36dfba6383ef2d5b03c3600193b289e73',
};

/**
 * The article's two samples, at a pinned commit. Their published Dockerfiles install the model's packages into an environment that the base
 * image does not serve from (Azure/azureml-assets: minimal-py311-inference serves `/azureml-envs/minimal`), so Moat builds their images.
 */
export const samples: Record<'custom' | 'mlflow', ModelSource> = {
  custom: { ...examples, format: 'custom', lock: 'custom', path: 'cli/endpoints/online/managed/vnet/sample' },
  mlflow: { ...examples, format: 'mlflow', lock: 'mlflow', path: 'cli/endpoints/online/managed/vnet/mlflow' },
};
