#!/bin/bash
# `make test-containers`: the tests of this folder, on the engine that answers, or on one that is started for them.
#
# Where no engine can be had, it says why and ends well. Which images: those that RABBITMQ_IMAGE and its like name,
# else the ones that base-images.sh makes.
set -euo pipefail

here=$(cd -- "$(dirname -- "$0")" && pwd)
skip() { echo "the containers' tests are skipped: $1"; exit 0; }

if ! docker version >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || skip 'no Docker engine answers, and only root can start one'
  grep -q '^ID=debian' /etc/os-release || skip 'no Docker engine answers, and one is started on Debian alone'
  address=$("$here/engine.sh" address)
  export "${address?}"
  docker version >/dev/null 2>&1 || trap '"$here/engine.sh" stop' EXIT
  "$here/engine.sh" start >/dev/null || skip 'no Docker engine answers, and none starts here'
fi
if [ -z "${RABBITMQ_IMAGE:-}" ]; then
  "$here/base-images.sh"
  while read -r choice; do export "${choice?}"; done < <("$here/base-images.sh" --names)
fi
COUNTERSTEP_TEST_CONTAINERS=yes "$here/../../.venv/bin/pytest" "$here" "$@"
