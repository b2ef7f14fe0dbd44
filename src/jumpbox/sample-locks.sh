# Every package of the two samples' images, with its version: what pip resolved when the samples' answers were last compared with the
# published ones. Written by pip freeze in an environment of the sample's packages and the inference server.
# shellcheck shell=bash

# sample_python SAMPLE: the release of Python. The MLflow sample was pickled with Python 3.7 by its MLmodel.
sample_python() {
  case $1 in
    custom) python_release 3.12 ;;
    mlflow) python_release 3.7 ;;
  esac
}

# sample_requirements SAMPLE: the pip requirements.
sample_requirements() {
  case $1 in
    custom)
      cat <<'LOCK'
annotated-types==0.8.0
azure-core==1.41.0
azure-identity==1.27.0
azure-monitor-opentelemetry-exporter==1.0.0b40
azureml-inference-server-http==1.5.1
blinker==1.9.0
certifi==2026.10.19.post1
cffi==2.1.1
charset-normalizer==3.5.3
click==8.5.1
cryptography==50.0.2
deprecated==3.0.1
fixedint==0.1.6
flask==3.1.3
flask-cors==6.0.5
gunicorn==27.0.1
idna==3.20
importlib-metadata==8.6.1
inference-schema==1.8
isodate==0.7.2
itsdangerous==2.2.0
jinja2==3.1.6
joblib==1.5.1
markupsafe==3.0.4
msal==1.39.0
msal-extensions==1.3.1
msrest==0.7.1
numpy==2.3.1
oauthlib==4.0.1
opentelemetry-api==1.33.0
opentelemetry-sdk==1.33.0
opentelemetry-semantic-conventions==0.54b0
psutil==7.2.2
pycparser==3.12
pydantic==2.12.5
pydantic-core==2.41.5
pydantic-settings==2.16.3
pyjwt==2.15.1
python-dateutil==4.0.0
python-dotenv==1.2.4
pytz==2026.6
requests==2.34.2
requests-oauthlib==2.0.0
scikit-learn==1.7.0
scipy==1.16.0
threadpoolctl==3.8.0
typing-extensions==4.16.0
typing-inspection==0.4.5
tzdata==2026.6
urllib3==2.8.0
werkzeug==3.1.9
wrapt==1.16.0
zipp==4.1.2
LOCK
      ;;
    mlflow)
      cat <<'LOCK'
alembic==1.12.1
azure-core==1.30.1
azure-identity==1.15.0
azureml-inference-server-http==0.8.4.2
cachetools==5.5.2
certifi==2026.10.19.post1
cffi==1.15.1
charset-normalizer==3.5.3
click==8.1.8
cloudpickle==2.0.0
cryptography==45.0.7
databricks-cli==0.18.0
docker==6.1.3
entrypoints==0.4.2
flask==2.2.5
flask-cors==3.0.10
gitdb==4.0.12
gitpython==3.1.62
google-api-core==2.29.0
google-auth==2.45.0
googleapis-common-protos==1.73.0
greenlet==3.1.1
gunicorn==20.1.0
idna==3.10
importlib-metadata==6.7.0
importlib-resources==5.12.0
inference-schema==1.7
itsdangerous==2.1.2
jinja2==3.1.6
joblib==1.3.2
mako==1.2.4
markupsafe==2.1.5
mlflow==1.26.1
msal==1.33.0
msal-extensions==1.3.0
numpy==1.21.6
oauthlib==3.2.2
opencensus==0.11.4
opencensus-context==0.1.3
opencensus-ext-azure==1.1.15
packaging==24.0
pandas==1.3.5
prometheus-client==0.17.1
prometheus-flask-exporter==0.23.2
proto-plus==1.27.1
protobuf==4.24.4
psutil==7.2.2
pyasn1==0.5.1
pyasn1-modules==0.3.0
pycparser==2.21
pydantic==1.10.27
pyjwt==2.8.0
python-dateutil==3.0.0
pytz==2026.6
pyyaml==6.0.1
querystring-parser==1.2.4
requests==2.31.0
rsa==4.9.1
scikit-learn==1.0.2
scipy==1.7.3
six==1.17.0
smmap==5.0.3
sqlalchemy==2.0.58
sqlparse==0.4.4
tabulate==0.9.0
threadpoolctl==3.1.0
typing-extensions==4.7.1
tzdata==2026.6
urllib3==2.0.7
websocket-client==1.6.1
werkzeug==2.2.3
wrapt==1.12.1
zipp==3.15.0
LOCK
      ;;
  esac
}
