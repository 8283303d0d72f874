#!/bin/sh
# Makes .venv from requirements.lock, with every package of this checkout editable: by uv where it is, else by pip.
set -eu

fail() {
    echo "make: $1" >&2
    exit 1
}

# An exported CDPATH would lead `cd` into another project, and what follows removes a .venv.
unset CDPATH
# What a shell says to every Python, pip and uv would lead them elsewhere, too. A mirror stays: PIP_INDEX_URL, UV_INDEX...
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONINSPECT PYTHONUSERBASE
unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT PIP_REQUIRE_HASHES PIP_NO_BINARY PIP_DRY_RUN
unset UV_TARGET UV_PREFIX UV_CONSTRAINT UV_REQUIRE_HASHES UV_NO_BINARY UV_PYTHON UV_SYSTEM_PYTHON
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0
cd -- "$(dirname -- "$0")/.."
[ -f infra/make-environment.sh ] && [ -f requirements.lock ] || fail "$PWD is no checkout of Counterstep"

# The programs in .venv begin with its path, and these characters have a meaning there or to supervisor.
case $PWD in
*[\"\'\\\`\$]* | *' ;'* | *' #'*)
    fail "$PWD has a quote, a backslash, a dollar sign, or a ; or # after a space in its name. Move the checkout"
    ;;
esac

usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ "${PYTHON:-}" ]; then
    usable "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11 or newer. Name another, or leave PYTHON out"
    python=$PYTHON
else
    for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
        if usable "$candidate"; then
            python=$candidate
            break
        fi
    done
fi
[ "${python:-}" ] || fail "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3.11"
if ! command -v uv >/dev/null && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    fail "$python cannot make environments. On Debian or Ubuntu type: sudo apt-get install python3-venv"
fi

# Two commands in a fresh clone would each remove what the other is making. The lock ends with this process.
exec 9>.venv.lock
"$python" -c 'import fcntl, sys
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another command is making .venv; waiting for it", flush=True)
    fcntl.flock(9, fcntl.LOCK_EX)'

set --
newer=
[ ! requirements.lock -nt .venv/made ] || newer=yes
for package in libs/* contracts services/* infra; do
    [ -f "$package/pyproject.toml" ] || continue
    set -- "$@" --editable "$package"
    [ ! "$package/pyproject.toml" -nt .venv/made ] || newer=yes
done
if [ -z "$newer" ] && [ "$(cat .venv/made 2>/dev/null)" = "$(pwd -P)" ]; then
    exit 0  # the command that we waited for has made it
fi

echo "Making .venv from requirements.lock: $(grep -c '^[a-z].*==' requirements.lock) packages, once; one to three minutes"
rm -rf .venv
if command -v uv >/dev/null; then
    uv venv --quiet --no-project --python "$python" .venv
    # Named by path: an activated environment or another clone beside this one must not be taken for ours.
    echo "uv downloads and installs them"
    # Of uv's many lines a few are shown, and every line that is none of those it always prints.
    { uv pip sync --color never --python .venv/bin/python --require-hashes requirements.lock 2>&1 && echo 'All is well'
    } | awk '
        /^ Downloaded/ { if (++found % 5 == 0) print found " of the large packages are downloaded"; fflush(); next }
        /^All is well$/ { well = 1; next }
        !/^(Using |Resolved |Downloading | [-+~] )/ { print; fflush() }
        END { exit !well }'
    echo "The packages are installed; adding those of this checkout"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation "$@"
else
    "$python" -m venv .venv
    pip() { .venv/bin/python -m pip --disable-pip-version-check install --no-color --progress-bar off "$@"; }
    # The lock names everything. Of pip's many lines a few are shown.
    { pip --no-deps --no-compile --require-hashes --requirement requirements.lock && echo 'All is well'; } | awk '
        /^Collecting/ && ++found % 25 == 0 { print found " packages are downloaded"; fflush() }
        /^Installing/ { print "Installing them"; fflush() }
        /^All is well$/ { well = 1 }
        END { exit !well }'
    echo "The packages are installed; adding those of this checkout"
    pip --quiet --no-deps --no-build-isolation "$@"
    echo "Compiling what was installed"
    .venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null || true  # on every core; some are for other Pythons
fi
pwd -P >.venv/made
