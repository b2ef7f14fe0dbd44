# Looks from inside the virtual network at the names that an isolated endpoint stands on, and at hosts outside, and prints
# what it saw. It judges nothing. In: MOAT_TARGETS (base64), lines of the form name,METHOD,url
# shellcheck shell=bash disable=SC2154

rows='[]'

# How a service says that it refuses the network that a request comes from. Any other 403 is an answer of the service.
refusals='AuthorizationFailure|ForbiddenByConnection|ForbiddenByFirewall|private link configuration|is not allowed access'

# look NAME METHOD URL: adds a row. Without a key the healthy answer is 401, which shows that something answers.
look() {
  local name=$1 method=$2 url=$3 host addresses status error='' refusal=''
  local answer=$moat_home/verify.answer
  host=${url#https://}
  host=${host%%/*}
  if ! addresses=$(getent ahostsv4 "$host" | cut -d' ' -f1 | LC_ALL=C sort -u); then
    addresses=''
  fi
  rm -f "$answer"
  if ! status=$(curl --silent --show-error --max-time 15 --request "$method" --output "$answer" \
    --write-out '%{http_code}' "$url" 2>"$moat_error"); then
    status=''
    error=$(last_error)
  elif [[ $status == 403 && -f $answer ]]; then
    if ! refusal=$(grep -oE "$refusals" "$answer" | head -n 1); then
      refusal=''
    fi
  fi
  rows=$(jq -cn --argjson rows "$rows" --arg name "$name" --arg addresses "$addresses" \
    --arg status "$status" --arg refusal "$refusal" --arg error "${error:0:120}" '$rows + [{
      name: $name,
      addresses: ($addresses | split("\n") | map(select(. != "")) | .[0:3]),
      status: (if $status == "" then null else ($status | tonumber) end),
      refusal: (if $refusal == "" then null else $refusal end),
      error: (if $error == "" then null else $error end)
    }]')
}

verify() {
  local target name method url
  # the question mark of an address is no pattern for file names
  set -f
  for target in $(base64 -d <<<"$MOAT_TARGETS"); do
    name=${target%%,*}
    url=${target#*,}
    method=${url%%,*}
    url=${url#*,}
    look "$name" "$method" "$url"
  done
  finish "{\"rows\":$rows}"
}

run_command verify verify
