# Makes the machine fit for the other commands: Docker, git and jq from Ubuntu, the Azure CLI from Microsoft's own
# apt repository. Needs a way out to the Internet.
# shellcheck shell=bash disable=SC2154

# Microsoft's signing key of its Linux repositories ("Microsoft (Release signing)").
microsoft_key=BC528686B50D79E339D3721CEB3E94ADBE1229CF
microsoft_keyring=/etc/apt/keyrings/microsoft.gpg

apt_get() {
  apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@"
}

fetch_microsoft_key() {
  curl --silent --show-error --fail --location --max-time 20 --output "$moat_home/microsoft.asc" \
    https://packages.microsoft.com/keys/microsoft.asc
}

add_microsoft_repository() {
  local suite
  if ! gpg --show-keys --with-colons "$moat_home/microsoft.asc" | grep -q "^fpr:.*:$microsoft_key:"; then
    fail Forbidden "the key of packages.microsoft.com is not the one that is expected ($microsoft_key)"
  fi
  install -d -m 755 /etc/apt/keyrings
  gpg --batch --yes --dearmor --output "$microsoft_keyring" "$moat_home/microsoft.asc"
  chmod 644 "$microsoft_keyring"
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  cat >/etc/apt/sources.list.d/azure-cli.sources <<SOURCES
Types: deb
URIs: https://packages.microsoft.com/repos/azure-cli/
Suites: $suite
Components: main
Architectures: $(dpkg --print-architecture)
Signed-by: $microsoft_keyring
SOURCES
}

all_there() {
  local tool
  for tool in docker git jq az; do
    command -v "$tool" >/dev/null || return 1
  done
  systemctl is-active --quiet docker
}

set_up() {
  if ! all_there; then
    retry 8 10 fetch_microsoft_key ||
      fail Transient "the jumpbox has no way out to packages.microsoft.com: $(last_error)"
    add_microsoft_repository
    retry 4 15 apt_get update || fail Transient "apt-get update failed: $(last_error)"
    retry 4 15 apt_get install --yes --no-install-recommends ca-certificates docker.io docker-buildx git jq azure-cli ||
      fail Transient "apt-get install failed: $(last_error)"
    systemctl enable --now docker
    all_there || fail Unknown "docker, git, jq and az are installed, yet one of them does not answer"
  fi
  finish "{\"docker\":\"$(json_text "$(docker --version)")\"}"
}

run_command set-up set_up
