import os
import subprocess
from pathlib import Path

import pytest
from infra.components.postgres.databases import SUPERUSER_SECRET
from infra.components.postgres.dead_server import PID_FILE
from infra.components.postgres.placement import PROGRAMS, WHEEL, Placement
from infra.components.postgres.server import Postgres
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
    placement = Placement(Path(str(WHEEL.locate_file(PROGRAMS))), data=data, account=None)
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
    placement = Placement(Path(str(WHEEL.locate_file(PROGRAMS))), data=tmp_path / "postgres", account=None)
    placement.data.mkdir()
    (placement.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(UserError, match=r"the data are version 9's .* or start with new data: `make clean`"):
        Postgres(Home(tmp_path), Ports(), placement).prepare()
