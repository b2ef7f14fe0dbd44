/** Stubs of the services: a role that is late, an account, and an address that answers 200 with the text of the file `answer`. */
export const azAndCurl = {
  az: `case "$*" in
    *listKeys*)
      if [[ ! -e $home/refused ]]; then touch "$home/refused"; echo 'ERROR: (AuthorizationFailed)' >&2; exit 1; fi
      echo the-secret-key ;;
    *'blob exists'*) if [[ -e $home/uploaded ]]; then echo true; else echo false; fi ;;
    *'blob upload '*) touch "$home/uploaded" ;;
  esac`,
  curl: `while (($# > 0)); do
    case $1 in
      --output) output=$2 ;;
      --header) if [[ $2 == @* ]]; then cat "\${2#@}" >>"$home/headers"; fi ;;
      --write-out) format=$2 ;;
    esac
    shift
  done
  if [[ -e $home/answer && $output != /dev/null ]]; then cat "$home/answer" >"$output"; fi
  if [[ $format == *time_total* ]]; then printf '200 0.1234\\n'; else printf 401; fi`,
  getent: `case $2 in
    github.com) address=$(cat "$home/github" 2>/dev/null || echo 140.82.121.3) ;;
    *) address=192.168.0.9 ;;
  esac
  printf '%s STREAM x\\n%s DGRAM\\n' "$address" "$address"`,
};

/** Stubs of a build: a repository with a model in `m`, and images that are pushed once. */
export const dockerAndGit = {
  docker: `case "$1" in
    pull) [[ -e $home/pushed ]] ;;
    push) touch "$home/pushed" ;;
    image) if [[ $* == *Labels* ]]; then echo '[{"name":"base:1","digest":"sha256:9"}]'; else echo 'cr.azurecr.io/moat/custom@sha256:0123'; fi ;;
    buildx) echo sha256:9 ;;
    container) echo 'true 172.18.0.2' ;;
    logs) cat "$home/log" 2>/dev/null || echo 'Run function was found' ;;
  esac`,
  git: `if [[ $* == *checkout* ]]; then
    mkdir -p "$2/m/environment" "$2/m/onlinescoring" "$2/m/model"
    echo FROM base:1 >"$2/m/environment/Dockerfile"
    echo run >"$2/m/onlinescoring/score.py"
    echo pickle >"$2/m/model/one.pkl"
    if [[ -e $home/mlmodel ]]; then cp "$home/mlmodel" "$2/m/model/MLmodel"; cp "$home/requirements" "$2/m/model/requirements.txt"; fi
  fi`,
};
