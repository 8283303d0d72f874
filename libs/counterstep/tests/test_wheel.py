"""The platform's wheel is made in a clean clone, and is installed in an environment that has nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[3]
BARE: Final = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
ABOUT: Final = """
import sys, sysconfig
from importlib.metadata import distributions
before = set(sys.modules)
import counterstep
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))
print(sorted(found.name for found in distributions(path=[sysconfig.get_path("purelib")])))
print(counterstep.__file__)
"""


def ran(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=BARE, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Python of an empty environment with the wheel, which `pip wheel` has made in a clone of the last commit."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    ran("git", "clone", "--quiet", "--depth", "1", CHECKOUT.as_uri(), "clone", cwd=tmp_path)
    ran(
        *pip,
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "libs/counterstep",
        "-w",
        tmp_path,
        cwd=tmp_path / "clone",
    )
    (wheel,) = tmp_path.glob("counterstep-*.whl")
    ran(sys.executable, "-m", "venv", "--without-pip", "empty", cwd=tmp_path)
    python = tmp_path / "empty" / "bin" / "python"
    ran(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    return python


def test_the_wheel_alone_can_be_imported_and_pulls_in_no_service(empty: Path, tmp_path: Path) -> None:
    imported, installed, where = ran(empty, "-c", ABOUT, cwd=tmp_path).splitlines()
    assert imported == "['counterstep']"
    assert installed == "['counterstep']"
    assert Path(where).is_relative_to(tmp_path / "empty")
