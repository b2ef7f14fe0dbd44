# The image and the scoring script for a model in MLflow format. The platform's own support for the format needs the
# public Internet at deployment, which a deployment without egress has not (PF-11); so the format is served by a
# custom container whose libraries match the sample's pickle (scikit-learn 1.0.2, cloudpickle 2.0.0, Python 3.7 or 3.8).
# shellcheck shell=bash

# write_mlflow_context DIRECTORY: the Docker build context.
write_mlflow_context() {
  mkdir -p "$1"
  cat >"$1/Dockerfile" <<'DOCKERFILE'
FROM mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest
COPY requirements.txt /tmp/requirements.txt
USER root
RUN pip install --no-cache-dir --requirement /tmp/requirements.txt
USER dockeruser
DOCKERFILE
  cat >"$1/requirements.txt" <<'REQUIREMENTS'
azureml-inference-server-http
cloudpickle==2.0.0
mlflow==1.26.1
numpy==1.21.6
pandas==1.3.5
protobuf==3.20.3
scikit-learn==1.0.2
scipy==1.7.3
REQUIREMENTS
}

# write_mlflow_code DIRECTORY: the scoring script. It takes {"input_data": {"columns", "index", "data"}}.
write_mlflow_code() {
  mkdir -p "$1"
  cat >"$1/score.py" <<'SCORE'
"""Scores rows with a scikit-learn model in MLflow format."""
import json
import os
from pathlib import Path

import mlflow.sklearn
import pandas

model = None


def init():
    global model
    home = sorted(Path(os.environ["AZUREML_MODEL_DIR"]).rglob("MLmodel"))[0].parent
    model = mlflow.sklearn.load_model(str(home))


def run(raw_data):
    table = json.loads(raw_data)["input_data"]
    rows = pandas.DataFrame(table["data"], columns=table["columns"], index=table.get("index"))
    features = getattr(model, "feature_names_in_", None)
    return model.predict(rows if features is None else rows[list(features)]).tolist()
SCORE
}
