import re
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (
            {"version": {"status": 1, "err": "permission denied while trying to connect\n"}},
            "permission denied while",
        ),
        ({"compose": {"status": 1}}, "without `docker compose`"),
        ({"compose version": {"out": "2.20.2"}}, "Docker Compose is 2.20.2, and .* 2.24 or newer"),
        (
            {"compose": {"out": "2.24.0"}, "version": {"out": "20.10.24+dfsg1"}},
            "is 20.10.24.* 25.0 or newer",
        ),
    ],
)
def test_an_engine_that_cannot_be_used_is_not_passed_over_in_silence(
    docker: StandIn, environment: dict[str, str], answers: dict[str, dict[str, Any]], reason: str
) -> None:
    docker.answer(answers)
    told: list[str] = []
    assert isinstance(select_backend(environment, starting=True, tell=told.append), Stack)
    assert re.search(f"everything runs natively, because .*{reason}", told[0])
    with pytest.raises(UserError, match=reason):
        select_backend({**environment, "COUNTERSTEP_MODE": "docker"}, starting=True)


@pytest.mark.parametrize("compose", ["2.24.0", "v2.39.1-desktop.1", "5.0.0", "dev"])
def test_the_oldest_versions_that_will_do_and_everything_newer_are_used(
    docker: StandIn, environment: dict[str, str], compose: str
) -> None:
    docker.answer({"compose version": {"out": compose}, "version": {"out": "25.0.0"}})
    told: list[str] = []
    assert isinstance(select_backend(environment, starting=True, tell=told.append), Containers)
    assert told == [
        (
            f"Docker 25.0.0, Compose {compose}: everything runs in containers."
            " COUNTERSTEP_MODE=native runs it without them"
        )
    ]


def test_where_there_is_no_docker_at_all_it_runs_natively_without_a_word(environment: dict[str, str]) -> None:
    told: list[str] = []
    chosen = select_backend({**environment, "PATH": "/nowhere"}, starting=True, tell=told.append)
    assert isinstance(chosen, Stack)
    assert not told


def test_the_native_way_can_be_forced(environment: dict[str, str]) -> None:
    assert isinstance(select_backend({**environment, "COUNTERSTEP_MODE": "native"}, starting=True), Stack)


def test_forced_into_containers_without_an_engine_it_says_what_to_do(
    docker: StandIn, environment: dict[str, str]
) -> None:
    docker.answer({"version": {"status": 1}})
    with pytest.raises(UserError, match=r"no Docker engine answers\. Start or update Docker"):
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
