#!/bin/sh
# Installs one server's package on Debian or Ubuntu, and leaves no system-wide server running. Needs root.
set -eu

package=$1
service=$2

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8  # `make up` reads what apt reports
policy=/usr/sbin/policy-rc.d

# invoke-rc.d asks this file whether a newly installed service may start; 101 is its word for no.
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

install() {
    apt-get -o DPkg::Lock::Timeout=120 install --yes --quiet --no-install-recommends "$package"
}

# The package lists of a fresh machine may be missing or stale.
install || { apt-get --quiet update && install; }

# Not at the next boot either: Counterstep runs its own private server.
if [ -d /run/systemd/system ]; then
    systemctl disable --quiet "$service.service"
fi
