# Sends the model's sample request to the endpoint from inside the virtual network, and compares the answer with the expected one.
# In: those of endpoint.sh; MOAT_REQUEST or MOAT_REQUEST_BLOB, MOAT_EXPECTED or MOAT_EXPECTED_BLOB (base64, or the name of a blob),
# MOAT_STORAGE_ACCOUNT and MOAT_CONTAINER (of the blobs), MOAT_CONTENT_TYPE, MOAT_RELATIVE_TOLERANCE, MOAT_ABSOLUTE_TOLERANCE
# shellcheck shell=bash disable=SC2154

# An answer is returned whole up to so many bytes, before and after gzip and base64.
plain_limit=16384
packed_limit=1500

request_text=${MOAT_REQUEST:-}
request_blob=${MOAT_REQUEST_BLOB:-}
expected_text=${MOAT_EXPECTED:-}
expected_blob=${MOAT_EXPECTED_BLOB:-}

fetch_blob() {
  sign_in && az storage blob download --account-name "$MOAT_STORAGE_ACCOUNT" --container-name "$MOAT_CONTAINER" \
    --name "$1" --file "$2" --auth-mode login --only-show-errors --output none
}

# obtain TEXT BLOB FILE: writes a text in base64, or a blob, to a file.
obtain() {
  if [[ -z $2 ]]; then
    base64 -d <<<"$1" >"$3"
  else
    retry 18 10 fetch_blob "$2" "$3" || fail "$(access_failure)" "reading the blob $2 failed: $(last_error)"
  fi
}

# The beginning of the answer, in one line.
excerpt() {
  head -c 1200 "$work/body" | jq -Rs '.[:300] | explode | map(if . < 32 or . == 127 then 32 else . end) | implode'
}

score_sample() {
  local status seconds comparison=null body='' size hash
  new_work_directory
  obtain "$request_text" "$request_blob" "$work/request"
  obtain "$expected_text" "$expected_blob" "$work/expected"
  # for some minutes after the first deployment, the gateway can answer 401 or 404: key and route reach it late
  post 7 '401|404|5..' "$MOAT_CONTENT_TYPE"
  size=$(wc -c <"$work/body")
  hash=$(hash_of "$work/body")
  if [[ $status == 200 ]]; then
    comparison=$(compare_answers "$work/expected" "$work/body" "$MOAT_RELATIVE_TOLERANCE" "$MOAT_ABSOLUTE_TOLERANCE")
  fi
  if [[ $comparison == '{"verdict":"alike"}' ]] && ((size <= plain_limit)); then
    body=$(packed "$work/body")
    if ((${#body} > packed_limit)); then
      body=''
    fi
  fi
  finish "$(jq -cn --arg status "$status" --arg seconds "$seconds" --arg body "$body" --arg size "$size" --arg hash "$hash" \
    --argjson comparison "$comparison" --argjson excerpt "$(excerpt)" '{
      status: ($status | tonumber), latencyMs: ($seconds | tonumber * 1000 | round),
      bytes: ($size | tonumber), sha256: $hash, excerpt: $excerpt, comparison: $comparison,
      body: (if $body == "" then null else $body end)
    }')"
}

run_command score score_sample
