import models from '../data/sample-models.json' with { type: 'json' };

/** A git repository that the emulated network serves. */
export interface Repository {
  url: string;
  /** text of each file by path, of each commit by its id */
  commits: Record<string, Record<string, string>>;
  /** commits of branches (`refs/heads/main`) and tags (`refs/tags/v1`) */
  refs: Record<string, string>;
  /** it answers like an absent one, for there are no credentials */
  private?: boolean;
  /** the server offers the tips of its branches and tags only, and no partial clone */
  noArbitraryCommit?: boolean;
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

/** As published: the packages go into an environment that the base image does not serve from. */
const articleEnvironment = {
  Dockerfile: `FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest
COPY conda.yaml /tmp/conda.yaml
RUN conda env update -n amlenv --file /tmp/conda.yaml
`,
  'conda.yaml': `name: model-env
channels:
  - conda-forge
dependencies:
  - python=3.12
  - numpy=2.3.1
  - pip=25.1.1
  - scikit-learn=1.7.0
  - scipy=1.16.0
  - pip:
    - azureml-inference-server-http
    - joblib==1.5.1
`,
};

const pipEnvironment = {
  Dockerfile: `FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --requirement /tmp/requirements.txt
`,
  'requirements.txt': 'joblib==1.5.1\nscikit-learn==1.7.0\n',
};

/** Files of a model that takes rows of numbers; the "pickle" is a linear model's parameters as JSON. */
function rowsModel(path: string, model: object, environment: Record<string, string>): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(environment).map(([name, text]) => [`${path}/environment/${name}`, text])),
    [`${path}/onlinescoring/score.py`]: rowsScript,
    [`${path}/model/sklearn_regression_model.pkl`]: JSON.stringify(model),
  };
}

const mlmodel = `artifact_path: model
flavors:
  python_function:
    env: conda.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.7.12
  sklearn:
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.0.2
run_id: 4c70e3f6-fee9-4459-9a3d-433b1de058e2
`;

const samples = 'cli/endpoints/online/managed/vnet';
const articleCommit = '5fa318d36dfba6383ef2d5b03c3600193b289e73';
const ownCommit = '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c';

/** The article's two samples, laid out as in Azure/azureml-examples, and a model of a user's own. */
export const sampleRepositories: Repository[] = [
  {
    url: 'https://github.com/Azure/azureml-examples',
    refs: { 'refs/heads/main': articleCommit },
    commits: {
      [articleCommit]: {
        'README.md': 'Stands for the samples of Azure Machine Learning.\n',
        ...rowsModel(`${samples}/sample`, models.custom, articleEnvironment),
        [`${samples}/mlflow/model/MLmodel`]: mlmodel,
        [`${samples}/mlflow/model/model.pkl`]: JSON.stringify(models.mlflow),
        [`${samples}/mlflow/model/requirements.txt`]: 'mlflow\ncloudpickle==2.0.0\nscikit-learn==1.0.2',
        [`${samples}/mlflow/model/conda.yaml`]:
          'name: mlflow-env\nchannels:\n- conda-forge\ndependencies:\n- python=3.9\n- pip\n- pip:\n  - mlflow\n  - scikit-learn==1.2.2\n',
      },
    },
  },
  {
    url: 'https://github.com/moat-examples/linear-regression',
    refs: { 'refs/heads/main': ownCommit },
    commits: {
      [ownCommit]: {
        ...rowsModel('houses', { intercept: 10, coefficients: [1.5, -2, 0.25] }, pipEnvironment),
        'samples/request.json': '{"data": [[2, 1, 4]]}\n',
        'samples/expected.json': '[12.0]\n',
        'no-dockerfile/onlinescoring/score.py': rowsScript,
        'no-dockerfile/model/sklearn_regression_model.pkl': '{}',
        ...rowsModel(
          'unknown-base',
          { intercept: 0, coefficients: [1] },
          {
            Dockerfile: 'FROM mcr.microsoft.com/azureml/no-such-image:1\n',
          },
        ),
      },
    },
  },
];
