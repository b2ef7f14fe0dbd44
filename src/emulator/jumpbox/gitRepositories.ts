import models from '../data/sample-models.json' with { type: 'json' };

/** A git repository that the emulated GitHub serves: one commit and its files by path. */
export interface Repository {
  url: string;
  commit: string;
  files: Record<string, string>;
}

const rowsScript = `import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "sklearn_regression_model.pkl"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
`;

const dockerfile = `FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest
COPY conda.yaml /tmp/conda.yaml
RUN conda env update -n amlenv --file /tmp/conda.yaml
`;

const condaFile = `name: model-env
channels:
  - conda-forge
dependencies:
  - python=3.12
  - scikit-learn
  - pip:
    - azureml-inference-server-http
`;

/** Files of a model that takes rows of numbers; the "pickle" is a linear model's parameters as JSON. */
function rowsModel(path: string, model: object): Record<string, string> {
  return {
    [`${path}/environment/Dockerfile`]: dockerfile,
    [`${path}/environment/conda.yaml`]: condaFile,
    [`${path}/onlinescoring/score.py`]: rowsScript,
    [`${path}/model/sklearn_regression_model.pkl`]: JSON.stringify(model),
  };
}

const samples = 'cli/endpoints/online/managed/vnet';

/** The article's two samples, laid out as in Azure/azureml-examples, and a model of a user's own. */
export const repositories: Repository[] = [
  {
    url: 'https://github.com/Azure/azureml-examples',
    commit: '5fa318d36dfba6383ef2d5b03c3600193b289e73',
    files: {
      'README.md': 'Stands for the samples of Azure Machine Learning.\n',
      ...rowsModel(`${samples}/sample`, models.custom),
      [`${samples}/mlflow/model/MLmodel`]:
        'flavors:\n  sklearn:\n    pickled_model: model.pkl\n    sklearn_version: 1.0.2\n',
      [`${samples}/mlflow/model/model.pkl`]: JSON.stringify(models.mlflow),
      [`${samples}/mlflow/model/requirements.txt`]: 'mlflow\ncloudpickle==2.0.0\nscikit-learn==1.0.2\n',
    },
  },
  {
    url: 'https://github.com/moat-examples/linear-regression',
    commit: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
    files: {
      ...rowsModel('houses', { intercept: 10, coefficients: [1.5, -2, 0.25] }),
      'samples/request.json': '{"data": [[2, 1, 4]]}\n',
      'samples/expected.json': '[12.0]\n',
      'no-dockerfile/onlinescoring/score.py': rowsScript,
      'no-dockerfile/model/sklearn_regression_model.pkl': '{}',
      ...rowsModel('unknown-base', { intercept: 0, coefficients: [1] }),
      'unknown-base/environment/Dockerfile': 'FROM mcr.microsoft.com/azureml/no-such-image:1\n',
    },
  },
];
