# Fetches a model's sources at a pinned commit, builds its scoring image, pushes it to the private registry and uploads
# code and model to the workspace's default blob container. What is already there, by content, is not made again.
# In: MOAT_CLIENT_ID, MOAT_REGISTRY (login server), MOAT_STORAGE_ACCOUNT, MOAT_CONTAINER, MOAT_MODEL_FORMAT,
# MOAT_MODEL_REPOSITORY, MOAT_MODEL_REF (commit), MOAT_MODEL_PATH, MOAT_ALLOW_PRIVATE_REPOSITORIES (true or false); those of sample-files.sh
# shellcheck shell=bash disable=SC2154

work=$moat_home/build
sources=$work/sources

# tree_hash DIRECTORY...: one hash of names and contents of all files below.
tree_hash() {
  local directory file
  for directory in "$@"; do
    find "$directory" -type f | LC_ALL=C sort | while IFS= read -r file; do
      printf '%s %s\n' "$(sha256sum <"$file")" "${file#"$directory"}"
    done
  done | sha256sum | cut -c1-32
}

# resolve_repository HOST: sets the IPv4 addresses of the repository's host.
resolve_repository() {
  addresses=$(getent ahostsv4 "$1" | cut -d' ' -f1 | LC_ALL=C sort -u)
  if [[ -z $addresses ]]; then
    echo "Could not resolve host: $1" >&2
    return 1
  fi
}

# Loopback, link-local with the instance metadata service (169.254.169.254), the wire server, and what is no host's address.
is_platform_address() {
  [[ $1 =~ ^(0|127)\. || $1 =~ ^169\.254\. || $1 == 168.63.129.16 || $1 =~ ^(22[4-9]|2[345][0-9])\. ]]
}

is_private_address() {
  [[ $1 =~ ^10\. || $1 =~ ^192\.168\. || $1 =~ ^172\.(1[6-9]|2[0-9]|3[01])\. ||
    $1 =~ ^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\. ]]
}

# Refuses a repository whose name resolves into the machine, the platform or, unless allowed, a private network. Pins git to the
# addresses that were checked, and forbids redirects: either could lead elsewhere.
check_repository_addresses() {
  local host port=443 addresses address
  host=${MOAT_MODEL_REPOSITORY#https://}
  host=${host%%/*}
  if [[ $host == *:* ]]; then
    port=${host##*:}
    host=${host%%:*}
  fi
  retry 4 10 resolve_repository "$host" ||
    fail ImageBuildFailed "resolving $host failed: $(last_error)"
  for address in $addresses; do
    if is_platform_address "$address"; then
      fail InvalidRequest "the repository's host $host resolves to $address, a loopback, link-local or Azure platform address"
    elif [[ ${MOAT_ALLOW_PRIVATE_REPOSITORIES:-false} != true ]] && is_private_address "$address"; then
      fail InvalidRequest "the repository's host $host resolves to the private address $address; MOAT_ALLOW_PRIVATE_REPOSITORIES allows it"
    fi
  done
  export GIT_CONFIG_COUNT=2
  export GIT_CONFIG_KEY_0=http.curloptResolve GIT_CONFIG_VALUE_0="$host:$port:${addresses//$'\n'/,}"
  export GIT_CONFIG_KEY_1=http.followRedirects GIT_CONFIG_VALUE_1=false
}

fetch_commit() {
  git -C "$sources" fetch --quiet --depth 1 --filter=blob:none origin "$MOAT_MODEL_REF"
}

check_out() {
  git -C "$sources" checkout --quiet --detach FETCH_HEAD
}

fetch_sources() {
  local directories=("$MOAT_MODEL_PATH")
  if [[ ! $MOAT_MODEL_REF =~ ^[0-9a-f]{40}$ ]]; then
    fail InvalidRequest "not a full commit id: $MOAT_MODEL_REF"
  fi
  if [[ ! $MOAT_MODEL_REPOSITORY =~ ^https:// ]]; then
    fail InvalidRequest "not an https address: $MOAT_MODEL_REPOSITORY"
  fi
  check_repository_addresses
  rm -rf "$work"
  mkdir -p "$sources"
  git -C "$sources" init --quiet
  git -C "$sources" remote add origin "$MOAT_MODEL_REPOSITORY"
  add_sample_directories
  git -C "$sources" sparse-checkout set --cone "${directories[@]}"
  retry 4 10 fetch_commit ||
    fail ImageBuildFailed "fetching $MOAT_MODEL_REF of $MOAT_MODEL_REPOSITORY failed: $(last_error)"
  retry 4 10 check_out || fail ImageBuildFailed "checking $MOAT_MODEL_REF out failed: $(last_error)"
}

# Sets the directories of image, code and model.
lay_out() {
  local home=$sources/$MOAT_MODEL_PATH
  model=$home/model
  case "$MOAT_MODEL_FORMAT" in
    mlflow)
      context=$work/context
      code=$work/code
      write_mlflow_context "$context"
      write_mlflow_code "$code"
      ;;
    *)
      context=$home/environment
      code=$home/onlinescoring
      ;;
  esac
  if [[ ! -f $context/Dockerfile ]]; then
    fail InvalidRequest "no Dockerfile at $MOAT_MODEL_PATH/environment/Dockerfile of $MOAT_MODEL_REF"
  elif [[ ! -f $code/score.py ]]; then
    fail InvalidRequest "no scoring script at $MOAT_MODEL_PATH/onlinescoring/score.py of $MOAT_MODEL_REF"
  elif [[ ! -d $model ]]; then
    fail InvalidRequest "no model at $MOAT_MODEL_PATH/model of $MOAT_MODEL_REF"
  fi
}

registry_login() {
  sign_in && az acr login --name "${MOAT_REGISTRY%%.*}" --only-show-errors
}

# A role that was assigned a moment ago can take 15 minutes to be effective.
sign_in_to_registry() {
  retry 18 10 registry_login ||
    fail "$(access_failure)" "signing in to the registry $MOAT_REGISTRY failed: $(last_error)"
}

# One image: from Docker 29 on, the image store of a fresh machine keeps attestations, and what is pushed is by default an index
# of image and attestations, which not every service can pull (Docker docs: containerd image store, provenance attestations).
push_image() {
  image=$MOAT_REGISTRY/moat/$MOAT_MODEL_FORMAT:$(tree_hash "$context")
  if docker pull --quiet "$image" 2>"$moat_error"; then
    log "already in the registry: $image"
  else
    retry 2 20 docker build --provenance=false --tag "$image" "$context" ||
      fail ImageBuildFailed "docker build failed: $(last_error)"
    retry 10 15 docker push --quiet "$image" || fail ImageBuildFailed "docker push failed: $(last_error)"
  fi
  image=$(docker image inspect --format '{{index .RepoDigests 0}}' "$image")
}

blobs() {
  az storage blob "$@" --account-name "$MOAT_STORAGE_ACCOUNT" --auth-mode login --only-show-errors
}

marker_exists() {
  exists=$(blobs exists --container-name "$MOAT_CONTAINER" --name "$folder/complete" --query exists --output tsv)
}

upload() {
  local folder exists only
  folder=moat/$(tree_hash "$code" "$model")
  retry 18 10 marker_exists ||
    fail "$(access_failure)" "reading the container $MOAT_CONTAINER of $MOAT_STORAGE_ACCOUNT failed: $(last_error)"
  if [[ $exists != true ]]; then
    retry 18 10 blobs upload-batch --destination "$MOAT_CONTAINER" --destination-path "$folder/code" \
      --source "$code" --overwrite --output none || fail "$(access_failure)" "uploading the code failed: $(last_error)"
    retry 4 10 blobs upload-batch --destination "$MOAT_CONTAINER" --destination-path "$folder/model" \
      --source "$model" --overwrite --output none || fail "$(access_failure)" "uploading the model failed: $(last_error)"
    printf '%s\n' "$MOAT_MODEL_REPOSITORY $MOAT_MODEL_REF $MOAT_MODEL_PATH" >"$work/complete"
    retry 4 10 blobs upload --container-name "$MOAT_CONTAINER" --name "$folder/complete" --file "$work/complete" \
      --overwrite --output none || fail "$(access_failure)" "uploading the marker failed: $(last_error)"
  fi
  code_path=$folder/code
  model_path=$folder/model
  # a model of one file is registered as that file: scoring scripts look for it right below AZUREML_MODEL_DIR
  only=$(cd "$model" && find . -type f)
  if [[ $(grep -c '' <<<"$only") == 1 ]]; then
    model_path=$model_path/${only#./}
  fi
}

build_image() {
  local context code model image code_path model_path request expected
  fetch_sources
  lay_out
  sign_in_to_registry
  push_image
  upload
  request=$(upload_sample_file "$request_file")
  expected=$(upload_sample_file "$expected_file")
  finish "$(jq -cn --arg image "$image" --arg code "$code_path" --arg model "$model_path" \
    --arg request "$request" --arg expected "$expected" '{image: $image, codePath: $code, modelPath: $model}
      + (if $request == "" then {} else {requestBlob: $request} end)
      + (if $expected == "" then {} else {expectedBlob: $expected} end)')"
}

run_command build-image build_image
