"""Stands for the article's scoring script of the sample `custom`, by its contract: the model below AZUREML_MODEL_DIR, `data` in the request."""
import json
import os

import joblib

model = None


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "sklearn_regression_model.pkl"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
