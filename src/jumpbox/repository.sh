# The model's sources, fetched from its git repository at a pinned commit. They stay in $moat_home/build/sources until the next build.
# shellcheck shell=bash disable=SC2034,SC2154

work=$moat_home/build
sources=$work/sources

# resolve_repository HOST: sets the IPv4 addresses of the repository's host.
resolve_repository() {
  addresses=$(getent ahostsv4 "$1" | cut -d' ' -f1 | LC_ALL=C sort -u)
  if [[ -z $addresses ]]; then
    echo "Could not resolve host: $1" >&2
    return 1
  fi
}

# Loopback, link-local with the instance metadata service (169.254.169.254), the wire server, and what is no host's address.
is_platform_address() {
  [[ $1 =~ ^(0|127)\. || $1 =~ ^169\.254\. || $1 == 168.63.129.16 || $1 =~ ^(22[4-9]|2[345][0-9])\. ]]
}

is_private_address() {
  [[ $1 =~ ^10\. || $1 =~ ^192\.168\. || $1 =~ ^172\.(1[6-9]|2[0-9]|3[01])\. ||
    $1 =~ ^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\. ]]
}

# Refuses a repository whose name resolves into the machine, the platform or, unless allowed, a private network. Pins git to the
# addresses that were checked, and forbids redirects: either could lead elsewhere.
check_repository_addresses() {
  local host port=443 addresses address
  host=${MOAT_MODEL_REPOSITORY#https://}
  host=${host%%/*}
  if [[ $host == *:* ]]; then
    port=${host##*:}
    host=${host%%:*}
  fi
  retry 4 10 resolve_repository "$host" ||
    fail ImageBuildFailed "resolving $host failed: $(last_error)"
  for address in $addresses; do
    if is_platform_address "$address"; then
      fail InvalidRequest "the repository's host $host resolves to $address, a loopback, link-local or Azure platform address"
    elif [[ ${MOAT_ALLOW_PRIVATE_REPOSITORIES:-false} != true ]] && is_private_address "$address"; then
      fail InvalidRequest "the repository's host $host resolves to the private address $address; MOAT_ALLOW_PRIVATE_REPOSITORIES allows it"
    fi
  done
  export GIT_CONFIG_COUNT=2
  export GIT_CONFIG_KEY_0=http.curloptResolve GIT_CONFIG_VALUE_0="$host:$port:${addresses//$'\n'/,}"
  export GIT_CONFIG_KEY_1=http.followRedirects GIT_CONFIG_VALUE_1=false
}

# What git and its servers report of a repository that cannot be read without credentials, and of one that is elsewhere.
unreadable='Repository not found|repository .* not found|could not read Username|Authentication failed|returned error: 40[134]'
moved='returned error: 30[1278]'
unknown_commit='not our ref'
# A server without `uploadpack.allowReachableSHA1InWant` gives the tips of its branches and tags only; a plain file server no shallow clone.
no_single_commit='Server does not allow request for unadvertised object|does not support shallow'

fetch_commit() {
  git -C "$sources" fetch --quiet --depth 1 --filter=blob:none origin "$MOAT_MODEL_REF"
}

fetch_branches() {
  git -C "$sources" fetch --quiet --tags origin '+refs/heads/*:refs/remotes/origin/*'
}

has_commit() {
  git -C "$sources" cat-file -e "$MOAT_MODEL_REF^{commit}" || return 1
}

# Ends the command for an error that a repeated fetch would meet again.
refuse_repository() {
  if last_error_is "$unreadable"; then
    fail InvalidRequest "the repository $MOAT_MODEL_REPOSITORY is private or absent: $(last_error)" \
      'DELETE the environment, then POST it with a "model.repository" that can be read without credentials'
  elif last_error_is "$moved"; then
    fail InvalidRequest "the repository $MOAT_MODEL_REPOSITORY has moved: $(last_error)" \
      'DELETE the environment, then POST it with the present address as "model.repository"'
  elif last_error_is "$unknown_commit"; then
    fail InvalidRequest "the repository $MOAT_MODEL_REPOSITORY has no commit $MOAT_MODEL_REF: $(last_error)" \
      'DELETE the environment, then POST it with a commit of the repository as "model.ref" (git rev-parse HEAD)'
  fi
}

fetch_revision() {
  if retry_unless "$unreadable|$moved|$unknown_commit|$no_single_commit" 4 10 fetch_commit; then
    return
  fi
  refuse_repository
  if last_error_is "$no_single_commit"; then
    log "the server gives no single commit: fetching branches and tags"
    retry_unless "$unreadable|$moved" 4 10 fetch_branches || refuse_repository
    has_commit 2>"$moat_error" ||
      fail InvalidRequest "the commit $MOAT_MODEL_REF is on no branch and no tag of $MOAT_MODEL_REPOSITORY: $(last_error)" \
        'push the commit to a branch, or DELETE the environment and POST it with another "model.ref"'
    return
  fi
  fail ImageBuildFailed "fetching $MOAT_MODEL_REF of $MOAT_MODEL_REPOSITORY failed: $(last_error)"
}

check_out() {
  git -C "$sources" checkout --quiet --detach "$MOAT_MODEL_REF"
}

fetch_sources() {
  local directories=("$MOAT_MODEL_PATH")
  if [[ ! $MOAT_MODEL_REF =~ ^[0-9a-f]{40}$ ]]; then
    fail InvalidRequest "not a full commit id: $MOAT_MODEL_REF"
  fi
  if [[ ! $MOAT_MODEL_REPOSITORY =~ ^https:// ]]; then
    fail InvalidRequest "not an https address: $MOAT_MODEL_REPOSITORY"
  fi
  check_repository_addresses
  export GIT_TERMINAL_PROMPT=0
  rm -rf "$work"
  mkdir -p "$sources"
  git -C "$sources" init --quiet
  git -C "$sources" remote add origin "$MOAT_MODEL_REPOSITORY"
  # git takes the directory `.` for the files at the top alone
  if [[ $MOAT_MODEL_PATH != . ]]; then
    add_sample_directories
    git -C "$sources" sparse-checkout set --cone "${directories[@]}"
  fi
  fetch_revision
  retry 4 10 check_out || fail ImageBuildFailed "checking $MOAT_MODEL_REF out failed: $(last_error)"
}
