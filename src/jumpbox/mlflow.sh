# A model in MLflow format. The platform's own support for the format needs the public Internet at deployment, which a deployment
# without egress has not (PF-11); so the model is served by an image of its own requirements and a scoring script.
# shellcheck shell=bash disable=SC2034,SC2154

# mlmodel_value FLAVOR NAME: a value of a flavour in MLmodel, or of the top level for the flavour `-`; empty when absent.
mlmodel_value() {
  awk -v flavor="$1" -v name="$2" '
    function value(line) { sub(/^[^:]*:[ ]*/, "", line); gsub(/["\047\r]/, "", line); return line }
    /^flavors:/ { inside = 1; next }
    /^[^ ]/ { inside = 0; here = "" ; if (flavor == "-" && index($0, name ":") == 1) { print value($0); exit } next }
    inside && /^  [^ ]/ { here = $1; sub(/:.*/, "", here) }
    inside && here == flavor && index($0, "    " name ":") == 1 { print value($0); exit }
  ' "$model/MLmodel"
}

# The flavours in MLmodel, in one line.
mlmodel_flavors() {
  awk '/^flavors:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside && /^  [^ ]/ { sub(/:.*/, "", $1); print $1 }' \
    "$model/MLmodel" | paste -sd ' ' -
}

# conda_python FILE: the version of Python in a conda environment; empty when it names none.
conda_python() {
  sed -nE 's/^ *- *["'\'']?python *[=<>~!]*=? *([0-9.]+).*/\1/p' "$1" | head -n 1
}

# conda_requirements FILE: its packages as pip requirements, those of its list `pip` among them.
conda_requirements() {
  sed -n '/^dependencies:/,$p' "$1" | sed -nE 's/^ *- +//p' | tr -d "\"'\r" | sed -E '/:$|^(python|pip)([=<>~! ]|$)/d' |
    sed -E 's/^([A-Za-z0-9._-]+)=([0-9][^=]*)$/\1==\2/; s/^([A-Za-z0-9._-]+==[^=]+)=.*$/\1/'
}

# pinned_version FILE PACKAGE: what follows `==`; empty when the file pins no version.
pinned_version() {
  tr -d ' \r' <"$1" | sed -nE "s/^$2(\[[^]]*\])?==([^;#]+).*/\2/p" | head -n 1
}

# require_version FILE PACKAGE VERSION: pins a package of the model's requirements to the version that the model was made with.
# Left to pip, it would be the newest one, which may read the model otherwise or not at all (Azure/azureml-examples#4051).
require_version() {
  local pinned
  pinned=$(pinned_version "$1" "$2")
  if [[ -z $3 || -n $pinned ]]; then
    return
  fi
  sed -iE "s/^$2[[:space:]]*$/$2==$3/" "$1"
  if [[ -z $(pinned_version "$1" "$2") ]]; then
    printf '%s==%s\n' "$2" "$3" >>"$1"
  fi
}

# Sets `python` from MLmodel, which names the version that wrote the model, else from conda.yaml.
read_python() {
  local version
  version=$(mlmodel_value python_function python_version)
  if [[ -z $version && -f $model/conda.yaml ]]; then
    version=$(conda_python "$model/conda.yaml")
  fi
  if [[ -z $version ]]; then
    fail InvalidRequest "$MOAT_MODEL_PATH/model/MLmodel names no python_version, and there is no python in conda.yaml"
  fi
  python=$(python_release "$version") ||
    fail InvalidRequest "images are built for Python 3.7 to 3.13, the model needs $version ($MOAT_MODEL_PATH/model/MLmodel)"
}

# read_mlflow_requirements FILE: the model's own requirements: requirements.txt, which MLflow writes, else conda.yaml.
read_mlflow_requirements() {
  if [[ -f $model/requirements.txt ]]; then
    tr -d '\r' <"$model/requirements.txt" >"$1"
    # the file may end without a line break
    printf '\n' >>"$1"
  elif [[ -f $model/conda.yaml ]]; then
    conda_requirements "$model/conda.yaml" >"$1"
  else
    fail InvalidRequest "neither requirements.txt nor conda.yaml at $MOAT_MODEL_PATH/model: the model's packages are unknown"
  fi
}

# check_mlflow_versions FILE: an image of other versions than the model was made with would crash, or score otherwise.
check_mlflow_versions() {
  local needed serves
  needed=$(mlmodel_value sklearn sklearn_version)
  serves=$(pinned_version "$1" scikit-learn)
  if [[ -n $needed && -n $serves && $needed != "$serves" ]]; then
    fail InvalidRequest "this image serves scikit-learn $serves, the model needs $needed: MLmodel and the requirements at $MOAT_MODEL_PATH/model differ" \
      'correct requirements.txt (or conda.yaml) beside MLmodel, DELETE the environment, then POST it with the new commit as "model.ref"'
  fi
}

# write_mlflow_context DIRECTORY: the Docker build context, of the model's own requirements.
write_mlflow_context() {
  local python requirements=$work/requirements.txt flavors
  flavors=$(mlmodel_flavors)
  if [[ " $flavors " != *' python_function '* ]]; then
    fail InvalidRequest "$MOAT_MODEL_PATH/model/MLmodel has no flavour python_function, by which MLflow models are served (it has: ${flavors:-none})" \
      'log the model with a flavour that adds python_function, or serve it as "format": "custom" with your own scoring script'
  fi
  read_python
  read_mlflow_requirements "$requirements"
  check_mlflow_versions "$requirements"
  # MLflow writes its version since 1.27; what is older reads with 1.26.1
  if grep -qE '^mlflow([^-A-Za-z]|$)|^mlflow$' "$requirements" || ! grep -qE '^mlflow' "$requirements"; then
    local version
    version=$(mlmodel_value - mlflow_version)
    require_version "$requirements" mlflow "${version:-1.26.1}"
  fi
  require_version "$requirements" scikit-learn "$(mlmodel_value sklearn sklearn_version)"
  if ! grep -q '^azureml-inference-server-http' "$requirements"; then
    printf '%s\n' "$inference_server" >>"$requirements"
  fi
  write_python_context "$1" "$python" "$requirements"
}

# write_mlflow_code DIRECTORY: the scoring script. It takes {"input_data": …}: a table {"columns", "index", "data"}, tensors by name, or one array.
write_mlflow_code() {
  mkdir -p "$1"
  cat >"$1/score.py" <<'SCORE'
"""Scores with any model in MLflow format that has the flavour python_function."""
import json
import os
from pathlib import Path

import mlflow.pyfunc
import numpy
import pandas

model = None


def init():
    global model
    home = sorted(Path(os.environ["AZUREML_MODEL_DIR"]).rglob("MLmodel"))[0].parent
    model = mlflow.pyfunc.load_model(str(home))


def typed(rows):
    """The rows with the column types of the model's signature: JSON knows no int32 and no float32."""
    schema = model.metadata.get_input_schema()
    for column in schema.inputs if schema else []:
        name = getattr(column, "name", None)
        if name in rows.columns and hasattr(column.type, "to_pandas"):
            rows[name] = rows[name].astype(column.type.to_pandas())
    return rows


def ordered(rows):
    """A scikit-learn model without a signature expects its features in the order of its training."""
    inner = getattr(model, "_model_impl", None)
    features = getattr(getattr(inner, "sklearn_model", inner), "feature_names_in_", None)
    return rows if features is None else rows[list(features)]


def parsed(table):
    if isinstance(table, dict) and "columns" in table and "data" in table:
        return ordered(typed(pandas.DataFrame(table["data"], columns=table["columns"], index=table.get("index"))))
    if isinstance(table, dict):
        return {name: numpy.array(values) for name, values in table.items()}
    return numpy.array(table)


def plain(result):
    if isinstance(result, pandas.DataFrame):
        return json.loads(result.to_json(orient="records"))
    if isinstance(result, dict):
        return {name: plain(values) for name, values in result.items()}
    return result.tolist() if hasattr(result, "tolist") else result


def run(raw_data):
    return plain(model.predict(parsed(json.loads(raw_data)["input_data"])))
SCORE
}
