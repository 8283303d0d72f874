#!/bin/sh
# Makes .venv from requirements.lock, with every package of this checkout editable: by uv where it is, else by pip.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "make: $1" >&2
    exit 1
}

for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ "${python:-}" ] || fail "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3.11"
if ! command -v uv >/dev/null && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    fail "$python cannot make environments. On Debian or Ubuntu type: sudo apt-get install python3-venv"
fi

set --
for package in libs/* contracts services/* infra; do
    [ ! -f "$package/pyproject.toml" ] || set -- "$@" --editable "$package"
done

echo "Making .venv from requirements.lock (once; about a minute)"
rm -rf .venv
if command -v uv >/dev/null; then
    uv venv --quiet --no-project --python "$python" .venv
    # Named by path: an activated environment or another clone beside this one must not be taken for ours.
    uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation "$@"
else
    "$python" -m venv .venv
    pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check install "$@"; }
    pip --no-deps --no-compile --require-hashes --requirement requirements.lock  # it names everything
    pip --no-deps --no-build-isolation "$@"
    .venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null || true  # on every core; some are for other Pythons
fi
