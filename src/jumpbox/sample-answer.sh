# What the jumpbox reports of an answer to the sample request.
# shellcheck shell=bash disable=SC2154

# The beginning of the answer, in one line.
excerpt() {
  head -c 1200 "$work/body" | jq -Rs '.[:300] | explode | map(if . < 32 or . == 127 then 32 else . end) | implode'
}

# describe_answer STATUS SECONDS: prints, as JSON, what was answered in $work/body. An answer of 200 is compared with $work/expected.
# In: MOAT_RELATIVE_TOLERANCE, MOAT_ABSOLUTE_TOLERANCE
describe_answer() {
  local comparison=null
  if [[ $1 == 200 ]]; then
    comparison=$(compare_answers "$work/expected" "$work/body" "$MOAT_RELATIVE_TOLERANCE" "$MOAT_ABSOLUTE_TOLERANCE")
  fi
  jq -cn --arg status "$1" --arg seconds "$2" --arg size "$(wc -c <"$work/body")" --arg hash "$(hash_of "$work/body")" \
    --argjson comparison "$comparison" --argjson excerpt "$(excerpt)" '{
      status: ($status | tonumber), latencyMs: ($seconds | tonumber * 1000 | round),
      bytes: ($size | tonumber), sha256: $hash, excerpt: $excerpt, comparison: $comparison
    }'
}

# is_expected DESCRIPTION: whether the answer was the expected one.
is_expected() {
  [[ $(jq -r '.comparison.verdict' <<<"$1") == alike ]]
}
