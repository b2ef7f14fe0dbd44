#!/usr/bin/env bash
# What every jumpbox command begins with: an Ubuntu 24.04 LTS virtual machine, run as root by a managed run command.
# The command's work goes to standard error; standard output carries one line, the outcome, because only its last
# 4,096 bytes come back. Whatever the work does, the outcome line is the last one.
set -euo pipefail

export HOME="${HOME:-/root}" DEBIAN_FRONTEND=noninteractive

moat_home=/var/lib/moat
moat_outcome=$moat_home/outcome.json
moat_error=$moat_home/error.txt

log() {
  printf '%s\n' "$*" >&2
}

# A text as the inside of a JSON string, short and on one line. Its line breaks are kept, as escapes: a traceback is read by lines.
json_text() {
  local text=${1//$'\n'/$'\x1e'}
  text=${text:0:700}
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\x1e'/\\n}
  printf '%s' "${text//[[:cntrl:]]/ }"
}

# finish JSON: ends the command well, with its result.
finish() {
  printf '{"ok":true,"result":%s}' "$1" >"$moat_outcome"
  exit 0
}

# fail TYPE MESSAGE [REMEDY]: ends the command with one of the failure types of the service. Without a remedy, the service adds that of the type.
fail() {
  printf '{"ok":false,"type":"%s","message":"%s","remedy":"%s"}' "$1" "$(json_text "$2")" "$(json_text "${3:-}")" >"$moat_outcome"
  exit 1
}

# The end of what the last attempt of a retried command wrote to its standard error.
last_error() {
  tail -c 500 "$moat_error"
}

# The failure type of what the last attempt of a retried command met: refused, or not reached at all.
access_failure() {
  if grep -qiE 'denied|forbidden|AuthorizationFailed|permission|not allowed|Subscription .* not found' "$moat_error"; then
    printf Forbidden
  else
    printf Transient
  fi
}

# Whether the last attempt's error matches an extended regular expression, in any case.
last_error_is() {
  grep -qiE "$1" "$moat_error"
}

# retry ATTEMPTS DELAY COMMAND...: the delay in seconds doubles up to a minute.
retry() {
  retry_unless 'a^' "$@" || return 1
}

# retry_unless PATTERN ATTEMPTS DELAY COMMAND...: the same, except that an error that matches the pattern is final.
retry_unless() {
  local final=$1 attempts=$2 delay=$3 tool=$4 attempt=1
  shift 4
  until "$tool" "$@" 2>"$moat_error"; do
    cat "$moat_error" >&2
    if ((attempt >= attempts)) || last_error_is "$final"; then
      return 1
    fi
    log "attempt $attempt of $attempts failed: $tool $*; next in $delay s"
    sleep "$delay"
    attempt=$((attempt + 1))
    delay=$((delay * 2))
    if ((delay > 60)); then
      delay=60
    fi
  done
}

# Signs the Azure CLI in as the machine's user-assigned identity. The CLI remembers the subscriptions in which the identity
# has a role at this moment; so whatever waits for a role signs in again with every attempt.
sign_in() {
  az login --identity --client-id "$MOAT_CLIENT_ID" --allow-no-subscriptions --only-show-errors --output none
}

# run_command NAME FUNCTION: runs the function under the command's own lock and prints its outcome.
run_command() {
  local command=$1 command_work=$2 exit_code=0
  install -d -m 700 "$moat_home"
  moat_outcome=$moat_home/$command.outcome.json
  moat_error=$moat_home/$command.error.txt
  exec 9>"$moat_home/$command.lock"
  if ! flock --wait 3000 9; then
    printf 'MOAT {"ok":false,"type":"Busy","message":"another %s command holds the lock"}\n' "$command"
    exit 1
  fi
  rm -f "$moat_outcome"
  set +e
  (
    set -e
    "$command_work"
  ) 1>&2
  exit_code=$?
  set -e
  if [[ ! -s "$moat_outcome" ]]; then
    printf '{"ok":false,"type":"Unknown","message":"the script ended with exit code %s before it printed an outcome"}' \
      "$exit_code" >"$moat_outcome"
  fi
  printf 'MOAT %s\n' "$(cat "$moat_outcome")"
  exit "$exit_code"
}
