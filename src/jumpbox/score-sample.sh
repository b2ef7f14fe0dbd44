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

score_sample() {
  local status seconds answer body=''
  new_work_directory
  obtain "$request_text" "$request_blob" "$work/request"
  obtain "$expected_text" "$expected_blob" "$work/expected"
  # for some minutes after the first deployment, the gateway can answer 401 or 404: key and route reach it late
  post 7 '401|404|5..' "$MOAT_CONTENT_TYPE"
  answer=$(describe_answer "$status" "$seconds")
  if is_expected "$answer" && (($(wc -c <"$work/body") <= plain_limit)); then
    body=$(packed "$work/body")
    if ((${#body} > packed_limit)); then
      body=''
    fi
  fi
  finish "$(jq -c --arg body "$body" '. + {body: (if $body == "" then null else $body end)}' <<<"$answer")"
}

run_command score score_sample
