"""The Docker way, with a stand-in for `docker`."""

import asyncio
import socket
from pathlib import Path

import pytest
from docker_stand_in import StandIn, container
from infra.components.replicas import Replicas
from infra.launcher.containers.containers import Containers, parts
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.user_error import UserError


@pytest.fixture
def docker(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path)


@pytest.fixture
def containers(docker: StandIn, tmp_path: Path) -> Containers:
    return Containers(tmp_path / "run", Ports.free(), {"PATH": docker.path, "ORDER_PORT": "1", "HOME": "/root"})


def words_of(docker: StandIn, verb: str) -> list[str]:
    return next(call for call in docker.calls() if verb in call)


def test_up_builds_and_starts_all_of_it_and_waits_until_it_is_healthy(
    docker: StandIn, containers: Containers
) -> None:
    containers.up()
    called = words_of(docker, "up")
    assert called[0] == "compose"
    assert called[called.index("up") :] == [
        *("up", "--detach", "--build", "--remove-orphans"),
        *("--wait", "--wait-timeout", "300"),
    ]
    assert f"--project-name=counterstep-{containers.home.fingerprint}" in called
    assert f"--env-file={containers.home.path}/docker/compose.env" in called
    assert any(word.startswith("--file=") and word.endswith("/infra/compose.yaml") for word in called)


def test_what_the_containers_read_is_closed_to_other_users_of_this_machine(containers: Containers) -> None:
    containers.up()
    folder = containers.home.container_files
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_the_variables_of_the_shell_do_not_move_the_containers(docker: StandIn, containers: Containers) -> None:
    containers.up()
    told = (containers.home.container_files / "compose.env").read_text()
    assert f"ORDER_PORT='{containers.ports.order}'\n" in told
    assert "ORDER_PORT" not in docker.environment()
    assert docker.environment()["HOME"] == "/root"


def test_a_container_that_does_not_become_healthy_is_told_in_its_own_words(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer(
        {
            "up": {"status": 1},
            "ps": {"out": container("order", "created", "") + container("setup", "exited", "", exit_code=1)},
            "logs": {"out": "setup-1 | topology: RabbitMQ refused the definitions\n"},
        }
    )
    with pytest.raises(UserError) as told:
        containers.up()
    assert (told.value.part, told.value.reason) == ("setup", "ended with status 1")
    assert told.value.log == ["setup-1 | topology: RabbitMQ refused the definitions"]


def test_a_failure_before_any_container_is_left_to_docker_s_own_words(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"up": {"status": 17, "err": "no space left on device\n"}})
    with pytest.raises(UserError, match="its output is above"):
        containers.up()


def test_a_port_that_another_program_uses_is_told_and_one_of_our_containers_is_not(
    docker: StandIn, containers: Containers
) -> None:
    containers.up()
    with socket.create_server((LOOPBACK, containers.ports.grafana)):
        with pytest.raises(UserError, match=rf"another program uses {containers.ports.grafana} \(GRAFANA_PORT\)"):
            containers.up()
        docker.answer({"ps": {"out": container("grafana")}})
        containers.up()


def test_what_runs_is_not_moved_to_other_ports(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"ps": {"out": container("order")}})
    moved = Containers(containers.home.path, containers.ports.shifted(1), containers.environment)
    with pytest.raises(UserError, match=r"already running on other ports .* type `make down` first"):
        moved.up()


def test_down_keeps_the_volumes_and_clean_does_not(docker: StandIn, containers: Containers) -> None:
    containers.up()
    containers.down()
    assert words_of(docker, "down")[-2:] == ["down", "--remove-orphans"]
    containers.clean()
    assert docker.calls()[-2][-3:] == ["down", "--remove-orphans", "--volumes"]
    assert docker.calls()[-1] == ["image", "rm", "--force", f"counterstep:{containers.home.fingerprint}"]
    assert not containers.home.path.exists()


def test_a_down_that_docker_refuses_is_told(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"down": {"status": 1, "err": "permission denied\n"}})
    with pytest.raises(UserError, match="permission denied"):
        containers.down()


def test_every_part_has_a_state(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"ps": {"out": container("order") + container("payment", health="starting")}})
    found = {part.name: part for part in asyncio.run(containers.part_statuses())}
    assert list(found) == parts()
    assert found["order"].usable
    assert found["order"].process
    assert found["order"].process.up_for == "2 minutes"
    assert found["payment"].missing == "starting"
    assert not found["grafana"].usable


def test_the_logs_of_one_part_are_docker_s(containers: Containers) -> None:
    command = containers.log_command("payment", lines=5, follow=True)
    assert command[:2] == ["docker", "compose"]
    assert command[-4:] == ["logs", "--tail=5", "--follow", "payment"]
    with pytest.raises(UserError, match="there is no part warehouse; the parts are"):
        containers.log_command("warehouse", lines=5, follow=False)


def test_tls_is_refused(containers: Containers) -> None:
    with pytest.raises(UserError, match="tls: needs native mode"):
        containers.up(tls=True)


def test_replicas_are_refused_before_anything_is_made(docker: StandIn, containers: Containers) -> None:
    with pytest.raises(UserError, match="replicas: need native mode"):
        containers.up(replicas=Replicas.parse("payment=2"))
    assert not containers.home.path.exists()
    assert docker.calls() == []


def test_one_part_is_stopped_and_started_again_without_the_others(docker: StandIn, containers: Containers) -> None:
    containers.up()
    containers.stop("payment")
    containers.start("payment")
    stopped, started = docker.calls()[-2:]
    assert stopped[stopped.index("stop") :] == ["stop", "payment"]
    assert started[started.index("up") :] == [
        *("up", "--detach", "--no-deps", "--wait", "--wait-timeout", "300", "payment")
    ]
