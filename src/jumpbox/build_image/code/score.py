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
