# How the scoring commands send one request to the endpoint. The endpoint's key, or a token, is fetched here, with the machine's identity;
# it is neither printed nor an argument of any process.
# In: MOAT_CLIENT_ID, MOAT_ENDPOINT_ID, MOAT_SCORING_URI, MOAT_AUTH_MODE (key, amlToken: a token that the endpoint issues, aadToken: one of
# Microsoft Entra ID for Azure Machine Learning)
# shellcheck shell=bash disable=SC2154,SC2034

work=$moat_home/score

# post_to_endpoint ACTION MEMBER: prints a member of the answer.
post_to_endpoint() {
  az rest --method post --only-show-errors --query "$2" --output tsv \
    --url "https://management.azure.com$MOAT_ENDPOINT_ID/$1?api-version=2024-10-01"
}

fetch_credential() {
  sign_in || return 1
  case $MOAT_AUTH_MODE in
    amlToken) post_to_endpoint token accessToken ;;
    aadToken) az account get-access-token --resource https://ml.azure.com --query accessToken --output tsv --only-show-errors ;;
    *) post_to_endpoint listKeys primaryKey ;;
  esac >"$work/credential"
}

# send PASSING CONTENT_TYPE: fails for a status that passes by itself (a regular expression), and when nothing answers.
send() {
  local status
  : >"$work/seen"
  curl --silent --show-error --max-time 240 --request POST --header "@$work/headers" \
    --header "Content-Type: $2" --data-binary "@$work/request" --output "$work/body" \
    --write-out '%{http_code} %{time_total}\n' "$MOAT_SCORING_URI" >"$work/seen" || return 1
  read -r status _ <"$work/seen"
  if [[ $status =~ ^($1)$ ]]; then
    log "the endpoint answers $status"
    return 1
  fi
}

# What fetch_credential does, for messages.
fetching() {
  case $MOAT_AUTH_MODE in
    amlToken) printf 'requesting a token of the endpoint' ;;
    aadToken) printf 'requesting a token of Microsoft Entra ID' ;;
    *) printf 'listing the keys of the endpoint' ;;
  esac
}

# Whether the last attempt met an answer, be it a bad one.
answered() {
  grep -qE '^[1-9]' "$work/seen"
}

# post ATTEMPTS PASSING CONTENT_TYPE: sends $work/request; sets status and seconds, and writes the answer to $work/body. A 408 is never
# sent again: the model works on each request to its end. A 429 ends the command: the service waits and repeats it.
post() {
  local attempts=$1 passing=$2
  # a role that was assigned a moment ago can take 15 minutes to be effective: Azure refuses to return key or token until then
  retry 18 10 fetch_credential || fail "$(access_failure)" "$(fetching) failed: $(last_error)"
  printf 'Authorization: Bearer %s\n' "$(cat "$work/credential")" >"$work/headers"
  if [[ $MOAT_AUTH_MODE == aadToken ]]; then
    # the token is always returned; the gateway refuses it until then
    attempts=18
    passing="401|403|$passing"
  fi
  rm -f "$work/body"
  retry "$attempts" 5 send "$passing" "$3" || answered || fail Transient "$MOAT_SCORING_URI does not answer: $(last_error)"
  rm -f "$work/credential" "$work/headers"
  read -r status seconds <"$work/seen"
  touch "$work/body"
  if [[ $status == 429 ]]; then
    fail Throttled "the endpoint answers 429: too many requests at once"
  fi
}

new_work_directory() {
  rm -rf "$work"
  install -d -m 700 "$work"
}

# packed FILE: its content, as text that fits into a run command's output better.
packed() {
  gzip -9nc "$1" | base64 -w0
}
