#!/bin/bash
# Starts a Docker engine where none answers, and prints the address to export: DOCKER_HOST=unix:///…/docker.sock
#
#   engine.sh start   Debian 13's dockerd, Compose and buildx, and this Debian's containerd and runc. As root.
#   engine.sh stop    ends the engine that this file started, by its process number
#   engine.sh address prints the same as start, whether it answers there or not
#
# The engine answers at a socket of its own, so that nothing else on the machine finds it by accident. Everything of it
# is below ENGINE_RUN (/var/lib/counterstep-test-engine): socket, log, images. Debian 12's own engine (20.10, without
# Compose 2) is too old for the compose file.
set -euo pipefail

RUN=${ENGINE_RUN:-/var/lib/counterstep-test-engine}
TOOLS=$RUN/tools  # Debian 13's programs, unpacked and not installed
export DOCKER_HOST="unix://$RUN/docker.sock"
apt() { apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

answers() { docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

fetch_tools() {
  local work mirror from
  apt update
  DEBIAN_FRONTEND=noninteractive apt -y install --no-install-recommends containerd runc iptables debootstrap >/dev/null
  [ -x "$TOOLS/usr/sbin/dockerd" ] && return
  work=$(mktemp -d) && chmod 755 "$work"
  mkdir -p "$work"/{lists/partial,cache/archives/partial,debs} "$TOOLS"
  mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
  from=(-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists"
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root)
  apt "${from[@]}" update
  (cd "$work/debs" && apt "${from[@]}" download docker.io docker-cli docker-compose docker-buildx tini)
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$TOOLS"; done
  rm -rf "$work"
  mkdir -p /usr/local/lib/docker/cli-plugins
  cp "$TOOLS"/usr/libexec/docker/cli-plugins/docker-{compose,buildx} /usr/local/lib/docker/cli-plugins/
  command -v docker >/dev/null || cp "$TOOLS/usr/bin/docker" /usr/local/bin/docker
}

start() {
  answers && { echo "DOCKER_HOST=$DOCKER_HOST"; return; }
  fetch_tools >&2
  PATH="$PATH:/usr/sbin:$TOOLS/usr/bin:$TOOLS/usr/sbin" setsid "$TOOLS/usr/sbin/dockerd" \
    --host "$DOCKER_HOST" --data-root "$RUN/data" --exec-root "$RUN/exec" --pidfile "$RUN/docker.pid" \
    >"$RUN/log" 2>&1 </dev/null &
  for _ in $(seq 120); do answers && { echo "DOCKER_HOST=$DOCKER_HOST"; return; }; sleep 0.5; done
  tail -20 "$RUN/log" >&2
  exit 1
}

stop() {
  [ -s "$RUN/docker.pid" ] || return 0
  local engine
  engine=$(cat "$RUN/docker.pid")
  kill "$engine" 2>/dev/null || return 0
  for _ in $(seq 120); do [ -d "/proc/$engine" ] || return 0; sleep 0.5; done
  echo "engine $engine does not end" >&2
  exit 1
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  address) echo "DOCKER_HOST=$DOCKER_HOST" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
