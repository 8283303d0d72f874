"""The shop uses the platform by its doors alone: a rule of import-linter, which is seen to bite."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "contracts", ROOT / "infra", *ROOT.glob("libs/*"), *ROOT.glob("services/*"))
SOURCES = tuple(str(package.relative_to(ROOT)) for package in PACKAGES)
HANDLERS = "services/order/src/order/handlers.py"


def lint(checkout: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(checkout / source / "src") for source in SOURCES)
    return subprocess.run(  # noqa: S603 - our own linter
        [ROOT / ".venv/bin/lint-imports", "--no-cache"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for source in SOURCES:
        shutil.copytree(ROOT / source / "src", tmp_path / source / "src")
    return tmp_path


@pytest.mark.parametrize(
    "private", ["counterstep.http.problems", "counterstep.messaging.wire.envelope", "counterstep.telemetry"]
)
def test_an_import_of_a_private_module_is_refused(checkout: Path, private: str) -> None:
    with (checkout / HANDLERS).open("a") as handlers:
        handlers.write(f"\nimport {private}\n")

    linted = lint(checkout)

    assert linted.returncode == 1
    assert f"order.handlers -> {private}" in linted.stdout
