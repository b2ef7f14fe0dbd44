# The local try: sends the sample request to the container that check-image.sh has started, and compares the answer with the expected one.
# In: MOAT_TRY_LOCALLY (true or empty); MOAT_REQUEST, MOAT_EXPECTED (base64; empty: the files of sample-files.sh), MOAT_CONTENT_TYPE,
# MOAT_RELATIVE_TOLERANCE, MOAT_ABSOLUTE_TOLERANCE
# shellcheck shell=bash disable=SC2034,SC2154

# The longest time that a deployment may have for a request. The jumpbox can be slower than the deployment's instances.
try_seconds=180

request_text=${MOAT_REQUEST:-}
expected_text=${MOAT_EXPECTED:-}

# The end of the container's log: so many bytes, without colours.
container_log() {
  docker logs --tail 40 "$container" 2>&1 | tail -c "$1" |
    jq -Rs 'gsub("\u001b\\[[0-9;]*m"; "") | explode | map(if . != 10 and . < 32 or . == 127 then 32 else . end) | implode'
}

# write_half TEXT FILE TARGET: writes one half of the sample, which is a text in base64, or a file of the repository.
write_half() {
  if [[ -z $2 ]]; then
    base64 -d <<<"$1" >"$3"
  else
    require_sample_file "$2"
    cp "$sources/$2" "$3"
  fi
}

# Sets `status` and `seconds`, and writes the answer to $work/body. Without an answer, the status is 0.
ask_container() {
  : >"$work/body"
  if curl --silent --show-error --max-time "$try_seconds" --request POST --header "Content-Type: $MOAT_CONTENT_TYPE" \
    --data-binary "@$work/request" --output "$work/body" --write-out '%{http_code} %{time_total}\n' \
    "http://$address:5001/score" >"$work/seen" 2>"$moat_error"; then
    read -r status seconds <"$work/seen"
  else
    status=0
    seconds=0
  fi
}

# Sets `local_try`. A wrong answer ends the command: the image is not pushed.
try_image() {
  local status seconds answer error='' log_bytes=600
  write_half "$request_text" "$request_file" "$work/request"
  write_half "$expected_text" "$expected_file" "$work/expected"
  ask_container
  if [[ $status == 0 ]]; then
    error=$(last_error)
  fi
  answer=$(describe_answer "$status" "$seconds")
  if ! is_expected "$answer"; then
    log_bytes=1600
  fi
  local_try=$(jq -c --argjson log "$(container_log "$log_bytes")" --arg error "$error" \
    '. + {log: $log, error: (if $error == "" then null else $error[:200] end)}' <<<"$answer")
  if ! is_expected "$answer"; then
    remove_container
    finish "{\"localTry\":$local_try}"
  fi
}
