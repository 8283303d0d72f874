"""Nobody's shell changes what the launcher sees."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from infra.machine.checkout import CHECKOUT
from infra.machine.environment import base_environment, print_whatever_the_terminal_can, shed_foreign_settings
from infra.machine.home import Home


def test_what_a_shell_says_to_clients_of_postgresql_is_forgotten() -> None:
    environment = {"PGSSLMODE": "verify-full", "PGTARGETSESSIONATTRS": "read-only", "PATH": "/bin", "PG": "18"}
    shed_foreign_settings(environment)
    assert environment == {"PATH": "/bin", "PG": "18"}


def test_a_folder_for_temporary_files_that_is_gone_is_not_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    assert "TMPDIR" not in base_environment(Home(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert base_environment(Home(tmp_path))["TMPDIR"] == str(tmp_path)


def test_make_does_one_thing_after_the_other_and_sheds_what_a_shell_says_to_python() -> None:
    shell = {**os.environ, "MAKEFLAGS": "-j8", "PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere"}
    rules = "first: ; @sleep 0.3; echo first $$PYTHONHOME$$PYTHONPATH\nsecond: ; @echo second\n"
    ran = subprocess.run(
        ["/usr/bin/make", "--no-print-directory", "-f", "Makefile", "-f", "-", "first", "second"],
        cwd=CHECKOUT,
        env=shell,
        input=rules,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "first\nsecond\n", ran.stderr


def test_a_terminal_without_an_arrow_is_shown_another_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    print_whatever_the_terminal_can()
    print("forward → back", flush=True)  # noqa: T201 - what is tested
    assert written.getvalue() == b"forward ? back\n"


def test_a_package_of_our_name_on_the_user_s_path_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "__init__.py").write_text("raise SystemExit('this is another infra')")
    saga = Path(sys.executable).parent / "saga"
    shell = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run([saga, "--help"], env=shell, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert ran.returncode == 0, ran.stderr + ran.stdout
