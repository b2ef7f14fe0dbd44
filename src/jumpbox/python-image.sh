# The images that Moat builds itself: Python, the packages that a model needs and Azure's inference server, nothing else. Azure's own
# inference images change under their tags and are retired (Azure/azureml-examples#4008, #3332), and their packages must be installed into
# the one environment that they serve from.
# shellcheck shell=bash

# python_release VERSION: the release of Python that is installed for a version `3.8` or `3.8.13`. Fails for one that has no image.
python_release() {
  case $1 in
    3.7 | 3.7.*) printf 3.7.17 ;;
    3.8 | 3.8.*) printf 3.8.20 ;;
    3.9 | 3.9.*) printf 3.9.23 ;;
    3.10 | 3.10.*) printf 3.10.18 ;;
    3.11 | 3.11.*) printf 3.11.13 ;;
    3.12 | 3.12.*) printf 3.12.11 ;;
    3.13 | 3.13.*) printf 3.13.5 ;;
    *) return 1 ;;
  esac
}

# The inference server beside the packages of a model: pip takes the newest version that fits them and their Python. 1.3.x does not
# start beside any other azureml package (Azure/azureml-examples#4009). The image keeps what was installed in /moat/requirements.lock.
# shellcheck disable=SC2034
inference_server='azureml-inference-server-http>=0.8.4.2,!=1.3.*,<1.6'

# write_python_context DIRECTORY PYTHON REQUIREMENTS: the Docker build context of such an image.
write_python_context() {
  mkdir -p "$1"
  cp "$3" "$1/requirements.txt"
  cat >"$1/Dockerfile" <<DOCKERFILE
FROM docker.io/library/python:$2-slim-bookworm
DOCKERFILE
  cat >>"$1/Dockerfile" <<'DOCKERFILE'
COPY requirements.txt /moat/requirements.txt
RUN pip install --no-cache-dir --requirement /moat/requirements.txt && pip freeze >/moat/requirements.lock
RUN useradd --create-home --uid 1001 dockeruser
USER dockeruser
EXPOSE 5001
# the platform mounts the code and sets both variables, as it does for its own images
CMD ["sh", "-c", "exec azmlinfsrv --port 5001 --entry_script $AML_APP_ROOT/$AZUREML_ENTRY_SCRIPT"]
DOCKERFILE
}
