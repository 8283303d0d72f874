import asyncio
import os
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest
from infra.components.postgres import bundled, programs
from infra.components.postgres.databases import SUPERUSER_SECRET
from infra.components.postgres.dead_server import PID_FILE
from infra.components.postgres.placement import Placement, place, remove_install_location
from infra.components.postgres.server import Postgres
from infra.machine.account import identity
from infra.machine.home import Home
from infra.machine.ports import Ports
from infra.machine.user_error import UserError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Home(tmp_path).create()
    data = tmp_path / "postgres"
    data.mkdir()
    return data


def prepare(data: Path) -> None:
    placement = Placement(bundled.programs(), data=data, account=None)
    home = Home(data.parent)
    home.secret(SUPERUSER_SECRET)
    Postgres(home, Ports(), placement).prepare()


@pytest.mark.parametrize(
    "left",
    [f"{os.getpid()}\n/of/another/program\n", "", "\0\0\0"],
    ids=["of another program", "empty", "not text"],
)
def test_the_mark_of_a_server_that_died_with_its_machine_does_not_stop_the_next_one(data: Path, left: str) -> None:
    mark = data / PID_FILE
    mark.write_text(left)
    prepare(data)
    assert not mark.exists()


def test_the_mark_of_a_server_that_lives_is_left_alone(data: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "600"], cwd=data) as server:
        mark = data / PID_FILE
        mark.write_text(f"{server.pid}\n{data}\n")
        prepare(data)
        server.kill()
    assert mark.exists()


def test_data_that_a_power_cut_has_left_without_their_version_are_named_with_the_way_out(data: Path) -> None:
    (data / "PG_VERSION").write_text("")
    with pytest.raises(UserError, match=r"PG_VERSION cannot be read, as after a power cut; restore .*make clean"):
        prepare(data)


def test_data_of_another_version_are_told_with_what_to_do(tmp_path: Path) -> None:
    placement = Placement(bundled.programs(), data=tmp_path / "postgres", account=None)
    placement.data.mkdir()
    (placement.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(UserError, match=r"the data are version 9's .* or start with new data: `make clean`"):
        Postgres(Home(tmp_path), Ports(), placement).prepare()


def absent(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr(bundled, "PACKAGE", "a-package-that-is-not-installed")


def broken(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    server = folder / "postgres"
    server.write_text("#!/bin/sh\nexit 127  # as the loader does where a library is missing\n")
    server.chmod(0o755)
    monkeypatch.setattr(bundled, "PROGRAMS", folder)


WITHOUT_PACKAGE = pytest.mark.parametrize("lose", [absent, broken])


@WITHOUT_PACKAGE
@pytest.mark.skipif(not programs.installed(os.environ), reason="no PostgreSQL of the system's is installed")
async def test_without_the_python_package_an_installed_postgresql_makes_the_data_and_knows_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lose: Callable[[pytest.MonkeyPatch, Path], None]
) -> None:
    lose(monkeypatch, tmp_path)
    home = Home(tmp_path / "home")
    home.create()
    placement = place(home, {})
    server = Postgres(home, Ports(), placement)
    try:
        server.prepare()
        await server.initialize()
        newest = max(map(programs.major, programs.installed({})))
        assert (placement.data / "PG_VERSION").read_text() == f"{newest}\n"
        printed = await asyncio.create_subprocess_exec(
            *server.part().command, "-C", "port", stdout=PIPE, cwd="/", **identity(placement.account)
        )
        assert (await printed.communicate())[0] == f"{Ports().postgres}\n".encode()
    finally:
        remove_install_location(home)


@WITHOUT_PACKAGE
def test_without_the_python_package_and_any_installed_postgresql_what_to_install_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lose: Callable[[pytest.MonkeyPatch, Path], None]
) -> None:
    lose(monkeypatch, tmp_path)
    monkeypatch.setattr(programs, "INSTALLED", ())
    with pytest.raises(UserError, match=r"no PostgreSQL 15 or newer is installed; `.*make.* up` installs it"):
        place(Home(tmp_path), {"PATH": str(tmp_path / "nothing")})


@pytest.mark.parametrize(("version", "is_taken"), [("14.13 (Debian)", False), ("15.8", True), ("19devel", True)])
def test_a_server_on_path_is_taken_if_it_is_recent_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, is_taken: bool
) -> None:
    monkeypatch.setattr(programs, "INSTALLED", ())
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (tmp_path / name).chmod(0o755)
    assert programs.installed({"PATH": str(tmp_path)}) == [tmp_path] * is_taken


def test_a_named_folder_whose_server_does_not_run_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "initdb").touch()
    with pytest.raises(UserError, match=r"does not run .* name another folder in COUNTERSTEP_POSTGRES_BIN"):
        programs.major(tmp_path)
