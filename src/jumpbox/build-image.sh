# Fetches a model's sources at a pinned commit, builds its scoring image, starts it once, pushes it to the private registry and
# uploads code and model to the workspace's default blob container. What is already there, by content, is not made again.
# With MOAT_SERVING noCode, only the model is uploaded: the image of Azure serves it.
# In: MOAT_SERVING (builtImage or noCode), MOAT_CLIENT_ID, MOAT_REGISTRY (login server), MOAT_STORAGE_ACCOUNT, MOAT_CONTAINER, MOAT_MODEL_FORMAT, MOAT_MODEL_LOCK (custom or
# mlflow: the packages of one of the samples), MOAT_MODEL_REPOSITORY, MOAT_MODEL_REF (commit), MOAT_MODEL_PATH,
# MOAT_START_SECONDS, MOAT_ALLOW_PRIVATE_REPOSITORIES (true or false); those of sample-files.sh and try-image.sh
# shellcheck shell=bash disable=SC2034,SC2154

# tree_hash DIRECTORY...: one hash of names and contents of all files below.
tree_hash() {
  local directory file
  for directory in "$@"; do
    find "$directory" -type f | LC_ALL=C sort | while IFS= read -r file; do
      printf '%s %s\n' "$(sha256sum <"$file")" "${file#"$directory"}"
    done
  done | sha256sum | cut -c1-32
}

# refuse_lfs_pointers DIRECTORY: a file in Git LFS is a pointer of some 130 bytes in the checkout. Uploaded as the model, it ends in
# "invalid load key, 'v'" when the container loads it.
refuse_lfs_pointers() {
  local pointer size
  # without a match, find ends with the exit code of grep
  pointer=$({ find "$1" -type f -size -2k -exec grep -l '^version https://git-lfs.github.com/spec/v1' {} + || true; } |
    LC_ALL=C sort | head -n 1)
  if [[ -z $pointer ]]; then
    return
  fi
  size=$(sed -n 's/^size //p' "$pointer")
  fail InvalidRequest "${pointer#"$sources/"} is in Git LFS: the repository holds a pointer of $(wc -c <"$pointer" | tr -d ' ') bytes to a file of $size bytes" \
    'commit the file itself (git lfs migrate export), or put the model into another repository; then DELETE the environment and POST it with the new commit as "model.ref"'
}

# Sets the directory of the model, and that of its files.
lay_out_model() {
  home=$sources/$MOAT_MODEL_PATH
  if [[ $MOAT_MODEL_PATH == . ]]; then
    home=$sources
  fi
  model=$home/model
  if [[ ! -d $model ]]; then
    fail InvalidRequest "no model at $MOAT_MODEL_PATH/model of $MOAT_MODEL_REF"
  fi
  refuse_lfs_pointers "$model"
  if [[ $MOAT_MODEL_FORMAT == mlflow && ! -f $model/MLmodel ]]; then
    fail InvalidRequest "no MLmodel at $MOAT_MODEL_PATH/model/MLmodel of $MOAT_MODEL_REF"
  fi
}

# Sets the directories of image and code, and the model's one file where it is one: it is registered as that file, because
# scoring scripts look for it right below AZUREML_MODEL_DIR.
lay_out_image() {
  local files
  context=$home/environment
  code=$home/onlinescoring
  if [[ $MOAT_MODEL_FORMAT == mlflow ]]; then
    context=$work/context
    code=$work/code
    write_mlflow_code "$code"
  fi
  if [[ -n ${MOAT_MODEL_LOCK:-} ]]; then
    context=$work/context
    sample_requirements "$MOAT_MODEL_LOCK" >"$work/requirements.lock"
    write_python_context "$context" "$(sample_python "$MOAT_MODEL_LOCK")" "$work/requirements.lock"
  elif [[ $MOAT_MODEL_FORMAT == mlflow ]]; then
    write_mlflow_context "$context"
  fi
  if [[ ! -f $context/Dockerfile ]]; then
    fail InvalidRequest "no Dockerfile at $MOAT_MODEL_PATH/environment/Dockerfile of $MOAT_MODEL_REF"
  elif [[ ! -f $code/score.py ]]; then
    fail InvalidRequest "no scoring script at $MOAT_MODEL_PATH/onlinescoring/score.py of $MOAT_MODEL_REF"
  fi
  refuse_lfs_pointers "$code"
  files=$(cd "$model" && find . -type f)
  if [[ $(grep -c '' <<<"$files") == 1 ]]; then
    only_file=${files#./}
  fi
}

build_image() {
  local home context code='' model only_file='' image tag in_registry base_images code_path model_path request expected local_try=null
  fetch_sources
  lay_out_model
  if [[ $MOAT_SERVING == noCode ]]; then
    upload_model
  fi
  lay_out_image
  sign_in_to_registry
  make_image
  check_image
  push_image
  upload
  request=$(upload_sample_file "$request_file")
  expected=$(upload_sample_file "$expected_file")
  finish "$(jq -cn --arg image "$image" --arg tag "$tag" --arg commit "$MOAT_MODEL_REF" --arg code "$code_path" \
    --arg model "$model_path" --arg request "$request" --arg expected "$expected" --argjson bases "$base_images" \
    --argjson tried "$local_try" \
    '{image: $image, tag: $tag, commit: $commit, baseImages: $bases, codePath: $code, modelPath: $model}
      + (if $request == "" then {} else {requestBlob: $request} end)
      + (if $expected == "" then {} else {expectedBlob: $expected} end)
      + (if $tried == null then {} else {localTry: $tried} end)')"
}

# Ends the command.
upload_model() {
  upload
  request=$(upload_sample_file "$request_file")
  expected=$(upload_sample_file "$expected_file")
  finish "$(jq -cn --arg commit "$MOAT_MODEL_REF" --arg model "$model_path" --arg request "$request" --arg expected "$expected" \
    '{image: null, commit: $commit, baseImages: [], modelPath: $model}
      + (if $request == "" then {} else {requestBlob: $request} end)
      + (if $expected == "" then {} else {expectedBlob: $expected} end)')"
}

run_command build-image build_image
