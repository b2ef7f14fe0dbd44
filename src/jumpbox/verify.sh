# Looks from inside the virtual network at the names that an isolated endpoint stands on, and tells what it saw.
# It judges nothing. In: MOAT_SCORING_URI, MOAT_REGISTRY (login server)
# shellcheck shell=bash disable=SC2154

rows='[]'

# look NAME METHOD URL: adds a row. Without a key the healthy answer is 401, which shows that something answers.
look() {
  local name=$1 method=$2 url=$3 host addresses status error=''
  host=${url#https://}
  host=${host%%/*}
  addresses=$(getent ahostsv4 "$host" | cut -d' ' -f1 | LC_ALL=C sort -u) || addresses=''
  if ! status=$(curl --silent --show-error --max-time 20 --request "$method" --output /dev/null \
    --write-out '%{http_code}' "$url" 2>"$moat_error"); then
    status=''
    error=$(last_error)
  fi
  rows=$(jq -cn --argjson rows "$rows" --arg name "$name" --arg url "$url" --arg addresses "$addresses" \
    --arg status "$status" --arg error "$error" '$rows + [{
      name: $name, url: $url,
      addresses: ($addresses | split("\n") | map(select(. != ""))),
      status: (if $status == "" then null else ($status | tonumber) end),
      error: (if $error == "" then null else $error end)
    }]')
}

verify() {
  look scoring POST "$MOAT_SCORING_URI"
  look registry GET "https://$MOAT_REGISTRY/v2/"
  finish "{\"rows\":$rows}"
}

run_command verify verify
