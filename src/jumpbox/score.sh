# Sends a request to the endpoint from inside the virtual network. The endpoint's key is fetched here, with the
# machine's identity; it is neither printed nor an argument of any process.
# In: MOAT_CLIENT_ID, MOAT_ENDPOINT_ID, MOAT_SCORING_URI, MOAT_REQUEST (JSON, base64)
# shellcheck shell=bash disable=SC2154

work=$moat_home/score
answer_limit=3072

fetch_key() {
  sign_in && az rest --method post --only-show-errors --query primaryKey --output tsv \
    --url "https://management.azure.com$MOAT_ENDPOINT_ID/listKeys?api-version=2024-10-01" >"$work/key"
}

# A status that passes by itself is worth another try: throttled, too slow, the platform's own trouble.
send() {
  local status
  curl --silent --show-error --max-time 180 --request POST --header "@$work/headers" \
    --header 'Content-Type: application/json' --data-binary "@$work/request.json" --output "$work/body" \
    --write-out '%{http_code} %{time_total}\n' "$MOAT_SCORING_URI" >"$work/seen" || return 1
  read -r status _ <"$work/seen"
  case $status in
    408 | 429 | 5??)
      log "the endpoint answers $status"
      return 1
      ;;
  esac
}

# Whether the last attempt met an answer, be it a bad one.
answered() {
  grep -qE '^[1-9]' "$work/seen"
}

score() {
  local status seconds body
  rm -rf "$work"
  install -d -m 700 "$work"
  base64 -d <<<"$MOAT_REQUEST" >"$work/request.json"
  # a role that was assigned a moment ago can take 15 minutes to be effective
  retry 18 10 fetch_key || fail "$(access_failure)" "listing the keys of the endpoint failed: $(last_error)"
  printf 'Authorization: Bearer %s\n' "$(cat "$work/key")" >"$work/headers"
  retry 4 5 send || answered || fail Transient "$MOAT_SCORING_URI does not answer: $(last_error)"
  rm -f "$work/key" "$work/headers"
  read -r status seconds <"$work/seen"
  touch "$work/body"
  body=$(gzip -9nc "$work/body" | base64 -w0)
  if ((${#body} > answer_limit)); then
    fail AnswerTooLarge "the answer (status $status) has ${#body} bytes after gzip and base64; $answer_limit fit"
  fi
  finish "$(jq -cn --arg status "$status" --arg seconds "$seconds" --arg body "$body" \
    '{status: ($status | tonumber), latencyMs: ($seconds | tonumber * 1000 | round), body: $body}')"
}

run_command score score
