# Uploads the sample's request and expected answer, where they are files of the repository: scoring then needs neither the checkout nor
# the Internet. In: those of build-image.sh; MOAT_REQUEST_FILE, MOAT_EXPECTED_FILE (paths in the repository; empty: none)
# shellcheck shell=bash disable=SC2154

request_file=${MOAT_REQUEST_FILE:-}
expected_file=${MOAT_EXPECTED_FILE:-}

# Adds the directories of the sample's files to the array of directories that are checked out.
add_sample_directories() {
  local file
  for file in "$request_file" "$expected_file"; do
    if [[ $file == */* ]]; then
      directories+=("${file%/*}")
    fi
  done
}

# require_sample_file FILE: refuses one that the repository does not have, or has as a pointer to a file elsewhere.
require_sample_file() {
  local path=$sources/$1
  if [[ ! -f $path || -L $path ]]; then
    fail InvalidRequest "no file $1 in the repository at $MOAT_MODEL_REF"
  elif head -c 100 "$path" | grep -q '^version https://git-lfs.github.com/spec/'; then
    fail InvalidRequest "$1 is a Git LFS pointer: commit the file itself"
  fi
}

# upload_sample_file FILE: uploads it under a name that follows from its content, which is printed; nothing for no file.
upload_sample_file() {
  local path=$sources/$1 blob
  if [[ -z $1 ]]; then
    return
  fi
  require_sample_file "$1"
  blob=moat/samples/$(sha256sum <"$path" | cut -c1-64)
  retry 18 10 storage blob upload --container-name "$MOAT_CONTAINER" --name "$blob" --file "$path" --overwrite --output none ||
    fail "$(access_failure)" "uploading $1 failed: $(last_error)"
  printf '%s' "$blob"
}
