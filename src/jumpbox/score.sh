# Sends a user's request to the endpoint from inside the virtual network, and returns the whole answer.
# In: those of endpoint.sh; MOAT_REQUEST (JSON, base64)
# shellcheck shell=bash disable=SC2154

answer_limit=3072

score() {
  local status seconds body
  new_work_directory
  base64 -d <<<"$MOAT_REQUEST" >"$work/request"
  post 4 '5..' application/json
  body=$(packed "$work/body")
  if ((${#body} > answer_limit)); then
    fail AnswerTooLarge "the answer (status $status) has $(wc -c <"$work/body") bytes, and ${#body} after gzip and base64; at most $answer_limit after both fit. Longer answers are compared inside the network by the step score, with expectedFile in model"
  fi
  finish "$(jq -cn --arg status "$status" --arg seconds "$seconds" --arg body "$body" \
    '{status: ($status | tonumber), latencyMs: ($seconds | tonumber * 1000 | round), body: $body}')"
}

run_command score score
