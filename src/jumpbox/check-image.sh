# Starts the image once on the jumpbox, with code and model where a deployment mounts them. What crashes there would crash in the
# deployment, 20 minutes later. The failure is ImageBuildFailed: no deployment exists yet, and what must change is the sources.
# shellcheck shell=bash disable=SC2034,SC2154

container=moat-check
# Without a way out, as in the deployment: the model can neither download anything nor reach the machine's identity.
check_network=moat-check

remove_container() {
  docker rm --force --volumes "$container" >/dev/null 2>&1 || true
}

start_container() {
  local app=/var/azureml-app/code models=/var/azureml-app/azureml-models/moat/1 mount
  mount=$model:$models/model
  if [[ -n $only_file ]]; then
    mount=$model/$only_file:$models/${only_file##*/}
  fi
  docker run --detach --name "$container" --network "$check_network" --volume "$code:$app:ro" --volume "$mount:ro" \
    --env AML_APP_ROOT=$app --env AZUREML_ENTRY_SCRIPT=score.py --env AZUREML_MODEL_DIR=$models \
    --env MLFLOW_MODEL_FOLDER=model "$image" >/dev/null
}

# Sets `running` and `address`.
look_at_container() {
  read -r running address < <(docker container inspect "$container" \
    --format '{{.State.Running}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}') || true
}

# Waits as long as the deployment's probe does. Sets `address`. In: MOAT_START_SECONDS
await_liveness() {
  local waited=0 running
  while ((waited < MOAT_START_SECONDS)); do
    look_at_container
    if [[ $running != true ]]; then
      return 1
    elif curl --silent --fail --max-time 2 --output /dev/null "http://$address:5001/"; then
      return 0
    fi
    sleep 5
    waited=$((waited + 5))
  done
  return 1
}

check_image() {
  local text address
  remove_container
  docker network inspect "$check_network" >/dev/null 2>&1 || docker network create --internal "$check_network" >/dev/null
  start_container 2>"$moat_error" || fail ImageBuildFailed "the image cannot be started on the jumpbox: $(last_error)"
  if await_liveness; then
    if [[ ${MOAT_TRY_LOCALLY:-false} == true ]]; then
      try_image
    fi
    remove_container
    return 0
  fi
  log "the container does not answer"
  text=$(docker logs --tail 40 "$container" 2>&1 | tail -c 480)
  remove_container
  fail ImageBuildFailed "the image was built, but its container does not answer GET / on port 5001 on the jumpbox. Its log ends: $text" \
    'correct the sources by the log in the message, DELETE the environment, then POST it with the new commit as "model.ref"'
}
