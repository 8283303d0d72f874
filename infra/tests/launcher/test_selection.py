from pathlib import Path

import pytest
from docker_stand_in import StandIn
from infra.launcher.containers.containers import Containers
from infra.launcher.native.stack import Stack
from infra.launcher.selection import select_backend
from infra.machine.user_error import UserError


@pytest.fixture
def docker(tmp_path: Path) -> StandIn:
    """An engine that answers."""
    return StandIn(tmp_path)


@pytest.fixture
def environment(docker: StandIn, tmp_path: Path) -> dict[str, str]:
    return {"PATH": docker.path, "COUNTERSTEP_RUN": str(tmp_path / "run")}


def test_where_an_engine_answers_all_of_it_runs_in_containers(environment: dict[str, str]) -> None:
    assert isinstance(select_backend(environment, starting=True), Containers)


@pytest.mark.parametrize("silent", ["info", "compose"])
def test_a_docker_command_without_an_engine_or_without_compose_is_none(
    docker: StandIn, environment: dict[str, str], silent: str
) -> None:
    docker.answer({silent: {"status": 1}})
    assert isinstance(select_backend(environment, starting=True), Stack)


def test_where_there_is_no_docker_at_all_it_runs_natively(environment: dict[str, str]) -> None:
    assert isinstance(select_backend({**environment, "PATH": "/nowhere"}, starting=True), Stack)


def test_the_native_way_can_be_forced(environment: dict[str, str]) -> None:
    assert isinstance(select_backend({**environment, "COUNTERSTEP_MODE": "native"}, starting=True), Stack)


def test_forced_into_containers_without_an_engine_it_says_what_to_do(
    docker: StandIn, environment: dict[str, str]
) -> None:
    docker.answer({"info": {"status": 1}})
    with pytest.raises(UserError, match=r"no engine answers .* start Docker"):
        select_backend({**environment, "COUNTERSTEP_MODE": "docker"}, starting=True)


def test_a_mode_that_is_none_is_told(environment: dict[str, str]) -> None:
    with pytest.raises(UserError, match="COUNTERSTEP_MODE is 'podman'; set it to native or docker"):
        select_backend({**environment, "COUNTERSTEP_MODE": "podman"}, starting=True)


def test_a_home_keeps_the_way_that_made_its_data(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "ports.json").write_text("{}")
    assert isinstance(select_backend(environment, starting=True), Stack)
    with pytest.raises(UserError, match="made in native mode; type `make clean`"):
        select_backend({**environment, "COUNTERSTEP_MODE": "docker"}, starting=True)


def test_every_other_command_is_about_what_runs_and_asks_no_engine(
    docker: StandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    assert isinstance(select_backend(environment), Stack)
    (tmp_path / "run" / "docker").mkdir(parents=True)
    assert isinstance(select_backend(environment), Containers)
    assert docker.calls() == []
