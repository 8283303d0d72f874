"""Commands in our texts are written as the user can type them, in whichever folder the user is."""

import subprocess
import sys
from pathlib import Path

import pytest
from infra.doctor.finding import broken
from infra.machine.checkout import CHECKOUT
from infra.machine.typed import PROGRAM, as_typed, command
from infra.machine.user_error import UserError

HINT = "type `make up`, then `saga doctor`"


def test_in_the_checkout_a_hint_names_the_program_of_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setattr("infra.machine.typed.PROGRAM", CHECKOUT / ".venv" / "bin" / "saga")
    assert as_typed(HINT) == "type `make up`, then `.venv/bin/saga doctor`"


def test_where_it_is_on_the_path_its_name_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"/usr/bin:{PROGRAM.parent}")
    assert command("saga doctor") == "saga doctor"


def test_another_program_of_that_name_on_the_path_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "saga").write_text("#!/bin/sh\n")
    (tmp_path / "saga").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command("saga doctor") == f"{PROGRAM} doctor"


def test_in_another_folder_make_is_told_where_the_checkout_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("make up") == f"make -C {CHECKOUT} up"


def test_every_error_and_every_finding_writes_them_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"make -C {CHECKOUT} up" in str(UserError("home", HINT))
    assert f"make -C {CHECKOUT} up" in str(broken("home", "it is down", HINT).fix)


def test_what_is_suggested_can_be_run(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "COUNTERSTEP_RUN": str(tmp_path / "nowhere")}
    said = subprocess.run(  # noqa: S603 - our own command
        [PROGRAM, "demo"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    ).stderr
    suggested = said.split("`")[1]
    ran = subprocess.run(["/bin/sh", "-c", f"{suggested} --dry-run"], cwd=tmp_path, env=environment, check=False)  # noqa: S603 - as above
    assert (suggested, ran.returncode) == (f"make -C {CHECKOUT} up", 0)
    assert Path(sys.prefix) in PROGRAM.parents
