# Code and model in the workspace's default blob container.
# shellcheck shell=bash disable=SC2034,SC2154

storage() {
  az storage "$@" --account-name "$MOAT_STORAGE_ACCOUNT" --auth-mode login --only-show-errors
}

# An account that is closed when its workspace is created can stay without the container of its default datastore. It is the first access
# of the blobs: each attempt signs in again, because a token from before the grant is refused.
create_container() {
  sign_in || return 1
  storage container create --name "$MOAT_CONTAINER" --output none || return 1
}

marker_exists() {
  exists=$(storage blob exists --container-name "$MOAT_CONTAINER" --name "$folder/complete" --query exists --output tsv)
}

# upload_directory DIRECTORY PATH: all its files, empty ones too.
upload_directory() {
  retry 18 10 storage blob upload-batch --destination "$MOAT_CONTAINER" --destination-path "$folder/$2" --source "$1" \
    --overwrite --output none || fail "$(access_failure)" "uploading the $2 failed: $(last_error)"
}

# Sets code_path and model_path; a model that is served without code has none. What is already there, by content, is not uploaded again.
upload() {
  local folder exists
  folder=moat/$(tree_hash ${code:+"$code"} "$model")
  retry 18 10 create_container ||
    fail "$(access_failure)" "creating the container $MOAT_CONTAINER of $MOAT_STORAGE_ACCOUNT failed: $(last_error)"
  retry 18 10 marker_exists ||
    fail "$(access_failure)" "reading the container $MOAT_CONTAINER of $MOAT_STORAGE_ACCOUNT failed: $(last_error)"
  if [[ $exists != true ]]; then
    if [[ -n $code ]]; then
      upload_directory "$code" code
    fi
    upload_directory "$model" model
    printf '%s\n' "$MOAT_MODEL_REPOSITORY $MOAT_MODEL_REF $MOAT_MODEL_PATH" >"$work/complete"
    retry 4 10 storage blob upload --container-name "$MOAT_CONTAINER" --name "$folder/complete" --file "$work/complete" \
      --overwrite --output none || fail "$(access_failure)" "uploading the marker failed: $(last_error)"
  fi
  code_path=$folder/code
  model_path=$folder/model
  if [[ -n $only_file ]]; then
    model_path=$model_path/$only_file
  fi
}
