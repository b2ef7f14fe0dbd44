# Looks from inside the virtual network at the names that an isolated endpoint stands on, and at hosts outside, and prints
# what it saw. It judges nothing. In: MOAT_TARGETS (base64), lines of the form name,METHOD,url
# shellcheck shell=bash disable=SC2154

# How a service says that it refuses the network that a request comes from. Any other 403 is an answer of the service.
refusals='AuthorizationFailure|ForbiddenByConnection|ForbiddenByFirewall|private link configuration|is not allowed access'

# look NAME METHOD URL FILE: writes a row. Without a key the healthy answer is 401, which shows that something answers.
look() {
  local name=$1 method=$2 url=$3 file=$4 host addresses status error='' refusal=''
  local answer=$file.answer moat_error=$file.error
  host=${url#https://}
  host=${host%%/*}
  if ! addresses=$(getent ahostsv4 "$host" | cut -d' ' -f1 | LC_ALL=C sort -u); then
    addresses=''
  fi
  if ! status=$(curl --silent --show-error --max-time 15 --request "$method" --output "$answer" \
    --write-out '%{http_code}' "$url" 2>"$moat_error"); then
    status=''
    error=$(last_error)
  elif [[ $status == 403 && -f $answer ]]; then
    if ! refusal=$(grep -oE "$refusals" "$answer" | head -n 1); then
      refusal=''
    fi
  fi
  jq -cn --arg name "$name" --arg addresses "$addresses" --arg status "$status" --arg refusal "$refusal" \
    --arg error "${error:0:120}" '{
      name: $name,
      addresses: ($addresses | split("\n") | map(select(. != "")) | .[0:3]),
      status: (if $status == "" then null else ($status | tonumber) end),
      refusal: (if $refusal == "" then null else $refusal end),
      error: (if $error == "" then null else $error end)
    }' >"$file"
}

# All at once: a host that is silent takes its 15 seconds beside the others.
verify() {
  local work=$moat_home/verify target name method url file rows
  local files=()
  rm -rf "$work"
  mkdir "$work"
  # the question mark of an address is no pattern for file names
  set -f
  for target in $(base64 -d <<<"$MOAT_TARGETS"); do
    name=${target%%,*}
    url=${target#*,}
    method=${url%%,*}
    url=${url#*,}
    file=$work/row${#files[@]}
    files+=("$file")
    look "$name" "$method" "$url" "$file" &
  done
  wait
  rows=$(cat "${files[@]}" | jq -cs .)
  # without every row, the command proves nothing
  if [[ $(jq length <<<"$rows") != "${#files[@]}" ]]; then
    fail Transient 'a probe of the proof ended without a result'
  fi
  finish "{\"rows\":$rows}"
}

run_command verify verify
