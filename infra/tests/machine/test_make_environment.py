"""Making .venv touches the .venv of this checkout and no other; a script replaces Python and records its calls."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from infra.machine.checkout import CHECKOUT

SCRIPT = Path("infra/make-environment.sh")
PYTHON = """#!/bin/sh
case "$*" in
    *fcntl*) exec python3 "$@" ;;
    *requirements.lock*)
        [ ! -e refuses ] || { echo "ERROR: no network" >&2; exit 1; }
        for _ in $(seq 60); do echo "Collecting it"; done ;;
    "-m venv .venv") mkdir -p .venv/bin .venv/lib; cp "$0" .venv/bin/python; echo "$*" >>made-by ;;
esac
"""
UV = """#!/bin/sh
case "$*" in
    venv*) mkdir -p .venv/bin ;;
    *sync*)
        echo "Resolved 154 packages in 2s"
        for _ in $(seq 10); do echo "Downloading it (9.1MiB)"; done
        for _ in $(seq 10); do echo " Downloaded it"; done
        echo "Prepared 154 packages in 45s"
        [ ! -e refuses ] || { echo "error: no network"; exit 2; }
        echo " + it==1.0" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of a clone as the script looks at, and a Python of its own."""
    clone = tmp_path / "clone"
    (clone / "infra").mkdir(parents=True)
    shutil.copy(CHECKOUT / SCRIPT, clone / SCRIPT)
    (clone / "requirements.lock").write_text("pydantic==2.14.0\n")
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return clone


def run(clone: Path, shell: Mapping[str, str]) -> subprocess.Popen[str]:
    """The script, as `make` runs it, without uv."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(clone.parent / "python"), **shell}
    return subprocess.Popen(  # noqa: S603 - our script
        ["/bin/sh", str(SCRIPT)],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_an_exported_cdpath_leads_it_into_no_other_project(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "infra").mkdir(parents=True)
    (other / ".venv").mkdir()
    said, _ = (ran := run(clone, {"CDPATH": str(other)})).communicate()
    assert ran.returncode == 0, said
    assert (other / ".venv").exists()
    assert (clone / ".venv" / "made").read_text().strip() == str(clone)


def test_a_python_that_will_not_do_is_named_and_none_is_taken_in_its_place(clone: Path) -> None:
    said, _ = (ran := run(clone, {"PYTHON": "/no/such/python"})).communicate()
    assert (ran.returncode, said.count("\n")) == (1, 1)
    assert "PYTHON=/no/such/python is no Python 3.11 or newer" in said


def test_two_at_once_make_it_once(clone: Path) -> None:
    both = [run(clone, {}) for _ in range(2)]
    said = [each.communicate()[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert (clone / "made-by").read_text() == "-m venv .venv\n"


def test_outside_of_a_checkout_nothing_is_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "tools").mkdir(parents=True)
    (elsewhere / ".venv").mkdir()
    shutil.copy(CHECKOUT / SCRIPT, elsewhere / "tools" / "make-environment.sh")
    ran = subprocess.run(
        ["/bin/sh", "tools/make-environment.sh"],
        cwd=elsewhere,
        env=dict(os.environ),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 1
    assert (elsewhere / ".venv").exists()


def test_it_reports_how_far_it_is(clone: Path) -> None:
    said, _ = run(clone, {}).communicate()
    assert "25 packages are downloaded\n50 packages are downloaded\n" in said
    assert "Collecting" not in said


def test_packages_that_cannot_be_had_end_it_and_the_next_one_begins_again(clone: Path) -> None:
    (clone / "refuses").touch()
    said, _ = (failed := run(clone, {})).communicate()
    assert failed.returncode == 1
    assert "ERROR: no network" in said
    assert not (clone / ".venv" / "made").exists()
    (clone / "refuses").unlink()
    assert run(clone, {}).wait() == 0


@pytest.fixture
def uv(tmp_path: Path) -> str:
    """The folder of a uv that records nothing and installs nothing, before those of the system."""
    (tmp_path / "uv").write_text(UV)
    (tmp_path / "uv").chmod(0o755)
    return f"{tmp_path}:/usr/bin:/bin"


def test_with_uv_it_reports_how_far_it_is(clone: Path, uv: str) -> None:
    said, _ = (ran := run(clone, {"PATH": uv})).communicate()
    assert ran.returncode == 0, said
    assert "5 of the large packages are downloaded\n10 of the large packages are downloaded\n" in said
    assert "Prepared 154 packages" in said
    assert [each for each in ("Downloading", "it==1.0", "Resolved") if each in said] == []


def test_with_uv_packages_that_cannot_be_had_end_it_with_the_reason(clone: Path, uv: str) -> None:
    (clone / "refuses").touch()
    said, _ = (failed := run(clone, {"PATH": uv})).communicate()
    assert failed.returncode != 0
    assert "error: no network" in said
    assert not (clone / ".venv" / "made").exists()


def test_what_a_shell_says_to_every_python_and_pip_does_not_reach_ours(clone: Path) -> None:
    (clone.parent / "python").write_text(f"{PYTHON}env >>seen-by-python\n")
    foreign = {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere", "PIP_TARGET": "/nowhere", "PIP_USER": "1"}
    said, _ = (ran := run(clone, {**foreign, "PIP_INDEX_URL": "http://mirror"})).communicate()
    assert ran.returncode == 0, said
    seen = (clone / "seen-by-python").read_text()
    assert [each for each in ("/nowhere", "PIP_USER=1") if each in seen] == []
    assert "PIP_INDEX_URL=http://mirror" in seen, "a mirror stays"


@pytest.mark.parametrize(
    ("name", "does"), [("it's", 1), ('"q"', 1), ("a ;b", 1), ("$HOME", 1), ("für Заказы", 0), ("C#", 0)]
)
def test_a_checkout_whose_name_would_be_misread_is_told_at_once(clone: Path, name: str, does: int) -> None:
    moved = clone.rename(clone.parent / name)
    said, _ = (ran := run(moved, {})).communicate()
    assert (ran.returncode, "Move the checkout" in said) == (does, bool(does)), said
