#!/bin/bash
# Makes the images that the containers' tests need and that may not be pulled where they run: Debian's packages, on
# bases that debootstrap fetches. Their names begin with `counterstep-test/`. They are not the official images.
#
#   base-images.sh           makes those that are missing
#   base-images.sh --names   prints the variables that choose them, for `make up`
#
# Needs debootstrap and an engine that answers (engine.sh), as root.
set -euo pipefail

RECIPES=$(cd -- "$(dirname -- "$0")" && pwd)/images
CHECKOUT=$(cd -- "$(dirname -- "$0")/../.." && pwd)
IMAGES=(python rabbitmq postgres prometheus postgres-exporter)

names() {
  echo COUNTERSTEP_WITHOUT=grafana
  echo TRACES_IMAGE=counterstep-test/trace-sink
  for image in "${IMAGES[@]}"; do
    variable=${image//-/_}
    echo "${variable^^}_IMAGE=counterstep-test/$image"
  done
}

here() { docker image inspect "$1" >/dev/null 2>&1; }

base() {  # base SUITE
  local root mirror
  here "debian:$1-slim" && return
  root=$(mktemp -d)
  mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources)
  debootstrap --variant=minbase --include=ca-certificates,wget "$1" "$root" "$mirror" >/dev/null
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
  # The certificates of this machine, so that a build inside trusts whom the machine trusts.
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$root" -c . | docker import \
    --change 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' \
    --change 'CMD ["bash"]' - "debian:$1-slim" >/dev/null
  rm -rf "$root"
}

if [ "${1:-}" = --names ]; then names; exit; fi
for suite in bookworm trixie; do base "$suite"; done
for image in "${IMAGES[@]}"; do
  here "counterstep-test/$image" && continue
  docker build --quiet --network host --tag "counterstep-test/$image" --file "$RECIPES/$image.Dockerfile" "$RECIPES"
done
docker build --quiet --tag counterstep-test/counterstep --file "$CHECKOUT/infra/Dockerfile" \
  --build-arg PYTHON=counterstep-test/python "$CHECKOUT"
docker build --quiet --tag counterstep-test/trace-sink --file "$RECIPES/trace-sink.Dockerfile" "$RECIPES"
