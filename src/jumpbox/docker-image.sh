# The scoring image: built from its context, or taken from the registry where a build of the same context has left it.
# shellcheck shell=bash disable=SC2034,SC2154

registry_login() {
  sign_in && az acr login --name "${MOAT_REGISTRY%%.*}" --only-show-errors
}

# A role that was assigned a moment ago can take 15 minutes to be effective.
sign_in_to_registry() {
  retry 18 10 registry_login ||
    fail "$(access_failure)" "signing in to the registry $MOAT_REGISTRY failed: $(last_error)"
}

# The base images of the Dockerfile: what follows FROM, without stages of its own and names with arguments.
base_image_names() {
  awk 'toupper($1) == "FROM" {
    name = $2; if (name ~ /^--/) name = $3
    if (!(name in stages) && name != "scratch" && name !~ /\$/ && !seen[name]++) print name
    for (i = 3; i < NF; i++) if (toupper($i) == "AS") stages[$(i + 1)] = 1
  }' "$context/Dockerfile"
}

missing_image='not found|manifest unknown|pull access denied|authorization failed|insufficient_scope|401 Unauthorized|403 Forbidden'

inspect_base_image() {
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1")
}

# Sets `current_bases`: JSON, the base images with the digests that their tags have now.
read_base_images() {
  local name digest
  current_bases='[]'
  while IFS= read -r name; do
    if ! retry_unless "$missing_image" 4 10 inspect_base_image "$name"; then
      if last_error_is "$missing_image"; then
        fail ImageBuildFailed "the base image $name of the Dockerfile does not exist or is private: $(last_error)" \
          'name a base image that exists after FROM in the Dockerfile, DELETE the environment, then POST it with the new commit as "model.ref"'
      fi
      fail ImageBuildFailed "reading the base image $name failed: $(last_error)"
    fi
    current_bases=$(jq -c --arg name "$name" --arg digest "$digest" '. + [{name: $name, digest: $digest}]' <<<"$current_bases")
  done < <(base_image_names)
}

disk_full='no space left on device|disk quota exceeded'

# A build that failed leaves layers behind, which the next one would miss on the disk.
docker_build() {
  local failed=$moat_home/build-failed
  if [[ -e $failed ]]; then
    docker system prune --all --force >/dev/null
  fi
  touch "$failed"
  # From Docker 29 on, the image store of a fresh machine keeps attestations, and what is pushed is by default an index of image and
  # attestations, which not every service can pull (Docker docs: containerd image store, provenance attestations).
  docker build --pull --provenance=false --label "moat.base-images=$current_bases" --tag "$tag" "$context" || return 1
  rm -f "$failed"
}

fail_build() {
  local used size
  if last_error_is "$disk_full"; then
    read -r used size < <(df --block-size=G --output=used,size /var/lib/docker | tail -n 1)
    fail ImageBuildFailed "disk full: ${used%G} of ${size%G} GB of the jumpbox are used; docker build failed: $(last_error)" \
      "DELETE the environment, then POST it with a larger \"jumpbox.diskGb\" (now ${size%G}), or build a smaller image"
  fi
  fail ImageBuildFailed "docker build failed: $(last_error)"
}

# Sets `tag` and `base_images`, and leaves the image with Docker. An image of the same context is not built again: its base images are
# those of its build, with the digest that the tag has meanwhile, if another.
make_image() {
  local current_bases built_on
  read_base_images
  tag=$MOAT_REGISTRY/moat/$MOAT_MODEL_FORMAT:$(tree_hash "$context")
  image=$tag
  in_registry=false
  if docker pull --quiet "$tag" 2>"$moat_error"; then
    log "already in the registry: $tag"
    in_registry=true
  else
    retry_unless "$disk_full" 2 20 docker_build || fail_build
  fi
  built_on=$(docker image inspect --format '{{index .Config.Labels "moat.base-images"}}' "$tag")
  base_images=$(jq -cn --argjson built "$built_on" --argjson now "$current_bases" '$built | map(. as $base | $base + {
    movedTo: ([$now[] | select(.name == $base.name and .digest != $base.digest) | .digest] | first)})')
}

# Sets `image`: by digest.
push_image() {
  if [[ $in_registry != true ]]; then
    retry 10 15 docker push --quiet "$tag" || fail ImageBuildFailed "docker push failed: $(last_error)"
  fi
  image=$(docker image inspect --format '{{index .RepoDigests 0}}' "$tag")
}
